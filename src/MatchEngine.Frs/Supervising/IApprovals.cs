using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Supervising;

/// <summary>
/// The store of requests for approval. An approval of a search is used up where the search is recorded
/// (<see cref="Searching.ISearches.Add"/>), in one transaction with it.
/// </summary>
public interface IApprovals
{
    /// <summary>Adds a request that waits.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="requester">Who asks.</param>
    /// <param name="asked">What for.</param>
    Approval Add(BookChange change, Actor requester, AskedApproval asked);

    /// <summary>The request of an id; null when there is none.</summary>
    Approval? Find(string id);

    /// <summary>Requests, newest first, at most 1,000.</summary>
    /// <param name="organisation">Those of this organisation.</param>
    /// <param name="requester">Only those of this account; null for all.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    IReadOnlyList<Approval> List(string organisation, string? requester, ApprovalState? state);

    /// <summary>A supervisor's say, good for <see cref="Approval.Lifetime"/>; false when somebody has said already.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The request.</param>
    /// <param name="supervisor">The account that decides.</param>
    /// <param name="approved">Whether the search may be made.</param>
    /// <param name="decision">Why, or why not.</param>
    bool Decide(BookChange change, string id, string supervisor, bool approved, string decision);

    /// <summary>Uses up the approval of a comparison; false when it is used already, or was never given.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The request.</param>
    bool Use(BookChange change, string id);
}
