using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Identification;

/// <summary>One row of a candidate list.</summary>
/// <param name="Id">The subject, or the template where a log names templates.</param>
/// <param name="Score">Its score.</param>
/// <param name="IsMate">Whether it is the probe's own subject.</param>
/// <param name="Photo">Index of the subject's first enrolled photo in the data set, or −1 where it is not known.</param>
public readonly record struct SearchCandidate(string Id, double Score, bool IsMate, int Photo = -1);

/// <summary>One search of a gallery and what came of it.</summary>
public sealed record Search
{
    /// <summary>The probe: the photo, or the search's id in a log.</summary>
    public required string Probe { get; init; }

    /// <summary>Index of the probe's photo in the data set, or −1.</summary>
    public int Photo { get; init; } = -1;

    /// <summary>The probe's subject as a number, by which searches are drawn together; −1 when it is not known.</summary>
    public int Subject { get; init; } = -1;

    /// <summary>
    /// Whether the probe's subject is enrolled, or ought to be: a subject that could not be enrolled is missed like any other.
    /// </summary>
    public required bool IsMated { get; init; }

    /// <summary>Index of the mate's first enrolled photo, or −1 when it is not known.</summary>
    public int MatePhoto { get; init; } = -1;

    /// <summary>Whether the probe gave no template. A mated search is then a miss, a non-mated one has no false positive.</summary>
    public bool HasFailed { get; init; }

    /// <summary>
    /// Rank of the best mate: 1 + the number of other subjects with the same or a higher score; null when it is not on the list.
    /// </summary>
    public int? MateRank { get; init; }

    /// <summary>Score of the best mate, or null.</summary>
    public double? MateScore { get; init; }

    /// <summary>The head of the candidate list, best first; among equal scores the mate stands last.</summary>
    public IReadOnlyList<SearchCandidate> Candidates { get; init; } = [];

    /// <summary>Highest score of a subject other than the probe's; −∞ when there is none.</summary>
    public double HighestNonMate { get; init; } = double.NegativeInfinity;

    /// <summary>Whether the search returns a candidate at or above a floor.</summary>
    public bool HasLead(double floor) => !HasFailed && (HighestNonMate >= floor || MateScore >= floor);

    /// <summary>Whether the mate was missed at rank <paramref name="rank"/> and score <paramref name="threshold"/>.</summary>
    public bool IsMiss(int rank, double threshold) => HasFailed || MateRank is not { } at || at > rank || MateScore < threshold;
}

/// <summary>The searches of one gallery.</summary>
/// <param name="GallerySize">Enrolled subjects.</param>
/// <param name="Searches">The searches, in order of the probe's name.</param>
public sealed record SearchSet(int GallerySize, IReadOnlyList<Search> Searches)
{
    /// <summary>The photos, or null when the searches came without metadata.</summary>
    public DataSet? Images { get; init; }

    /// <summary>How long candidate lists are: a mate beyond is not seen; null when ranks are known to the end.</summary>
    public int? ListLength { get; init; }

    /// <summary>Enrolled photos.</summary>
    public int EnrolledPhotos { get; init; }

    /// <summary>Subjects that ought to be enrolled and gave no template (FTE).</summary>
    public int FailedEnrolments { get; init; }

    /// <summary>The photos of which a template was wanted, for the gallery or to search with; empty where it is not known.</summary>
    public IReadOnlyList<int> Tried { get; init; } = [];

    /// <summary>Those of which none could be made.</summary>
    public IReadOnlyList<AcquisitionFault> AcquisitionFaults { get; init; } = [];

    /// <summary>What was left out on purpose, by reason.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new SortedDictionary<string, long>();

    /// <summary>What the reader of the searches noticed, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The mated searches.</summary>
    public IEnumerable<Search> Mated => Searches.Where(s => s.IsMated);

    /// <summary>The non-mated searches.</summary>
    public IEnumerable<Search> NonMated => Searches.Where(s => !s.IsMated);
}
