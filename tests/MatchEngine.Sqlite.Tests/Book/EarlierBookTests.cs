using Dapper;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Tests.Contracts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Book;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Book;

/// <summary>Books as earlier versions left them, made by their own migrations.</summary>
public sealed class EarlierBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BookClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Searches_of_a_book_without_cases_open_theirs()
    {
        Make(11, """
            INSERT INTO organisation VALUES ('org', 'org', '2026-01-01T00:00:00.000Z'), ('other', 'other', '2026-01-01T00:00:00.000Z');
            INSERT INTO account (id, name, organisation, roles, created) VALUES
              ('ada', 'ada', 'org', 'agent', '2026-01-01T00:00:00.000Z'), ('eve', 'eve', 'other', 'agent', '2026-01-01T00:00:00.000Z');
            INSERT INTO search (id, account, organisation, searched, audit, recorded, expires, galleries, purpose) VALUES
              ('0-1', 'ada', 'org', '2026-01-03T00:00:00.000Z', 2, 1, '2033-01-03T00:00:00.000Z', '["g"]', '{"caseNumber":"C-1"}'),
              ('0-2', 'ada', 'org', '2026-01-02T00:00:00.000Z', 1, 1, '2033-01-02T00:00:00.000Z', '["g"]', '{"caseNumber":"C-1"}'),
              ('0-3', 'eve', 'other', '2026-01-02T00:00:00.000Z', 3, 1, '2033-01-02T00:00:00.000Z', '["g"]', '{"caseNumber":"C-1"}'),
              ('0-4', 'ada', 'org', '2026-01-02T00:00:00.000Z', 4, 1, '2033-01-02T00:00:00.000Z', '["g"]', '{"basis":"b"}'),
              ('0-5', 'ada', 'org', '2026-01-02T00:00:00.000Z', 5, 1, '2033-01-02T00:00:00.000Z', '["g"]', NULL),
              ('0-6', 'ada', 'org', '2026-01-02T00:00:00.000Z', 6, 0, NULL, '[]', NULL);
            """);

        using var book = SqliteServiceBook.Open(_folder.Sub("data"), _clock, new QuickPasswords());

        var opened = book.Cases.Find("org", "C-1")!;
        Assert.Equal(
            (2, new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), "ada", null),
            (opened.Searches, opened.Opened, opened.OpenedBy, opened.Closed));
        // Ids of such cases sort by time, among those of new ones.
        Assert.Equal((32, "019b7c01"), (opened.Id.Length, opened.Id[..8]));
        Assert.Equal(1, book.Cases.Find("other", "C-1")!.Searches);
        Assert.Equal(2, book.Cases.List(new("org"), 10).Count + book.Cases.List(new("other"), 10).Count);
        // Seven years on, those of a case are there, and the others are gone.
        _clock.Now = new DateTimeOffset(2034, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(2, book.Searches.Purge(_clock.Now).Count);
        Assert.Equal(
            ["0-2", "0-1"], book.Searches.List(new SearchFilter("org") { CaseNumber = "C-1" }, 10).Select(search => search.Id));
    }

    [Fact]
    public void Examinations_of_a_book_without_owners_examiners_stay_as_they_were()
    {
        Make(12, """
            INSERT INTO organisation VALUES ('org', 'org', '2026-01-01T00:00:00.000Z');
            INSERT INTO account (id, name, organisation, roles, created) VALUES
              ('ada', 'ada', 'org', 'agent', '2026-01-01T00:00:00.000Z'), ('eve', 'eve', 'org', 'examiner', '2026-01-01T00:00:00.000Z');
            INSERT INTO search (id, account, organisation, searched, audit, recorded, galleries) VALUES
              ('0-1', 'ada', 'org', '2026-01-03T00:00:00.000Z', 2, 1, '["g"]'),
              ('0-2', 'ada', 'org', '2026-01-03T00:00:00.000Z', 3, 1, '["g"]');
            INSERT INTO examination (id, search, requester, organisation, state, requested, expires, examiner, closed, probe_digest) VALUES
              ('x', '0-1', 'ada', 'org', 'finished', '2026-01-03T00:00:00.000Z', '2026-01-10T00:00:00.000Z', 'eve',
                '2026-01-04T00:00:00.000Z', 'd'),
              ('y', '0-2', 'ada', 'org', 'open', '2026-01-03T00:00:00.000Z', '2036-01-10T00:00:00.000Z', NULL, NULL, 'd');
            INSERT INTO examined_candidate (examination, rank, gallery, subject, encounter, score, kept, level) VALUES
              ('x', 1, 'g', 'S', 'e', 0.5, 1, 'support'), ('x', 2, 'g', 'T', 'f', 0.4, 0, NULL), ('y', 1, 'g', 'S', 'e', 0.5, NULL, NULL);
            """);

        using var book = SqliteServiceBook.Open(_folder.Sub("data"), _clock, new QuickPasswords());

        var found = book.Examinations.Find("x")!;
        Assert.Equal(("org", false, null), (found.Examiners, found.Second, found.FirstExaminer));
        Assert.Equal([true, false], book.Examinations.Candidates("x").Select(candidate => candidate.Kept!.Value));
        Assert.Equal([1], book.Examinations.Kept("0-1"));
        Assert.Equal(["y"], book.Examinations.Live("0-2").Select(live => live.Id));
        Assert.Null(book.Searches.Find("0-1")!.Held);
        Assert.True(book.Examinations.Take(BookChange.None, "y", "eve"));
        Assert.True(book.Examinations.Assess(BookChange.None, "y", "eve", 1, new Assessment(
            false, ExaminationLevel.SupportDifferent, new Dictionary<string, string>(), null)));
    }

    /// <summary>A book of an earlier version, with rows.</summary>
    private void Make(int version, string rows)
    {
        var file = ServiceDatabase.FileIn(_folder.Sub("data"));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        SqliteSchema.Migrate(connection, file, SqliteSchema.ReadMigrations("BookMigrations")[..version], ServiceDatabase.Kind);
        connection.Execute(rows);
    }
}
