namespace MatchEngine.Evaluation;

/// <summary>
/// The comparisons of a 1:1 evaluation, however they came about. Two shapes: a list (a score file, a pairs file), whose impostors are all
/// held, and all pairs of a set, whose impostors are held as an exact histogram plus the list of those at or above <see cref="ImpostorFloor"/>.
/// </summary>
public sealed class Comparisons
{
    /// <summary>A list of comparisons.</summary>
    /// <param name="images">The photos, or null when the scores came without metadata.</param>
    /// <param name="mated">Comparisons of two photos of one subject.</param>
    /// <param name="impostors">Comparisons of photos of different subjects.</param>
    public Comparisons(DataSet? images, PairList mated, PairList impostors)
    {
        ArgumentNullException.ThrowIfNull(mated);
        ArgumentNullException.ThrowIfNull(impostors);
        (Images, Mated, Impostors) = (images, mated, impostors);
        MatedScores = ScoreDistribution.Of(mated.Scores);
        ImpostorScores = ScoreDistribution.Of(impostors.Scores);
        ImpostorFloor = double.NegativeInfinity;
    }

    internal Comparisons(DataSet images, PairList mated, ScoreDistribution matedScores, PairList impostors, ScoreDistribution impostorScores, double impostorFloor, int[] compared)
    {
        (Images, Mated, MatedScores, Impostors, ImpostorScores, ImpostorFloor, Compared) = (images, mated, matedScores, impostors, impostorScores, impostorFloor, compared);
        IsAllPairs = true;
    }

    /// <summary>The photos, or null when the scores came without metadata; then there are no slices and no intervals by subject.</summary>
    public DataSet? Images { get; }

    /// <summary>The comparisons of two photos of one subject.</summary>
    public PairList Mated { get; }

    /// <summary>The comparisons of photos of different subjects whose score is at or above <see cref="ImpostorFloor"/>.</summary>
    public PairList Impostors { get; }

    /// <summary>Distribution of the scores of all mated comparisons.</summary>
    public ScoreDistribution MatedScores { get; }

    /// <summary>Distribution of the scores of all impostor comparisons.</summary>
    public ScoreDistribution ImpostorScores { get; }

    /// <summary>The score from which <see cref="Impostors"/> is complete; −∞ when it holds all. Below it rates are known as a whole only, not by slice or subject.</summary>
    public double ImpostorFloor { get; }

    /// <summary>Whether every photo was compared with every other one.</summary>
    public bool IsAllPairs { get; }

    /// <summary>The photos that were compared, when <see cref="IsAllPairs"/>; otherwise empty.</summary>
    public IReadOnlyList<int> Compared { get; } = [];

    /// <summary>Mated comparisons that gave no score because a template is missing (FTA, FTE).</summary>
    public long FailedMated { get; init; }

    /// <summary>Impostor comparisons that gave no score because a template is missing.</summary>
    public long FailedImpostors { get; init; }

    /// <summary>Photos of which no template could be made.</summary>
    public IReadOnlyList<AcquisitionFault> AcquisitionFaults { get; init; } = [];

    /// <summary>What was left out on purpose, by reason, with how often: identical photos, comparisons of a photo with itself.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new SortedDictionary<string, long>();

    /// <summary>Groups of photos with the same bytes; all but the first of each were left out.</summary>
    public IReadOnlyList<IReadOnlyList<string>> IdenticalPhotos { get; init; } = [];

    /// <summary>Quality of each photo by its index (higher is better), NaN where it is not known; null when no photo has one.</summary>
    public IReadOnlyList<double>? Qualities { get; init; }
}
