using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Sharing;

namespace MatchEngine.Frs.Vetting;

/// <summary>An organisation's list of approved services and galleries, which its vetting unit keeps.</summary>
/// <param name="uses">The lists.</param>
/// <param name="access">Which galleries are searched by whom.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingVetting(IVettedUses uses, GalleryAccess access, TimeProvider clock, AuditTrail trail)
{
    private const int MaxCase = 500;

    /// <summary>The list of the actor's organisation, newest first; what was withdrawn or has expired stays on it.</summary>
    public IReadOnlyList<VettedUse> List(Actor actor)
    {
        actor.Require(Policies.ReadVetting);
        return uses.List(actor.Organisation);
    }

    /// <summary>Whether one of the list is good now.</summary>
    public bool IsGood(VettedUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        return use.IsGood(clock.GetUtcNow());
    }

    /// <summary>Approves a gallery, or the service itself, for the organisation: for every case or for one.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the organisation may search.</exception>
    public VettedUse Approve(Actor actor, NewVettedUse use)
    {
        actor.Require(Policies.Vet);
        ArgumentNullException.ThrowIfNull(use);
        if (use.Until <= clock.GetUtcNow())
            throw new CodedException(ErrorCodes.BadValue, "until: that time is over");
        if (use.CaseNumber?.Length > MaxCase)
            throw new CodedException(ErrorCodes.BadValue, $"caseNumber has at most {MaxCase} characters");
        var identity = use.Gallery is { } name ? access.Searchable(actor, [name])[0].Gallery.Identity : null;
        var asked = use with
        {
            // As purposes are compared.
            CaseNumber = string.IsNullOrWhiteSpace(use.CaseNumber) ? null : use.CaseNumber.Trim(),
            Reason = Texts.Required(use.Reason, "reason"),
        };
        return trail.ChangeBook(
            actor,
            "vetting.approved",
            change => uses.Add(change, actor, asked, identity),
            added => new
            {
                vetting = added.Id,
                galleries = added.Gallery is { } gallery ? new[] { gallery } : [],
                added.CaseNumber,
                added.Until,
                added.Reason,
            });
    }

    /// <summary>Withdraws an approval.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is none, or it is withdrawn already.</exception>
    public VettedUse Withdraw(Actor actor, string id)
    {
        actor.Require(Policies.Vet);
        if (uses.Find(id) is not { } found || found.Organisation != actor.Organisation
            || !trail.ChangeBook(
                actor, "vetting.withdrawn", change => uses.Withdraw(change, id, actor.Account),
                withdrawn => withdrawn ? new { vetting = id, galleries = found.Gallery is { } gallery ? new[] { gallery } : [] } : null))
            throw new CodedException(ErrorCodes.NotFound, "there is no such approval, or it is withdrawn already");
        return uses.Find(id)!;
    }
}
