using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Redress;

/// <summary>The store of persons' requests.</summary>
public interface IRedressRequests
{
    /// <summary>Adds a request that waits.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="request">The request; its id, state and times are the store's to give, but for when it is due.</param>
    RedressRequest Add(BookChange change, RedressRequest request);

    /// <summary>The request of an id; null when there is none.</summary>
    RedressRequest? Find(string id);

    /// <summary>Requests to an owner, newest first, at most 1,000.</summary>
    /// <param name="owner">The organisation.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    IReadOnlyList<RedressRequest> List(string owner, RedressState? state);

    /// <summary>Decides a request; false when somebody has decided already.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The request.</param>
    /// <param name="account">Who decides.</param>
    /// <param name="granted">Whether what is asked for is done.</param>
    /// <param name="decision">Why, or why not.</param>
    bool Decide(BookChange change, string id, string account, bool granted, string decision);

    /// <summary>Answers a request that is decided; false when it is not, or is answered.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The request.</param>
    /// <param name="account">Who answers.</param>
    /// <param name="answer">What the person is told.</param>
    /// <param name="told">Of how many searches the searchers are told.</param>
    bool Answer(BookChange change, string id, string account, string answer, int told);
}
