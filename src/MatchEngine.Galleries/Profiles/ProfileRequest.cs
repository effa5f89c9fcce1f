using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Profiles;

/// <summary>What is asked of a service, as far as a profile has to do with it.</summary>
public sealed record ProfileRequest
{
    /// <summary>What is asked for.</summary>
    public ProfileUse Use { get; init; } = ProfileUse.Search;

    /// <summary>The list length asked for, or null.</summary>
    public int? ListLength { get; init; }

    /// <summary>The score floor asked for, or null.</summary>
    public float? ScoreFloor { get; init; }

    /// <summary>How many strangers are to be expected above a floor that is chosen for the probe; null where none is.</summary>
    public double? FloorStrangers { get; init; }

    /// <summary>Why it is asked, or null.</summary>
    public SearchPurpose? Purpose { get; init; }

    /// <summary>The version of the terms that the user has accepted and need not renew, or null.</summary>
    public string? AcceptedTerms { get; init; }

    /// <summary>Whether the user has a certificate of what the profile wants learnt.</summary>
    public bool IsTrained { get; init; }

    /// <summary>The age of the person in the image in years, by the operator's word; null where nothing is said.</summary>
    public int? StatedAge { get; init; }

    /// <summary>Whether every gallery that is asked for is approved for use by all; see <see cref="GalleryProperties.Approved"/>.</summary>
    public bool GalleriesApproved { get; init; } = true;

    /// <summary>Whether a supervisor has approved of this very request.</summary>
    public bool ApprovedBySupervisor { get; init; }
}

/// <summary>What can be asked of a service.</summary>
public enum ProfileUse
{
    /// <summary>A search of galleries, 1:N.</summary>
    Search,

    /// <summary>A comparison of two photos, 1:1.</summary>
    Comparison,

    /// <summary>A comparison of a photo with a named subject of a gallery.</summary>
    SubjectComparison,

    /// <summary>A second request: what the record of a candidate holds.</summary>
    Details,
}
