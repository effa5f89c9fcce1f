using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Notifying;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Sharing;

/// <summary>A gallery that another organisation shares, or would share, with the actor's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The organisation that owns its records.</param>
/// <param name="Profile">The profile that searches of it follow.</param>
/// <param name="Approved">Whether all may use it; otherwise each search of it needs a supervisor.</param>
/// <param name="Permission">What the owner offers, and what the actor's organisation has said to it.</param>
public sealed record SharedGallery(string Name, string Owner, string Profile, bool Approved, GalleryPermission Permission);

/// <summary>
/// What others share with one's organisation: it takes effect when somebody there accepts it, and ends when somebody there says so. An
/// organisation answers for what its agents search.
/// </summary>
/// <param name="galleries">The galleries.</param>
/// <param name="notifications">Tells the owner.</param>
/// <param name="trail">Takes the events.</param>
public sealed class AnsweringOffers(OpenGalleries galleries, INotifications notifications, AuditTrail trail)
{
    /// <summary>What others share, or would share, with the actor's organisation, in the order of the galleries' names.</summary>
    public IReadOnlyList<SharedGallery> List(Actor actor)
    {
        actor.Require(Policies.AcceptSharing);
        var offers = new List<SharedGallery>();
        foreach (var name in galleries.Names())
        {
            try
            {
                if (Offer(actor, galleries.Get(name)) is { } offer)
                    offers.Add(offer);
            }
            catch (Exception e) when (e is GalleryNotFoundException or StoreException)
            {
                // Being made or deleted at this moment, or unreadable: it hides itself and no other.
            }
        }
        return offers;
    }

    /// <summary>Says whether the actor's organisation takes part; it can say otherwise later. The gallery's keepers are told.</summary>
    /// <param name="actor">Who answers for the organisation.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="accepted">Whether it takes part.</param>
    /// <exception cref="CodedException">The actor does not answer for the organisation.</exception>
    /// <exception cref="GalleryNotFoundException">There is no such gallery, or it is not offered.</exception>
    public SharedGallery Answer(Actor actor, string gallery, bool accepted)
    {
        actor.Require(Policies.AcceptSharing);
        var found = galleries.Get(gallery);
        var offer = Offer(actor, found) ?? throw GalleryAccess.NotThere(gallery);
        var answered = trail.ChangeGallery(
            actor,
            accepted ? "permission.accepted" : "permission.declined",
            new { galleries = new[] { gallery }, organisation = actor.Organisation },
            record => found.Answer(actor.Organisation, accepted, record()));
        if (answered)
            notifications.TellHolders(
                offer.Owner, [Role.GalleryOwner], NotificationKinds.SharingAnswered, actor, gallery: gallery);
        return Offer(actor, found) ?? throw GalleryAccess.NotThere(gallery);
    }

    private static SharedGallery? Offer(Actor actor, Gallery gallery)
    {
        var properties = gallery.Properties;
        return properties.Owner != actor.Organisation
            && gallery.Permissions.FirstOrDefault(permission => permission.Organisation == actor.Organisation) is { } permission
            ? new SharedGallery(gallery.Name, properties.Owner, properties.Profile, properties.Approved, permission)
            : null;
    }
}
