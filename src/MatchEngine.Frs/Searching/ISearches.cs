using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Supervising;

namespace MatchEngine.Frs.Searching;

/// <summary>The store of searches that were made: what is read of them later is read here. The audit is evidence, not a database.</summary>
public interface ISearches
{
    /// <summary>
    /// Records a search with its candidates, and uses up the approval it names, in one transaction that is on the disk when this returns.
    /// </summary>
    /// <param name="search">The search; <see cref="RecordedSearch.Review"/> is null.</param>
    /// <param name="candidates">Its candidates in rank order.</param>
    /// <returns>False when its approval is not there to be used (any more): nothing is recorded then.</returns>
    bool Add(RecordedSearch search, IReadOnlyList<RecordedCandidate> candidates);

    /// <summary>The search of an id; null when there is none, or its time is over.</summary>
    RecordedSearch? Find(string id);

    /// <summary>The candidates of a search in rank order.</summary>
    IReadOnlyList<RecordedCandidate> Candidates(string id);

    /// <summary>An organisation's searches, newest first.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="account">Only this account's; null for all.</param>
    /// <param name="unreviewed">Only those that nobody has looked at.</param>
    /// <param name="exigent">Only those that could not wait.</param>
    /// <param name="before">Begins behind this search, or null.</param>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<RecordedSearch> List(string organisation, string? account, bool unreviewed, bool exigent, string? before, int count);

    /// <summary>Records what a supervisor thinks of a search, in place of what was recorded before; false when there is no such
    /// search.</summary>
    bool Review(BookChange change, string id, string supervisor, ReviewFinding finding, string? note);

    /// <summary>Removes the searches whose time was over then, with their candidates and examinations; called as the audit is
    /// purged.</summary>
    /// <param name="upTo">Then.</param>
    /// <returns>How many searches went.</returns>
    long Purge(DateTimeOffset upTo);
}
