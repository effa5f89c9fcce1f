using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Searching;

/// <summary>A gallery that is searched, what its owner permits, and what its profile makes of the search.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Permission">What the searcher's organisation may do with it.</param>
/// <param name="Ruling">What its profile says.</param>
public sealed record RuledGallery(Gallery Gallery, GalleryPermission Permission, GalleryRuling Ruling);

/// <summary>
/// Which galleries a search goes to, each by its own rules. A gallery that is named and refuses ends the search, and the message names it.
/// Of a search that names none, those that refuse are left out and told: what one gallery demands is no reason to search no other.
/// </summary>
/// <param name="access">Which galleries are searched by whom.</param>
/// <param name="rules">The profiles.</param>
/// <param name="examining">Which galleries' lists go to examiners.</param>
/// <param name="options">The service's own model.</param>
public sealed class RuledGalleries(GalleryAccess access, ServiceRules rules, ExaminingLists examining, FrsOptions options)
{
    /// <summary>The galleries of a search, and what there is to say of those that were left out.</summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="request">The search.</param>
    /// <param name="purpose">What for.</param>
    /// <exception cref="CodedException">A named gallery refuses; or all do, and this is why the first one does.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">A gallery that is named may not be searched.</exception>
    public (IReadOnlyList<RuledGallery> Searched, IReadOnlyList<string> LeftOut) Choose(
        Actor actor, SearchRequest request, SearchPurpose? purpose)
    {
        ArgumentNullException.ThrowIfNull(request);
        ServiceRules.Require(request);
        var isNamed = request.Galleries is { Count: > 0 };
        var searched = new List<RuledGallery>();
        var leftOut = new List<string>();
        CodedException? first = null;
        foreach (var (gallery, permission) in access.Searchable(actor, request.Galleries))
        {
            try
            {
                if (request.Examine)
                    examining.RequireOffered(gallery.Properties);
                var ruling = rules.Apply(actor, request, purpose, gallery);
                // What a held gallery says of how many meet a condition would tell who is in it, before anybody examined the list.
                RequireShown(request, ruling.IsHeld ? BiographicFields.None : permission.Fields.And(ruling.Biographics));
                searched.Add(new RuledGallery(gallery, permission, ruling));
            }
            catch (CodedException refusal)
            {
                var named = new CodedException(
                    refusal.Code, $"gallery '{gallery.Name}': {refusal.Message}", refusal) { Rule = refusal.Rule, Fields = refusal.Fields };
                if (isNamed)
                    throw named;
                first ??= named;
                leftOut.Add($"{named.Message}; it was not searched (a search that names it says what it needs)");
            }
        }
        if (searched.Count == 0)
            throw first ?? new CodedException(ErrorCodes.NotFound, "there is no gallery that this account's organisation may search");
        RequireHome(actor, request, purpose, searched);
        return isNamed ? (searched, leftOut) : OfOneModel(actor, request, searched, leftOut);
    }

    // Who is on a list and who is not would tell what the list itself may not.
    private static void RequireShown(SearchRequest request, BiographicFields shown)
    {
        if (shown.FirstHidden(request.Filter?.Keys ?? []) is { } hidden)
            throw new CodedException(
                ErrorCodes.FilterRefused, $"it does not show you '{hidden}', so it cannot be searched by it: leave the condition out");
    }

    // A gallery whose encounter is the probe is used like one that is searched.
    private void RequireHome(Actor actor, SearchRequest request, SearchPurpose? purpose, List<RuledGallery> searched)
    {
        if (request is not { EncounterId: not null, EncounterGallery: { } home }
            || searched.Exists(gallery => gallery.Gallery.Name == home))
            return;
        var (found, _) = access.Searchable(actor, [home])[0];
        GalleryRuling ruling;
        try
        {
            ruling = rules.Apply(actor, request, purpose, found);
        }
        catch (CodedException refusal)
        {
            throw new CodedException(refusal.Code, $"gallery '{home}': {refusal.Message}", refusal)
            {
                Rule = refusal.Rule,
                Fields = refusal.Fields,
            };
        }
        if (ruling.NeedsApproval)
            throw new CodedException(
                ErrorCodes.ApprovalRequired,
                $"gallery '{home}': its encounters are probes of searches that were approved for it: name it among the galleries too");
    }

    // Templates of two models are not compared, so that one list is one model's: the encounter's, or else the service's own.
    private (IReadOnlyList<RuledGallery> Searched, IReadOnlyList<string> LeftOut) OfOneModel(
        Actor actor, SearchRequest request, List<RuledGallery> searched, List<string> leftOut)
    {
        var model = request is { EncounterId: not null, EncounterGallery: { } home }
            ? access.Searchable(actor, [home])[0].Gallery.Model
            : (searched.Find(gallery => gallery.Gallery.Model.Id == options.Model) ?? searched[0]).Gallery.Model;
        var others = searched.Where(gallery => gallery.Gallery.Model.Digest != model.Digest).ToList();
        if (others.Count == searched.Count)
            throw new CodedException(ErrorCodes.ModelMismatch, $"no gallery that may be searched has templates of model '{model.Id}'");
        leftOut.AddRange(others.Select(gallery =>
            $"gallery '{gallery.Gallery.Name}': its templates are those of model '{gallery.Gallery.Model.Id}', and this list is one of "
                + $"'{model.Id}'; it was not searched"));
        return ([.. searched.Except(others)], leftOut);
    }
}
