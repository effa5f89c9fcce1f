using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Sharing;

/// <summary>A gallery as an actor sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">The organisation that owns its records.</param>
/// <param name="Model">The model it is bound to.</param>
/// <param name="Profile">The profile that searches of it follow.</param>
/// <param name="Approved">Whether all may use it.</param>
/// <param name="MaySearch">Whether the actor's organisation may search it.</param>
/// <param name="Retention">When encounters expire; null: never.</param>
/// <param name="Subjects">How many subjects it holds.</param>
/// <param name="Encounters">How many encounters of them.</param>
/// <param name="Templates">How many templates: what a probe is compared with.</param>
/// <param name="Created">When it was created (UTC).</param>
public sealed record GalleryOverview(
    string Name,
    string Owner,
    string Model,
    string Profile,
    bool Approved,
    bool MaySearch,
    RetentionRule? Retention,
    long Subjects,
    long Encounters,
    long Templates,
    DateTimeOffset Created)
{
    /// <summary>Whether the actor keeps it: enrols and sees records.</summary>
    public bool Keeps { get; init; }

    /// <summary>Whether the actor may enrol: as its keeper, or as a partner's.</summary>
    public bool Enrols { get; init; }

    /// <summary>Whether the actor looks after data of another organisation than the owner's there.</summary>
    public bool Provides { get; init; }

    /// <summary>Whether the actor may change what it is and who may search it.</summary>
    public bool Manages { get; init; }

    /// <summary>Whether each use by the actor's organisation needs a supervisor, whatever the case: by its own list of approved galleries,
    /// where it keeps one, else because the gallery is not approved for all.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>The fields of the purpose that a search of it must have.</summary>
    public IReadOnlyList<PurposeField> Purpose { get; init; } = [];

    /// <summary>The code of what keeps the gallery from being read (<see cref="ErrorCodes.Of(StoreFault)"/>); null when it can. Of one that
    /// cannot, nothing but the name is known: texts are empty and numbers zero.</summary>
    public string? Problem { get; init; }

    internal static GalleryOverview Unreadable(string name, StoreFault fault) => new(
        name, "", "", "", Approved: false, MaySearch: false, null, 0, 0, 0, DateTimeOffset.UnixEpoch) { Problem = ErrorCodes.Of(fault) };

    internal static GalleryOverview Of(Actor actor, Gallery gallery)
    {
        var (summary, properties) = (gallery.Summarize(), gallery.Properties);
        var keeps = actor.Is(Role.GalleryOwner) && properties.Owner == actor.Organisation;
        return new GalleryOverview(
            summary.Name,
            properties.Owner,
            summary.Model.Id,
            properties.Profile,
            properties.Approved,
            gallery.PermissionOf(actor.Organisation).MaySearch,
            properties.Retention,
            summary.Subjects,
            summary.Encounters,
            summary.Templates,
            summary.Created)
        {
            Keeps = keeps,
            Manages = keeps || actor.Administers(properties.Owner),
        };
    }
}
