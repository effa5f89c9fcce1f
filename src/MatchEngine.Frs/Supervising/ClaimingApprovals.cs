using System.Collections.Concurrent;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Supervising;

/// <summary>
/// Sees that a use which needs a supervisor has one. An approval is good for one use: while that one is under way, no other is begun with
/// it. It is used up when the use is recorded: one that comes to nothing takes nothing away.
/// </summary>
/// <param name="approvals">The supervisors' say.</param>
/// <param name="clock">Gives the time.</param>
public sealed class ClaimingApprovals(IApprovals approvals, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, bool> _claimed = new(StringComparer.Ordinal);

    /// <summary>Claims an approval until the use has ended.</summary>
    /// <param name="actor">Who uses it: who asked for it.</param>
    /// <param name="id">The approval that the request names; null where it names none.</param>
    /// <param name="use">What it is used for.</param>
    /// <param name="galleries">The galleries that are used: all that it names, and no others.</param>
    /// <param name="purpose">What for: what it was asked for.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.ApprovalRequired"/>: there is none, or it is another one.</exception>
    public ClaimedApproval Claim(
        Actor actor, string? id, ApprovedUse use, IReadOnlyCollection<string> galleries, SearchPurpose? purpose)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (id is null)
            throw new CodedException(
                ErrorCodes.ApprovalRequired,
                "the service or one of the galleries is not approved for all: ask for approval and send the photo again with its id")
            {
                Rule = "PIA-054, Safeguards before use",
            };
        if (approvals.Find(id) is not { } approval || approval.Requester != actor.Account
            || approval.Purpose != (purpose ?? new SearchPurpose()))
            throw Refused("the approval is for another account or another purpose");
        if (approval.Use != use || !approval.Galleries.SequenceEqual(galleries.Order(StringComparer.Ordinal)))
            throw Refused(
                $"the approval is for a {approval.Use.ToString().ToLowerInvariant()}"
                    + (approval.Galleries.Count > 0
                        ? $" of {string.Join(", ", approval.Galleries)}: name these galleries and no others"
                        : " of two photos"));
        if (approval.State != ApprovalState.Approved || approval.Expires <= clock.GetUtcNow())
            throw Refused($"the approval cannot be used: it is {approval.State.ToString().ToLowerInvariant()}, or has expired");
        return _claimed.TryAdd(id, true)
            ? new ClaimedApproval(approval, () => _claimed.TryRemove(id, out _))
            : throw Refused($"the approval cannot be used: a {use.ToString().ToLowerInvariant()} is being made with it");
    }

    private static CodedException Refused(string why) => new(ErrorCodes.ApprovalRequired, why);
}

/// <summary>An approval that nobody else uses until this is disposed of.</summary>
public sealed class ClaimedApproval : IDisposable
{
    private readonly Action _leave;

    internal ClaimedApproval(Approval approval, Action leave) => (Approval, _leave) = (approval, leave);

    /// <summary>The approval.</summary>
    public Approval Approval { get; }

    /// <inheritdoc/>
    public void Dispose() => _leave();
}
