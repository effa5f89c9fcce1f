using System.Globalization;
using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries;

namespace MatchEngine.Sqlite.Book;

/// <summary>Who has completed which course.</summary>
internal sealed class SqliteTrainingCertificates(ServiceDatabase database) : ITrainingCertificates
{
    private const string Columns = "account AS Account, course AS Course, completed AS Completed, by AS By, recorded AS Recorded";
    private const string Day = "yyyy-MM-dd";

    public IReadOnlyList<TrainingCertificate> List(string? account) => database.Read(connection => connection
        .Query<Row>(
            $"SELECT {Columns} FROM training_certificate WHERE @account IS NULL OR account = @account ORDER BY account, course",
            new { account })
        .Select(row => row.ToCertificate()).ToList());

    public TrainingCertificate? Find(string account, string course) => database.Read(connection => connection.QuerySingleOrDefault<Row>(
        $"SELECT {Columns} FROM training_certificate WHERE account = @account AND course = @course",
        new { account, course })?.ToCertificate());

    public TrainingCertificate Record(BookChange change, string account, string course, DateOnly completed, string by)
    {
        database.Execute(
            """
            INSERT INTO training_certificate (account, course, completed, by, recorded) VALUES (@account, @course, @day, @by, @now)
            ON CONFLICT DO UPDATE SET completed = excluded.completed, by = excluded.by, recorded = excluded.recorded
            """,
            new { account, course, day = completed.ToString(Day, CultureInfo.InvariantCulture), by, now = database.Now() });
        return Find(account, course)!;
    }

    public bool Withdraw(BookChange change, string account, string course) => database.Execute(
        "DELETE FROM training_certificate WHERE account = @account AND course = @course", new { account, course }) == 1;

    private sealed class Row
    {
        public string Account { get; init; } = "";
        public string Course { get; init; } = "";
        public string Completed { get; init; } = "";
        public string By { get; init; } = "";
        public string Recorded { get; init; } = "";

        public TrainingCertificate ToCertificate() => new(
            Account, Course, DateOnly.ParseExact(Completed, Day, CultureInfo.InvariantCulture), By, StoredTime.Read(Recorded));
    }
}
