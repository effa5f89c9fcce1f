using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Details;

/// <summary>The store of second requests.</summary>
public interface IDetailsRequests
{
    /// <summary>Adds a request that waits.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="search">The search.</param>
    /// <param name="requester">The account that asks.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="owner">The organisation that decides.</param>
    /// <param name="reason">Why more is needed.</param>
    DetailsRequest Add(BookChange change, string search, string requester, string gallery, string subject, string owner, string reason);

    /// <summary>The request of an id; null when there is none.</summary>
    DetailsRequest? Find(string id);

    /// <summary>Requests of an account, and those to an owner; newest first, at most 1,000.</summary>
    /// <param name="requester">The account.</param>
    /// <param name="owner">The organisation; null for none.</param>
    IReadOnlyList<DetailsRequest> List(string requester, string? owner);

    /// <summary>The owner's say; false when somebody has said already.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The request.</param>
    /// <param name="account">The account that decides.</param>
    /// <param name="granted">Whether the details may be read.</param>
    /// <param name="decision">Why, or why not.</param>
    bool Decide(BookChange change, string id, string account, bool granted, string decision);
}
