using Dapper;
using MatchEngine.Faces.Images;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Book;

/// <summary>The searches that were made.</summary>
internal sealed class SqliteSearches(ServiceDatabase database) : ISearches
{
    private const string Columns = """
        id AS Id, account AS Account, organisation AS Organisation, searched AS Searched, audit AS Audit, expires AS Expires,
        galleries AS Galleries, filter AS Filter, purpose AS Purpose, list_length AS ListLength, floor AS Floor,
        floor_gave_way AS FloorGaveWay,
        probe_quality AS ProbeQuality, probe_faces AS ProbeFaces, probe_encounter AS ProbeEncounter, model AS Model, path AS Path,
        gallery_size AS GallerySize, profile AS Profile, disclaimer_version AS DisclaimerVersion, approval AS Approval,
        exigent AS Exigent, review_due AS ReviewDue, reviewed_by AS ReviewedBy, reviewed AS Reviewed, finding AS Finding,
        note AS Note,
        probe_digest AS ProbeDigest, probe_box AS ProbeBox, held AS Held, preparation AS Preparation,
        floors AS Floors
        """;

    // A search of a case is kept as long as the case is; any other as long as its event.
    private const string IsKept = "(case_file IS NOT NULL OR expires IS NULL OR expires > @now)";

    public bool Add(RecordedSearch search, IReadOnlyList<RecordedCandidate> candidates) => database.Write((connection, transaction) =>
    {
        // It was good when the search began: what ran out meanwhile is not taken back.
        if (search.Approval is not null && connection.Execute(
            "UPDATE approval SET state = 'used', search = @Id WHERE id = @Approval AND requester = @Account "
                + "AND use = 'search' AND state = 'approved'",
            new { search.Id, search.Approval, search.Account }, transaction) == 0)
            return false;
        connection.Execute(
            "INSERT INTO search (id, account, organisation, searched, audit, approval, exigent, review_due, probe_digest, probe_box, held) "
                + "VALUES (@Id, @Account, @Organisation, @searched, @Audit, @Approval, @Exigent, @due, @ProbeDigest, @box, @held)",
            new
            {
                search.Id,
                search.Account,
                search.Organisation,
                searched = StoredTime.Write(search.Searched),
                search.Audit,
                search.Approval,
                search.Exigent,
                due = search.ReviewDue is { } due ? StoredTime.Write(due) : null,
                search.ProbeDigest,
                box = StoredBox.Write(search.ProbeBox),
                held = search.Held is { } held ? StoredJson.Write(held) : null,
            },
            transaction);
        Fill(search, candidates, isNew: true, connection, transaction);
        return true;
    });

    public RecordedSearch? Find(string id) => database.Read(connection => connection.QuerySingleOrDefault<Row>(
        $"SELECT {Columns} FROM search WHERE id = @id AND recorded = 1 AND {IsKept}",
        new { id, now = database.Now() })?.ToSearch());

    public IReadOnlyList<RecordedCandidate> Candidates(string id) => database.Read(connection => connection.Query<CandidateRow>(
        "SELECT rank AS Rank, gallery AS Gallery, subject AS Subject, encounter AS Encounter, score AS Score FROM search_candidate "
            + "WHERE search = @id ORDER BY rank",
        new { id }).Select(row => new RecordedCandidate(row.Rank, row.Gallery, row.Subject, row.Encounter, (float)row.Score)).ToList());

    public IReadOnlyList<RecordedSearch> Listing(string gallery, string subject) => database.Read(connection => connection.Query<Row>(
        $"""
        SELECT {Columns} FROM search
        WHERE id IN (SELECT search FROM search_candidate WHERE gallery = @gallery AND subject = @subject)
          AND recorded = 1 AND {IsKept}
        ORDER BY id
        """,
        new { gallery, subject, now = database.Now() }).Select(row => row.ToSearch()).ToList());

    public IReadOnlyList<RecordedSearch> List(SearchFilter filter, int count) => database.Read(connection => connection.Query<Row>(
        $"""
        SELECT {Columns} FROM search
        WHERE organisation = @Organisation AND (@Account IS NULL OR account = @Account) AND (NOT @Unreviewed OR reviewed IS NULL)
          AND (NOT @Exigent OR exigent IS NOT NULL) AND (@Before IS NULL OR id < @Before) AND {IsKept}
          AND (@CaseNumber IS NULL OR json_extract(purpose, '$.caseNumber') = @CaseNumber)
          AND (@since IS NULL OR searched >= @since) AND (@until IS NULL OR searched < @until)
        ORDER BY id DESC LIMIT @count
        """,
        new
        {
            filter.Organisation,
            filter.Account,
            filter.Unreviewed,
            filter.Exigent,
            filter.Before,
            filter.CaseNumber,
            since = filter.Since is { } since ? StoredTime.Write(since) : null,
            until = filter.Until is { } until ? StoredTime.Write(until) : null,
            count,
            now = database.Now(),
        }).Select(row => row.ToSearch()).ToList());

    public bool Review(BookChange change, string id, string supervisor, ReviewFinding finding, string? note) => database.Execute(
        "UPDATE search SET reviewed_by = @supervisor, reviewed = @now, finding = @finding, note = @note WHERE id = @id",
        new { id, supervisor, now = database.Now(), finding = finding switch
        {
            ReviewFinding.Proper => "proper",
            ReviewFinding.Improper => "improper",
            _ => "follow-up",
        }, note }) == 1;

    public StrippedSearch? Strip(BookChange change, string id, IReadOnlyList<string> galleries) =>
        database.Write((connection, transaction) => connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM search s JOIN case_file c ON c.id = s.case_file WHERE s.id = @id AND c.held IS NOT NULL)",
            new { id }, transaction)
            ? null
            : SearchRows.Strip(id, galleries, connection, transaction));

    public PurgedSearches Purge(DateTimeOffset upTo) => database.Write((connection, transaction) =>
    {
        const string Over = "SELECT id FROM search WHERE expires <= @limit AND case_file IS NULL";
        var limit = new { limit = StoredTime.Write(upTo) };
        var count = connection.ExecuteScalar<long>($"SELECT count(*) FROM ({Over})", limit, transaction);
        return new PurgedSearches(count, SearchRows.Remove(Over, limit, connection, transaction));
    });

    /// <summary>
    /// Fills searches that were recorded before there was this table, from the audit's events. One whose event is gone stays unreadable, as
    /// it was, until its time is over.
    /// </summary>
    /// <param name="find">Finds the event of a number.</param>
    /// <returns>How many searches were filled.</returns>
    public int FillFrom(Func<long, AuditEvent?> find)
    {
        const int Batch = 500;
        var (filled, after) = (0, "");
        while (true)
        {
            var rows = database.Read(connection => connection.Query<Row>(
                $"SELECT {Columns} FROM search WHERE recorded = 0 AND id > @after ORDER BY id LIMIT {Batch}", new { after }).ToList());
            if (rows.Count == 0)
                return filled;
            after = rows[^1].Id;
            var found = rows.Select(row => (Row: row, Event: find(row.Audit))).ToList();
            filled += database.Write((connection, transaction) => found.Count(pair => Fill(pair.Row, pair.Event, connection, transaction)));
        }
    }

    private static bool Fill(Row row, AuditEvent? written, SqliteConnection connection, SqliteTransaction transaction)
    {
        var said = written is { Kind: AuditKinds.Search } ? StoredJson.Read<SearchAudit>(written.Payload) : null;
        if (said is null || said.SearchId.ToString() != row.Id)
        {
            connection.Execute(
                "UPDATE search SET expires = @expires WHERE id = @Id AND expires IS NULL",
                new { row.Id, expires = StoredTime.Write(StoredTime.Read(row.Searched).AddYears(AuditEntry.StandardYears)) }, transaction);
            return false;
        }
        Fill(
            row.ToSearch() with
            {
                Expires = written!.Expires,
                Galleries = said.Galleries,
                Purpose = said.Purpose,
                ListLength = said.ListLength,
                Floor = said.Floor,
                Floors = said.Floors,
                Filter = said.Filter,
                FloorGaveWay = said.FloorGaveWay,
                ProbeQuality = said.ProbeQuality,
                ProbeFaces = said.ProbeFaces,
                ProbeEncounter = said.ProbeEncounterId,
                Model = said.Model,
                Path = said.Path,
                GallerySize = said.GallerySize,
                Profile = said.Profile,
                DisclaimerVersion = said.DisclaimerVersion,
                Preparation = said.Preparation,
            },
            [.. said.Candidates.Select(candidate => new RecordedCandidate(
                candidate.Rank, candidate.Gallery, candidate.SubjectId, candidate.EncounterId, candidate.Score))],
            isNew: false, connection, transaction);
        return true;
    }

    private static void Fill(
        RecordedSearch search, IReadOnlyList<RecordedCandidate> candidates, bool isNew, SqliteConnection connection,
        SqliteTransaction transaction)
    {
        connection.Execute(
            """
            UPDATE search SET recorded = 1, expires = @expires, galleries = @galleries, filter = @filter, purpose = @purpose,
              list_length = @ListLength,
              floor = @floor, floor_gave_way = @FloorGaveWay, probe_quality = @ProbeQuality, probe_faces = @ProbeFaces,
              probe_encounter = @ProbeEncounter, model = @Model, path = @Path, gallery_size = @GallerySize, profile = @Profile,
              disclaimer_version = @DisclaimerVersion, preparation = @preparation, floors = @floors
            WHERE id = @Id
            """,
            new
            {
                search.Id,
                expires = search.Expires is { } end ? StoredTime.Write(end) : null,
                galleries = StoredJson.Write(search.Galleries),
                filter = search.Filter is { } filter ? StoredJson.Write(filter) : null,
                purpose = search.Purpose is { } purpose ? StoredJson.Write(purpose) : null,
                search.ListLength,
                floor = search.Floor is { } floor ? Rounded(floor) : (double?)null,
                search.FloorGaveWay,
                search.ProbeQuality,
                search.ProbeFaces,
                search.ProbeEncounter,
                search.Model,
                search.Path,
                search.GallerySize,
                search.Profile,
                search.DisclaimerVersion,
                floors = search.Floors is { } floors ? StoredJson.Write(floors) : null,
                preparation = search.Preparation is { } preparation ? StoredJson.Write(preparation) : null,
            },
            transaction);
        if (search.Purpose?.CaseNumber is { } number)
            SqliteCases.Open(search, number, isNew, connection, transaction);
        connection.Execute(
            "INSERT INTO search_candidate (search, rank, gallery, subject, encounter, score) "
                + "VALUES (@Id, @Rank, @Gallery, @Subject, @Encounter, @score)",
            candidates.Select(candidate => new
            {
                search.Id,
                candidate.Rank,
                candidate.Gallery,
                candidate.Subject,
                candidate.Encounter,
                score = Rounded(candidate.Score),
            }),
            transaction);
    }

    // As the audit writes it.
    private static double Rounded(float score) => (double)Math.Round((decimal)score, 4);

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Account { get; init; } = "";
        public string Organisation { get; init; } = "";
        public string Searched { get; init; } = "";
        public long Audit { get; init; }
        public string? Expires { get; init; }
        public string Galleries { get; init; } = "[]";
        public string? Filter { get; init; }
        public string? Purpose { get; init; }
        public int ListLength { get; init; }
        public double? Floor { get; init; }
        public bool FloorGaveWay { get; init; }
        public double? ProbeQuality { get; init; }
        public int? ProbeFaces { get; init; }
        public string? ProbeEncounter { get; init; }
        public string Model { get; init; } = "";
        public string Path { get; init; } = "";
        public long GallerySize { get; init; }
        public string? Profile { get; init; }
        public string DisclaimerVersion { get; init; } = "";
        public string? Approval { get; init; }
        public string? Exigent { get; init; }
        public string? ReviewDue { get; init; }
        public string? ReviewedBy { get; init; }
        public string? Reviewed { get; init; }
        public string? Finding { get; init; }
        public string? Note { get; init; }
        public string? ProbeDigest { get; init; }
        public string? ProbeBox { get; init; }
        public string? Held { get; init; }
        public string? Preparation { get; init; }
        public string? Floors { get; init; }

        public RecordedSearch ToSearch() => new(
            Id, Account, Organisation, StoredTime.Read(Searched), Audit, ServiceDatabase.ParseOptionalTime(Expires))
        {
            Galleries = StoredJson.Read<List<string>>(Galleries),
            Filter = Filter is null ? null : StoredJson.Read<List<string>>(Filter),
            Purpose = Purpose is null ? null : StoredJson.Read<SearchPurpose>(Purpose),
            ListLength = ListLength,
            Floor = (float?)Floor,
            Floors = Floors is null ? null : StoredJson.Read<List<GalleryFloor>>(Floors),
            FloorGaveWay = FloorGaveWay,
            ProbeQuality = ProbeQuality,
            ProbeFaces = ProbeFaces,
            ProbeEncounter = ProbeEncounter,
            Model = Model,
            Path = Path,
            GallerySize = GallerySize,
            Profile = Profile,
            DisclaimerVersion = DisclaimerVersion,
            Approval = Approval,
            Exigent = Exigent,
            ReviewDue = ServiceDatabase.ParseOptionalTime(ReviewDue),
            Review = ReviewedBy is null ? null : new Review(ReviewedBy, StoredTime.Read(Reviewed!), Finding switch
            {
                "proper" => ReviewFinding.Proper,
                "improper" => ReviewFinding.Improper,
                _ => ReviewFinding.FollowUp,
            }, Note),
            ProbeDigest = ProbeDigest,
            ProbeBox = StoredBox.Read(ProbeBox),
            Held = Held is null ? null : StoredJson.Read<List<string>>(Held),
            Preparation = Preparation is null ? null : StoredJson.Read<ImagePreparation>(Preparation),
        };
    }

    private sealed class CandidateRow
    {
        public int Rank { get; init; }
        public string Gallery { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Encounter { get; init; } = "";
        public double Score { get; init; }
    }
}
