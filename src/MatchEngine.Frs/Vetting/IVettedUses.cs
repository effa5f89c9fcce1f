using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Vetting;

/// <summary>The store of what organisations approve for their people. Nothing is taken out of it: who approved what, when, stays.</summary>
public interface IVettedUses
{
    /// <summary>Adds one.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="by">Who approves, and for which organisation.</param>
    /// <param name="use">What; the reason is there.</param>
    /// <param name="identity">The identity of the gallery; null for the service itself.</param>
    VettedUse Add(BookChange change, Actor by, NewVettedUse use, string? identity);

    /// <summary>The one of an id; null when there is none.</summary>
    VettedUse? Find(string id);

    /// <summary>Those of an organisation, newest first, the withdrawn and expired ones included.</summary>
    IReadOnlyList<VettedUse> List(string organisation);

    /// <summary>Withdraws one; false when there is none or it is withdrawn already.</summary>
    bool Withdraw(BookChange change, string id, string by);
}
