using MatchEngine.Galleries;

namespace MatchEngine.Frs.Vetting;

/// <summary>
/// Which services and galleries organisations approve for their people (PIA-054, Safeguards before use): what is not on an organisation's
/// list needs a supervisor. An organisation that has never approved anything keeps no list, and what the service approves for all counts.
/// </summary>
/// <param name="uses">The lists.</param>
/// <param name="clock">Gives the time.</param>
public sealed class VettingLists(IVettedUses uses, TimeProvider clock)
{
    /// <summary>Whether an organisation approves of a use; null where it keeps no list.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="gallery">The gallery; null for the service itself, which compares two photos.</param>
    /// <param name="caseNumber">The case; null for none.</param>
    public bool? Approves(string organisation, Gallery? gallery, string? caseNumber)
    {
        var list = uses.List(organisation);
        if (list.Count == 0)
            return null;
        var now = clock.GetUtcNow();
        // A later gallery of the same name is another one, that nobody has looked at.
        var identity = gallery?.Identity;
        return list.Any(use => use.IsGood(now) && use.Identity == identity && (use.CaseNumber is null || use.CaseNumber == caseNumber));
    }
}
