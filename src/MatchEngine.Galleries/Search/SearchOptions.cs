using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;
using MatchEngine.Galleries.Filters;

namespace MatchEngine.Galleries.Search;

/// <summary>How galleries are searched, with the rule of those that have none of their own (<see cref="GalleryScope.Rule"/>).</summary>
public sealed record SearchOptions : ListRule
{
    /// <summary>
    /// The least overall quality of a face of the probe, 0 … 100; null takes any. A poorer one is refused with its components; where all
    /// faces are meant it is listed and left out, as long as there is another one.
    /// </summary>
    public double? MinQuality { get; init; } = FaceQuality.DefaultMinimum;

    /// <summary>
    /// Which face of the probe is meant; by default the only one, and a probe with several is refused.
    /// With <see cref="FaceChoice.All"/> each is searched, and the list is one of all.
    /// </summary>
    public FaceChoice Face { get; init; } = FaceChoice.Only;

    /// <summary>What is done to the probe before it is searched with; null: it is searched as it came.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>
    /// Whether the graph of a large gallery is left aside, which may miss a template that belongs on the list: every template is compared
    /// then, in full or by its sketch (<see cref="Vectors.IndexAnswer.ExactSketch"/>).
    /// </summary>
    public bool Exhaustive { get; init; }

    /// <summary>
    /// Whom the search is made among; null: everybody. Expected strangers count those alone. A gallery whose searcher does not see one of
    /// its keys (<see cref="GalleryScope.Fields"/>) refuses it.
    /// </summary>
    public BiographicFilter? Filter { get; init; }

    /// <summary>Whether a search with an enrolled encounter lists that encounter's own subject too.</summary>
    public bool IncludeOwnSubject { get; init; }
}
