using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Sharing;

/// <summary>
/// What organisations have enrolled in another one's gallery is their own data: they say who else finds it there (PIA-054, OBIM
/// IDENT/HART). Where nothing is said, nobody does.
/// </summary>
/// <param name="access">Who has data where.</param>
/// <param name="organisations">The organisations.</param>
/// <param name="trail">Takes the events.</param>
public sealed class SharingProvidedData(GalleryAccess access, IOrganisations organisations, AuditTrail trail)
{
    /// <summary>The organisations with which the actor's shares its data in a gallery of another one's.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery where it has or may have data.</exception>
    public IReadOnlyList<string> List(Actor actor, string gallery) =>
        access.RequireProvided(actor, gallery).ProvidedSharing(actor.Organisation);

    /// <summary>Shares it with an organisation, which finds it by what it may search of the gallery, or ends that.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such organisation, or nothing to end.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery where the actor's organisation has or may have
    /// data.</exception>
    public void Share(Actor actor, string gallery, string organisation, bool shared)
    {
        var found = access.RequireProvided(actor, gallery);
        if (shared && organisations.Find(organisation) is null)
            throw new CodedException(ErrorCodes.NotFound, $"there is no organisation '{organisation}'");
        var written = trail.ChangeGallery(
            actor,
            shared ? "provided-data.shared" : "provided-data.unshared",
            new { galleries = new[] { gallery }, provider = actor.Organisation, organisation },
            record => found.ShareProvided(actor.Organisation, organisation, shared, record()));
        if (!written && !shared)
            throw new CodedException(ErrorCodes.NotFound, $"nothing of it is shared with '{organisation}'");
    }
}
