using MatchEngine.Faces.Models;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Sharing;

/// <summary>A gallery to create.</summary>
/// <param name="Name">1 to 64 letters, digits, '-', '_' and '.'.</param>
/// <param name="Owner">The organisation that owns the records; null for one's own.</param>
/// <param name="Model">The embedder's card; null for the service's.</param>
/// <param name="Profile">The profile that searches of it follow; null: as the service's profile says.</param>
/// <param name="Approved">Whether all may use it; null: approved when an administrator of the service creates it.</param>
/// <param name="Retention">When encounters expire; null: never.</param>
public sealed record NewGallery(string Name, string? Owner, string? Model, string? Profile, bool? Approved, RetentionPeriod? Retention);

/// <summary>A change of a gallery; what is null stays.</summary>
/// <param name="Owner">The new owner.</param>
/// <param name="Profile">The new profile.</param>
/// <param name="Approved">Whether all may use it.</param>
/// <param name="Retention">When encounters expire.</param>
/// <param name="KeepForever">True to end the retention rule.</param>
public sealed record ChangedGallery(string? Owner, string? Profile, bool? Approved, RetentionPeriod? Retention, bool KeepForever);

/// <summary>When encounters are to expire, as it was asked for.</summary>
/// <param name="Days">After how many days.</param>
/// <param name="Basis">From when the days are counted.</param>
public sealed record RetentionPeriod(int Days, RetentionBasis Basis);

/// <summary>Galleries: what they are, whose, and who may search them.</summary>
/// <param name="galleries">The galleries.</param>
/// <param name="access">Who may know of which.</param>
/// <param name="organisations">The organisations.</param>
/// <param name="rules">The profiles.</param>
/// <param name="models">The embedders' cards.</param>
/// <param name="options">The service's own model.</param>
/// <param name="notifications">Tells organisations of what is shared with them.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingGalleries(
    OpenGalleries galleries, GalleryAccess access, IOrganisations organisations, ServiceRules rules, IExtractorSource models,
    FrsOptions options, INotifications notifications, AuditTrail trail)
{
    /// <summary>
    /// The galleries that one's organisation keeps or may search; for an administrator or an auditor of the whole service, all. One that
    /// cannot be read is listed with its problem for these, since nobody can say whose it is, and hides no other.
    /// </summary>
    public IReadOnlyList<GalleryOverview> List(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        var seesAll = actor.Is(Role.ServiceAdministrator) || actor.Is(Role.ServiceAuditor);
        var listed = new List<GalleryOverview>();
        foreach (var name in galleries.Names())
        {
            try
            {
                if (galleries.Get(name) is var gallery && GalleryAccess.IsVisible(actor, gallery))
                    listed.Add(Overview(actor, gallery));
            }
            catch (GalleryNotFoundException)
            {
                // Never finished, or deleted at this moment.
            }
            catch (StoreException e)
            {
                if (seesAll)
                    listed.Add(GalleryOverview.Unreadable(name, e.Fault));
            }
        }
        return listed;
    }

    /// <summary>A gallery.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none that the actor may know of.</exception>
    public GalleryOverview Find(Actor actor, string gallery)
    {
        actor.Require(Policies.SignedIn);
        return Overview(actor, access.RequireVisible(actor, gallery));
    }

    /// <summary>The name of a gallery that the actor keeps.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none of this name that the actor keeps.</exception>
    public string RequireKept(Actor actor, string gallery) => access.RequireKept(actor, gallery).Name;

    /// <summary>The name of a gallery in which the actor may enrol.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none of this name where the actor may.</exception>
    public string RequireEnrolled(Actor actor, string gallery) => access.RequireEnrolled(actor, gallery).Gallery.Name;

    /// <summary>Creates a gallery; for gallery owners and administrators.</summary>
    /// <exception cref="CodedException">A value cannot be used, or only an administrator may do it.</exception>
    /// <exception cref="Galleries.Errors.GalleryExistsException">There is one of this name.</exception>
    public GalleryOverview Create(Actor actor, NewGallery created)
    {
        actor.Require(Policies.CreateGallery);
        var owner = created.Owner ?? actor.Organisation;
        if (!GalleryName.IsValid(created.Name))
            throw new CodedException(
                ErrorCodes.BadValue,
                $"a gallery's name has 1 to {GalleryName.MaxLength} letters, digits, '-', '_' and '.', and begins with a letter or digit");
        RequireOwner(actor, owner);
        RequireApprover(actor, created.Approved);
        var properties = new GalleryProperties
        {
            Owner = owner,
            Profile = rules.Require(created.Profile ?? GalleryProperties.DefaultProfile),
            Approved = created.Approved ?? actor.Is(Role.ServiceAdministrator),
            Retention = Rule(created.Retention),
        };
        var card = Card(created.Model);
        var gallery = trail.ChangeGallery(
            actor,
            AuditKinds.GalleryCreated,
            new { galleries = new[] { created.Name }, owner, properties.Profile, properties.Approved, model = card.Id },
            record => galleries.Create(created.Name, card, properties, record()));
        return Overview(actor, gallery);
    }

    private EmbedderCard Card(string? model)
    {
        try
        {
            return models.Card(model ?? options.Model);
        }
        catch (ModelException) when (model is not null)
        {
            // What is wrong with a card names files of the server.
            throw new CodedException(ErrorCodes.BadValue, $"model: this service has no embedder '{model}'");
        }
    }

    /// <summary>
    /// Changes owner, profile, approval or retention; for its owner's keepers and for administrators. With a new owner the permissions of
    /// the former one end; those who had them, and the new owner's keepers, are told.
    /// </summary>
    /// <exception cref="CodedException">A value cannot be used, or only an administrator may do it.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none that the actor manages.</exception>
    public GalleryOverview Change(Actor actor, string gallery, ChangedGallery change)
    {
        var found = access.RequireManaged(actor, gallery);
        var before = found.Properties;
        if (change.Owner is { } owner && owner != before.Owner)
            RequireOwner(actor, owner);
        RequireApprover(actor, change.Approved == before.Approved ? null : change.Approved);
        var after = before with
        {
            Owner = change.Owner ?? before.Owner,
            Profile = change.Profile is { } profile ? rules.Require(profile) : before.Profile,
            Approved = change.Approved ?? before.Approved,
            Retention = change.KeepForever ? null : change.Retention is { } retention ? Rule(retention) : before.Retention,
        };
        // What the former owner permitted, the new one has not.
        var ended = after.Owner == before.Owner ? [] : found.Permissions;
        var changed = trail.ChangeGallery(
            actor,
            AuditKinds.GalleryChanged,
            new
            {
                galleries = new[] { gallery }, after.Owner, after.Profile, after.Approved, retentionDays = after.Retention?.Days,
                permissionsEnded = ended.Select(permission => permission.Organisation),
            },
            record =>
            {
                found.SetProperties(after, record());
                return Overview(actor, found);
            });
        foreach (var permission in ended)
            Tell(actor, permission.Organisation, NotificationKinds.SharingEnded, gallery);
        if (after.Owner != before.Owner)
            notifications.TellHolders(after.Owner, [Role.GalleryOwner], NotificationKinds.GalleryReceived, actor, gallery: gallery);
        return changed;
    }

    /// <summary>Deletes a gallery with everything in it; for its owner's keepers and for administrators.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none that the actor manages.</exception>
    public void Delete(Actor actor, string gallery)
    {
        var found = access.RequireManaged(actor, gallery);
        trail.ChangeGallery(actor, AuditKinds.GalleryDeleted, new { galleries = new[] { gallery }, found.Identity }, record =>
        {
            galleries.Delete(gallery, record());
            return true;
        });
    }

    /// <summary>What other organisations may do with a gallery; for its owner's keepers and for administrators.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none that the actor manages.</exception>
    public IReadOnlyList<GalleryPermission> Permissions(Actor actor, string gallery) => access.RequireManaged(actor, gallery).Permissions;

    /// <summary>
    /// Offers an organisation to search, and says which biographics it would see. It is told, and takes part when it accepts
    /// (<see cref="AnsweringOffers"/>); what it has accepted before it goes on with.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such organisation.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none that the actor manages.</exception>
    public GalleryPermission Grant(Actor actor, string gallery, GalleryPermission permission)
    {
        var found = access.RequireManaged(actor, gallery);
        if (permission.MayEnrol && rules.ProfileOf(found.Properties) is { Rules.PartnersEnrol.Value: false } refusing)
            throw new CodedException(ErrorCodes.NotOffered, $"{refusing.Name} lets the owner alone enrol")
            {
                Rule = $"{refusing.Name}: partnersEnrol ({refusing.Rules.PartnersEnrol.Source})",
            };
        if (organisations.Find(permission.Organisation) is null)
            throw new CodedException(ErrorCodes.NotFound, $"there is no organisation '{permission.Organisation}'");
        var granted = trail.ChangeGallery(
            actor,
            "permission.granted",
            new
            {
                galleries = new[] { gallery },
                organisation = permission.Organisation,
                permission.MaySearch,
                permission.MayEnrol,
                fields = permission.Fields.Keys,
            },
            record =>
            {
                found.Grant(permission, record());
                return found.Permissions.FirstOrDefault(given => given.Organisation == permission.Organisation) ?? permission;
            });
        if (granted.State != SharingState.Accepted)
            Tell(actor, permission.Organisation, NotificationKinds.SharingOffered, gallery);
        return granted;
    }

    /// <summary>Takes an organisation's permission away, and tells it.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: it has none.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is none that the actor manages.</exception>
    public void Revoke(Actor actor, string gallery, string organisation)
    {
        var found = access.RequireManaged(actor, gallery);
        if (!trail.ChangeGallery(
            actor, "permission.revoked", new { galleries = new[] { gallery }, organisation },
            record => found.Revoke(organisation, record())))
            throw new CodedException(ErrorCodes.NotFound, $"organisation '{organisation}' has no permission on the gallery");
        Tell(actor, organisation, NotificationKinds.SharingEnded, gallery);
    }

    private GalleryOverview Overview(Actor actor, Gallery gallery) => GalleryOverview.Of(actor, gallery) with
    {
        NeedsApproval = !rules.IsApproved(actor, gallery, null),
        Enrols = actor.May(Policies.KeepGallery) && access.Enrols(actor, gallery),
        Provides = actor.May(Policies.KeepGallery) && access.Provides(actor, gallery),
        Purpose = rules.Knows(gallery.Properties) ? rules.ProfileOf(gallery.Properties).Rules.Purpose.Value : [],
    };

    private void Tell(Actor actor, string organisation, string kind, string gallery) =>
        notifications.TellHolders(organisation, Policies.Roles[Policies.AcceptSharing], kind, actor, gallery: gallery);

    private void RequireOwner(Actor actor, string owner)
    {
        if (owner != actor.Organisation && !actor.Is(Role.ServiceAdministrator))
            throw new CodedException(ErrorCodes.Forbidden, "only an administrator of the service gives galleries to other organisations");
        if (organisations.Find(owner) is null)
            throw new CodedException(ErrorCodes.NotFound, $"there is no organisation '{owner}'");
    }

    /// <summary>Approving a service is nobody's own business (PIA-054, Safeguards before use); withdrawing it from use is.</summary>
    private static void RequireApprover(Actor actor, bool? approved)
    {
        if (approved == true && !actor.Is(Role.ServiceAdministrator))
            throw new CodedException(ErrorCodes.Forbidden, "only an administrator of the service approves a gallery for use by all");
    }

    private static RetentionRule? Rule(RetentionPeriod? retention) => retention is null
        ? null
        : retention.Days is >= 1 and <= RetentionRule.MaxDays
            ? new RetentionRule(retention.Days, retention.Basis)
            : throw new CodedException(ErrorCodes.BadValue, $"retention.days lies within 1 … {RetentionRule.MaxDays}");
}
