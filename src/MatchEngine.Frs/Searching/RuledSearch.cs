using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Frs.Searching;

/// <summary>A search whose galleries are chosen, with what their rules make of it.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Searched">The galleries.</param>
/// <param name="LeftOut">What there is to say of galleries that refuse.</param>
/// <param name="AllFaces">Whether each face of a photo is searched with.</param>
internal sealed record RuledSearch(
    SearchRequest Request, SearchPurpose? Purpose, IReadOnlyList<RuledGallery> Searched, IReadOnlyList<string> LeftOut, bool AllFaces)
{
    /// <summary>The galleries as they are searched.</summary>
    public required IReadOnlyList<GalleryScope> Scopes { get; init; }

    /// <summary>How.</summary>
    public required SearchOptions Options { get; init; }
}

/// <summary>A search whose event is written and which is to be recorded in the service's book.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Recorded">What is recorded.</param>
/// <param name="Candidates">Its candidates.</param>
internal sealed record MadeSearch(SearchAnswer Answer, RecordedSearch Recorded, IReadOnlyList<RecordedCandidate> Candidates);
