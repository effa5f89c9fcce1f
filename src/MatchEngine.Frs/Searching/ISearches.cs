using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Supervising;

namespace MatchEngine.Frs.Searching;

/// <summary>The store of searches that were made: what is read of them later is read here. The audit is evidence, not a database.</summary>
public interface ISearches
{
    /// <summary>
    /// Records a search with its candidates in the case of its number, which it opens when there is none, and uses up the approval it
    /// names, in one transaction that is on the disk when this returns.
    /// </summary>
    /// <param name="search">The search; <see cref="RecordedSearch.Review"/> is null.</param>
    /// <param name="candidates">Its candidates in rank order.</param>
    /// <returns>False when its approval is not there to be used (any more): nothing is recorded then.</returns>
    /// <exception cref="Errors.CodedException"><see cref="Errors.ErrorCodes.Conflict"/>: its case was closed meanwhile.</exception>
    bool Add(RecordedSearch search, IReadOnlyList<RecordedCandidate> candidates);

    /// <summary>The search of an id; null when there is none, or its time is over.</summary>
    RecordedSearch? Find(string id);

    /// <summary>The candidates of a search in rank order.</summary>
    IReadOnlyList<RecordedCandidate> Candidates(string id);

    /// <summary>The searches of every organisation whose lists held a subject, held back or not, in the order of their ids.</summary>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The subject.</param>
    IReadOnlyList<RecordedSearch> Listing(string gallery, string subject);

    /// <summary>An organisation's searches, newest first.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<RecordedSearch> List(SearchFilter filter, int count);

    /// <summary>Records what a supervisor thinks of a search, in place of what was recorded before; false when there is no such
    /// search.</summary>
    bool Review(BookChange change, string id, string supervisor, ReviewFinding finding, string? note);

    /// <summary>
    /// Deletes what was kept of a search that should not have been made: its candidates of some galleries, all of its examinations, second
    /// requests about those galleries, and what a photo is known by as its probe. That it was made stays. A legal hold stops it.
    /// </summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The search.</param>
    /// <param name="galleries">The galleries, at least one.</param>
    /// <returns>What went; null when its case is on legal hold.</returns>
    StrippedSearch? Strip(BookChange change, string id, IReadOnlyList<string> galleries);

    /// <summary>
    /// Removes the searches of no case whose time was over then, with their candidates and examinations; called as the audit is purged.
    /// Those of a case go with it (<see cref="Cases.ICases.Delete"/>).
    /// </summary>
    /// <param name="upTo">Then.</param>
    PurgedSearches Purge(DateTimeOffset upTo);
}

/// <summary>What a purge removed.</summary>
/// <param name="Count">How many searches.</param>
/// <param name="Examinations">Their examinations; what is kept of their probes is to be deleted.</param>
public sealed record PurgedSearches(long Count, IReadOnlyList<string> Examinations);

/// <summary>What went of a search.</summary>
/// <param name="Candidates">How many candidates.</param>
/// <param name="Examinations">Its examinations; what is kept of their probes is to be deleted.</param>
public sealed record StrippedSearch(int Candidates, IReadOnlyList<string> Examinations);
