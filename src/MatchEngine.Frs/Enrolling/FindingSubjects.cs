using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Filters;
using MatchEngine.Galleries.Listing;

namespace MatchEngine.Frs.Enrolling;

/// <summary>Subjects that were asked for.</summary>
/// <param name="Page">A page of them.</param>
/// <param name="Count">How many there are on all pages; null where that was not asked.</param>
public sealed record FoundSubjects(SubjectList Page, long? Count);

/// <summary>
/// Looks the records of a gallery through, for its owner's keepers, and of them those that another organisation enrolled for that one's.
/// Who asks by biographics stands in the audit, with the keys and never a value.
/// </summary>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="trail">Takes the events.</param>
public sealed class FindingSubjects(GalleryAccess access, AuditTrail trail)
{
    /// <summary>The subjects that are asked for.</summary>
    /// <param name="actor">A keeper of the gallery.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="query">Who, in what order, from where; whose data they are is not the actor's to say.</param>
    /// <param name="conditions">What their biographics meet (<see cref="FilterCondition"/>); empty: anything.</param>
    /// <param name="counted">Whether all pages are to be counted.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public FoundSubjects Find(
        Actor actor, string gallery, SubjectQuery query, IReadOnlyList<string> conditions, bool counted,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (kept, provider) = access.RequireRecords(actor, gallery);
        var asked = query with { Provider = provider, Count = PageSize.Of(query.Count) };
        if (asked.Problem() is { } problem)
            throw new CodedException(ErrorCodes.BadValue, problem);
        var filter = Parse(conditions);
        // Once for who pages through it.
        if (filter is not null && asked is { After: null, Before: null })
            trail.Note(actor, "subjects.sought", new { galleries = new[] { gallery }, keys = filter.Keys });
        return new FoundSubjects(
            kept.ListSubjects(asked, filter, cancellationToken), counted ? kept.CountSubjects(asked, filter, cancellationToken) : null);
    }

    /// <summary>How good the faces of a gallery are, for its owner's keepers; it looks at every encounter.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public GalleryQuality Quality(Actor actor, string gallery) => access.RequireKept(actor, gallery).SummarizeQuality();

    private static BiographicFilter? Parse(IReadOnlyList<string> conditions)
    {
        try
        {
            return BiographicFilter.Parse(conditions);
        }
        catch (FormatException e)
        {
            throw new CodedException(ErrorCodes.BadValue, e.Message);
        }
    }
}
