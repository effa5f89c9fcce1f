using Dapper;
using MatchEngine.Galleries;

namespace MatchEngine.Service;

/// <summary>A link of a subject to another of its gallery.</summary>
internal sealed record SubjectLink(string Subject, string Note, string Account, DateTimeOffset Entered);

/// <summary>
/// Links between subjects, entered by the gallery's owner by hand (PIA-054, Fusion centres). No search makes one. They go with either subject: a reader is never shown a link to somebody who
/// was removed, and who is enrolled again under the same id begins without.
/// </summary>
internal sealed class SubjectLinks(ServiceDatabase database)
{
    /// <summary>Enters a link, in place of one that is there.</summary>
    public void Enter(string gallery, string subject, string other, string note, string account)
    {
        var (first, second) = Ordered(subject, other);
        database.Execute(
            """
            INSERT INTO subject_link (gallery, subject, other, note, account, entered) VALUES (@gallery, @first, @second, @note, @account, @now)
            ON CONFLICT (gallery, subject, other) DO UPDATE SET note = excluded.note, account = excluded.account, entered = excluded.entered
            """,
            new { gallery, first, second, note, account, now = database.Now() });
    }

    /// <summary>A subject's links, in the ordinal order of the others.</summary>
    public IReadOnlyList<SubjectLink> Of(string gallery, string subject) => database.Read(connection => connection.Query<(string, string, string, string)>(
        """
        SELECT other, note, account, entered FROM subject_link WHERE gallery = @gallery AND subject = @subject
        UNION ALL SELECT subject, note, account, entered FROM subject_link WHERE gallery = @gallery AND other = @subject
        ORDER BY 1
        """,
        new { gallery, subject }).Select(row => new SubjectLink(row.Item1, row.Item2, row.Item3, StoredTime.Read(row.Item4))).ToList());

    /// <summary>Takes a link out; false when there is none.</summary>
    public bool Remove(string gallery, string subject, string other)
    {
        var (first, second) = Ordered(subject, other);
        return database.Execute("DELETE FROM subject_link WHERE gallery = @gallery AND subject = @first AND other = @second", new { gallery, first, second }) == 1;
    }

    /// <summary>Takes out what names subjects that are no more; to be called after they were removed.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="isThere">Whether a subject is enrolled.</param>
    public void RemoveStale(string gallery, Func<string, bool> isThere)
    {
        var named = database.Read(connection => connection.Query<string>(
            "SELECT subject FROM subject_link WHERE gallery = @gallery UNION SELECT other FROM subject_link WHERE gallery = @gallery", new { gallery }).ToList());
        foreach (var subject in named.Where(subject => !isThere(subject)))
            database.Execute("DELETE FROM subject_link WHERE gallery = @gallery AND (subject = @subject OR other = @subject)", new { gallery, subject });
    }

    private static (string First, string Second) Ordered(string subject, string other) => string.CompareOrdinal(subject, other) < 0 ? (subject, other) : (other, subject);
}
