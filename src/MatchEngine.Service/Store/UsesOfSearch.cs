using Dapper;
using MatchEngine.Galleries.Stores;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Store;

/// <summary>What a supervisor thinks of a search that was made.</summary>
public enum ReviewFinding
{
    /// <summary>It was made as it should be.</summary>
    Proper,

    /// <summary>It should not have been made, or not in this way.</summary>
    Improper,

    /// <summary>It has to be talked about.</summary>
    FollowUp,
}

/// <summary>
/// A search as supervision sees it: whose it was, and whether somebody looked at it. What was searched stands in the audit.
/// </summary>
internal sealed record UseOfSearch(
    string Search,
    string Account,
    string Organisation,
    DateTimeOffset Searched,
    long Audit,
    string? Approval,
    string? Exigent,
    string? ReviewedBy,
    DateTimeOffset? Reviewed,
    ReviewFinding? Finding,
    string? Note,
    string? ProbeDigest,
    string? ProbeBox);

/// <summary>The searches that were made.</summary>
internal sealed class UsesOfSearch(ServiceDatabase database)
{
    private const string Columns = """
        search AS Search, account AS Account, organisation AS Organisation, searched AS Searched, audit AS Audit, approval AS Approval,
        exigent AS Exigent, reviewed_by AS ReviewedBy, reviewed AS Reviewed, finding AS Finding, note AS Note,
        probe_digest AS ProbeDigest, probe_box AS ProbeBox
        """;

    /// <summary>Notes a search that was made.</summary>
    /// <param name="search">Its id.</param>
    /// <param name="caller">Who made it.</param>
    /// <param name="audit">The number of its event.</param>
    /// <param name="approval">The approval it was made with, or null.</param>
    /// <param name="exigent">Why it did not wait for one, or null.</param>
    /// <param name="probeDigest">The keyed digest of the probe, as in the receipt; null for an enrolled encounter.</param>
    /// <param name="probeBox">Where the probe's face is, as JSON; null for an enrolled encounter.</param>
    public void Add(Guid search, Caller caller, long audit, string? approval, string? exigent, string? probeDigest, string? probeBox) =>
        database.Execute(
            """
            INSERT INTO use_of_search (search, account, organisation, searched, audit, approval, exigent, probe_digest, probe_box)
            VALUES (@search, @Account, @Organisation, @now, @audit, @approval, @exigent, @probeDigest, @probeBox)
            """,
            new
            {
                search = search.ToString(),
                caller.Account,
                caller.Organisation,
                now = database.Now(),
                audit,
                approval,
                exigent,
                probeDigest,
                probeBox,
            });

    public UseOfSearch? Find(string search) => database.Read(connection =>
        connection.QuerySingleOrDefault<Row>($"SELECT {Columns} FROM use_of_search WHERE search = @search", new { search })?.ToUse());

    /// <summary>An organisation's searches, newest first.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="account">Only this account's; null for all.</param>
    /// <param name="unreviewed">Only those that nobody has looked at.</param>
    /// <param name="exigent">Only those made without approval in haste.</param>
    /// <param name="before">Begins behind this search, or null.</param>
    /// <param name="count">The largest number returned.</param>
    public IReadOnlyList<UseOfSearch> List(
        string organisation, string? account, bool unreviewed, bool exigent, string? before, int count) =>
        database.Read(connection => connection.Query<Row>(
        $"""
        SELECT {Columns} FROM use_of_search
        WHERE organisation = @organisation AND (@account IS NULL OR account = @account) AND (NOT @unreviewed OR reviewed IS NULL)
          AND (NOT @exigent OR exigent IS NOT NULL) AND (@before IS NULL OR search < @before)
        ORDER BY search DESC LIMIT @count
        """,
        new { organisation, account, unreviewed, exigent, before, count }).Select(row => row.ToUse()).ToList());

    public bool Review(string search, string supervisor, ReviewFinding finding, string? note) => database.Execute(
        "UPDATE use_of_search SET reviewed_by = @supervisor, reviewed = @now, finding = @finding, note = @note WHERE search = @search",
        new { search, supervisor, now = database.Now(), finding = finding switch
        {
            ReviewFinding.Proper => "proper",
            ReviewFinding.Improper => "improper",
            _ => "follow-up",
        }, note }) == 1;

    private sealed class Row
    {
        public string Search { get; init; } = "";
        public string Account { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string Searched { get; init; } = "";
        public long Audit { get; init; }
        public string? Approval { get; init; }
        public string? Exigent { get; init; }
        public string? ReviewedBy { get; init; }
        public string? Reviewed { get; init; }
        public string? Finding { get; init; }
        public string? Note { get; init; }
        public string? ProbeDigest { get; init; }
        public string? ProbeBox { get; init; }

        public UseOfSearch ToUse() => new(
            Search,
            Account,
            Organisation,
            StoredTime.Read(Searched),
            Audit,
            Approval,
            Exigent,
            ReviewedBy,
            ServiceDatabase.ParseOptionalTime(Reviewed),
            Finding switch
            {
                null => null,
                "proper" => ReviewFinding.Proper,
                "improper" => ReviewFinding.Improper,
                _ => ReviewFinding.FollowUp,
            },
            Note,
            ProbeDigest,
            ProbeBox);
    }
}
