using MatchEngine.Faces;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Comparing;

/// <summary>A comparison; its images come with it.</summary>
public sealed record ComparisonRequest
{
    /// <summary>Which face of each image is meant.</summary>
    public FaceChoice Face { get; init; } = FaceChoice.Only;

    /// <summary>Why it is made.</summary>
    public SearchPurpose? Purpose { get; init; }

    /// <summary>The age in years of whoever of the images is youngest, as far as who sends them knows; null: nothing is said.</summary>
    public int? StatedAge { get; init; }

    /// <summary>A supervisor's approval, where one is needed.</summary>
    public string? ApprovalId { get; init; }
}
