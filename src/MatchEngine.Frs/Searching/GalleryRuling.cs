using MatchEngine.Galleries;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Frs.Searching;

/// <summary>What a gallery's profile makes of a search of it. It holds for this gallery, whatever else is searched with it.</summary>
/// <param name="Rule">What the list may show of it.</param>
/// <param name="NeedsApproval">Whether a supervisor has to approve.</param>
/// <param name="Biographics">Which biographics are returned at most.</param>
/// <param name="EncounterFields">Which of the encounters' metadata are returned at most.</param>
/// <param name="SourceUrl">Whether the source of a photo is returned.</param>
/// <param name="AllFaces">Whether each face of a probe with several is searched.</param>
/// <param name="AuditYears">For how many years the event is kept.</param>
/// <param name="Notices">What was changed in the request, and where that is written.</param>
public sealed record GalleryRuling(
    ListRule Rule,
    bool NeedsApproval,
    BiographicFields Biographics,
    BiographicFields EncounterFields,
    bool SourceUrl,
    bool AllFaces,
    int AuditYears,
    IReadOnlyList<string> Notices)
{
    /// <summary>What a reader of the list is told.</summary>
    public required Disclaimer Disclaimer { get; init; }

    /// <summary>Whether those whose data it is say who finds it.</summary>
    public bool HasDataProviders { get; init; }

    /// <summary>How the candidates' scores are told.</summary>
    public required ScoresRule Scores { get; init; }

    /// <summary>Within how many hours a search that could not wait is to be reviewed; null where no review is demanded.</summary>
    public int? ExigentReviewHours { get; init; }

    /// <summary>Whether its candidates go to examiners though nobody asked for it.</summary>
    public bool IsAlwaysExamined { get; init; }

    /// <summary>Whether its candidates are told only after the examination.</summary>
    public bool IsHeld { get; init; }
}
