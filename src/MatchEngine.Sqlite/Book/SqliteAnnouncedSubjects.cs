using Dapper;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Enrolling;

namespace MatchEngine.Sqlite.Book;

/// <summary>The names that were announced.</summary>
internal sealed class SqliteAnnouncedSubjects(ServiceDatabase database) : IAnnouncedSubjects
{
    public IReadOnlyList<string> List(string gallery, string identity) => database.Read(connection => connection.Query<string>(
        "SELECT subject FROM announced_subject WHERE gallery = @gallery AND identity = @identity ORDER BY subject",
        new { gallery, identity }).ToList());

    public int Count(string gallery, string identity) => database.Read(connection => connection.ExecuteScalar<int>(
        "SELECT COUNT(*) FROM announced_subject WHERE gallery = @gallery AND identity = @identity", new { gallery, identity }));

    public bool Contains(string gallery, string identity, string subject) => database.Read(connection => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM announced_subject WHERE gallery = @gallery AND identity = @identity AND subject = @subject)",
        new { gallery, identity, subject }));

    public bool Announce(BookChange change, string gallery, string identity, string subject) => database.Execute(
        "INSERT INTO announced_subject (gallery, identity, subject) VALUES (@gallery, @identity, @subject) ON CONFLICT DO NOTHING",
        new { gallery, identity, subject }) == 1;

    public bool Withdraw(BookChange change, string gallery, string identity, string subject) => database.Execute(
        "DELETE FROM announced_subject WHERE gallery = @gallery AND identity = @identity AND subject = @subject",
        new { gallery, identity, subject }) == 1;

    public int KeepOnly(IReadOnlyCollection<string> galleries) => database.Execute(
        "DELETE FROM announced_subject WHERE gallery NOT IN (SELECT value FROM json_each(@names))",
        new { names = StoredJson.Write(galleries) });
}
