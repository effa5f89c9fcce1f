using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Sharing;

/// <summary>
/// Which galleries an organisation may search, and which it keeps. A gallery that somebody may not use is not there for him.
/// </summary>
/// <param name="galleries">The galleries.</param>
/// <param name="rules">The profiles.</param>
public sealed class GalleryAccess(OpenGalleries galleries, ServiceRules rules)
{
    /// <summary>The gallery, for its owner's keepers.</summary>
    /// <exception cref="GalleryNotFoundException">There is none, or it is another organisation's.</exception>
    /// <exception cref="Errors.CodedException">The actor keeps no galleries.</exception>
    public Gallery RequireKept(Actor actor, string name)
    {
        actor.Require(Policies.KeepGallery);
        var gallery = galleries.Get(name);
        return gallery.Properties.Owner == actor.Organisation ? gallery : throw NotThere(name);
    }

    /// <summary>
    /// The gallery, for those who may enrol: its owner's keepers, and those of an organisation that the owner lets enrol, where the profile
    /// knows that. The organisation whose data it will be, if not the owner's, comes with it.
    /// </summary>
    /// <exception cref="GalleryNotFoundException">There is none, or the actor may not enrol there.</exception>
    /// <exception cref="Errors.CodedException">The actor keeps no galleries.</exception>
    public (Gallery Gallery, string? Provider) RequireEnrolled(Actor actor, string name)
    {
        actor.Require(Policies.KeepGallery);
        var gallery = galleries.Get(name);
        return !Enrols(actor, gallery) ? throw NotThere(name)
            : (gallery, gallery.Properties.Owner == actor.Organisation ? null : actor.Organisation);
    }

    /// <summary>The same of those who look after what is enrolled: a partner's keepers after their own data, also when they may enrol no
    /// more.</summary>
    /// <exception cref="GalleryNotFoundException">There is none, or the actor has nothing there.</exception>
    /// <exception cref="Errors.CodedException">The actor keeps no galleries.</exception>
    public (Gallery Gallery, string? Provider) RequireRecords(Actor actor, string name)
    {
        actor.Require(Policies.KeepGallery);
        var gallery = galleries.Get(name);
        return gallery.Properties.Owner == actor.Organisation ? (gallery, null) : (RequireProvided(actor, name), actor.Organisation);
    }

    /// <summary>The gallery of another organisation, for the keepers of one that has or may have data there.</summary>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    /// <exception cref="Errors.CodedException">The actor keeps no galleries.</exception>
    public Gallery RequireProvided(Actor actor, string name)
    {
        actor.Require(Policies.KeepGallery);
        var gallery = galleries.Get(name);
        return Provides(actor, gallery) ? gallery : throw NotThere(name);
    }

    /// <summary>Whether the actor's organisation may enrol: the owner, or one whom the owner lets.</summary>
    public bool Enrols(Actor actor, Gallery gallery) =>
        gallery.Properties.Owner == actor.Organisation || IsPartner(actor, gallery);

    /// <summary>Whether the actor's organisation, which is not the owner, may have data of its own there.</summary>
    public bool Provides(Actor actor, Gallery gallery) => gallery.Properties.Owner != actor.Organisation
        && (IsPartner(actor, gallery) || gallery.Provides(actor.Organisation));

    private bool IsPartner(Actor actor, Gallery gallery) =>
        rules.Knows(gallery.Properties) && rules.ProfileOf(gallery.Properties).Rules.PartnersEnrol.Value
        && gallery.PermissionOf(actor.Organisation).MayEnrol;

    /// <summary>Whether the actor's organisation finds a subject: not one of a provider's who does not share it.</summary>
    public bool Finds(Actor actor, Gallery gallery, string subject) =>
        !rules.ProfileOf(gallery.Properties).Rules.DataProviders.Value || !gallery.IsHidden(subject, actor.Organisation);

    /// <summary>The gallery for those who may know of it.</summary>
    /// <exception cref="GalleryNotFoundException">There is none, or the actor may not know of it.</exception>
    public Gallery RequireVisible(Actor actor, string name)
    {
        var gallery = galleries.Get(name);
        return IsVisible(actor, gallery) ? gallery : throw NotThere(name);
    }

    /// <summary>The gallery for its owner's keepers and for administrators, who see what it is and never what is in it.</summary>
    /// <exception cref="GalleryNotFoundException">There is none, or it is another organisation's.</exception>
    /// <exception cref="Errors.CodedException">The actor is neither.</exception>
    public Gallery RequireManaged(Actor actor, string name)
    {
        actor.Require(Policies.CreateGallery);
        var gallery = galleries.Get(name);
        return actor.Is(Role.ServiceAdministrator) || gallery.Properties.Owner == actor.Organisation ? gallery : throw NotThere(name);
    }

    /// <summary>Whether the actor may know of the gallery.</summary>
    public static bool IsVisible(Actor actor, Gallery gallery) =>
        actor.Administers(gallery.Properties.Owner) || actor.Is(Role.ServiceAuditor)
            || gallery.PermissionOf(actor.Organisation) is { MaySearch: true } or { MayEnrol: true };

    /// <summary>What the actor's organisation may do with the gallery; null when it may not search it.</summary>
    /// <exception cref="GalleryNotFoundException">There is none.</exception>
    public GalleryPermission? Permission(Actor actor, string name) =>
        galleries.Get(name).PermissionOf(actor.Organisation) is { MaySearch: true } permission ? permission : null;

    /// <summary>The galleries that the actor's organisation may search: those named, or all.</summary>
    /// <exception cref="GalleryNotFoundException">One of those named is not there or may not be searched.</exception>
    /// <exception cref="Errors.CodedException">One of those named follows a profile that this service does not have.</exception>
    public IReadOnlyList<(Gallery Gallery, GalleryPermission Permission)> Searchable(Actor actor, IReadOnlyList<string>? names)
    {
        var found = new List<(Gallery, GalleryPermission)>();
        if (names is { Count: > 0 })
        {
            foreach (var name in names.Distinct(StringComparer.Ordinal))
            {
                found.Add((galleries.Get(name), Permission(actor, name) ?? throw NotThere(name)));
                rules.Require(found[^1].Item1.Properties.Profile);
            }
            return found;
        }
        foreach (var name in galleries.Names())
        {
            try
            {
                if (Permission(actor, name) is { } permission && galleries.Get(name) is var gallery && rules.Knows(gallery.Properties))
                    found.Add((gallery, permission));
            }
            catch (Exception e) when (e is GalleryNotFoundException
                or StoreException { Fault: StoreFault.Damaged or StoreFault.NewerSchema or StoreFault.Unreachable or StoreFault.ReadOnly })
            {
                // Being made or deleted at this moment, or unreadable: it hides itself and no other.
            }
        }
        return found;
    }

    /// <summary>The profiles that the actor meets: the service's own, and those of the galleries that may be searched.</summary>
    public IEnumerable<Profile> ProfilesInUse(Actor actor) =>
        Searchable(actor, null).Select(found => found.Gallery.Properties)
            .OrderBy(gallery => gallery.Profile, StringComparer.Ordinal)
            .Select(rules.ProfileOf)
            // Two photos are compared by the service's own rules, whether or not a gallery follows them.
            .Prepend(rules.Own)
            .DistinctBy(profile => profile.Name);

    internal static GalleryNotFoundException NotThere(string name) =>
        new(name, $"there is no gallery '{name}' that this account may use");
}
