using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Scores;

/// <summary>
/// The comparisons of a 1:1 evaluation, however they came about. Two shapes: a list (a score file, a pairs file), whose impostors are all
/// held, and all pairs of a set, whose impostors are held as an exact histogram plus the list of those at or above
/// <see cref="ImpostorFloor"/>.
/// </summary>
public sealed class Comparisons
{
    /// <summary>Reason of <see cref="LeftOut"/>: the same bytes as another photo of the subject.</summary>
    public const string IdenticalPhoto = "identical photo";

    /// <summary>Reason of <see cref="LeftOut"/>: the same bytes as a photo of another subject, so one of the two labels is wrong.</summary>
    public const string IdenticalUnderSubjects = "identical photo under another subject";

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

    internal Comparisons(
        DataSet images, PairList mated, ScoreDistribution matedScores, PairList impostors, ScoreDistribution impostorScores,
        double impostorFloor, int[] compared)
    {
        (Images, Mated, MatedScores, Impostors, ImpostorScores, ImpostorFloor, Compared) = (
            images, mated, matedScores, impostors, impostorScores, impostorFloor, compared);
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

    /// <summary>
    /// The score from which <see cref="Impostors"/> is complete; −∞ when it holds all.
    /// Below it rates are known as a whole only, not by slice or subject.
    /// </summary>
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

    /// <summary>The photos of which a template was wanted: those that were compared, and <see cref="AcquisitionFaults"/>.</summary>
    internal IReadOnlyCollection<int> Tried => Images is null
        ? []
        : [.. (IsAllPairs ? Compared : [.. Mated.First, .. Mated.Second, .. Impostors.First, .. Impostors.Second])
            .Concat(AcquisitionFaults.Select(f => Images.IndexOf(f.Image))).Where(photo => photo >= 0).Distinct().Order()];

    /// <summary>The photos of <see cref="FailedMated"/> comparisons of a list; all pairs know them from the photos.</summary>
    internal IReadOnlyList<(int First, int Second)> ListedFailedMated { get; init; } = [];

    /// <summary>The photos of each mated comparison that gave no score.</summary>
    internal IEnumerable<(int First, int Second)> FailedMatedPairs()
    {
        if (!IsAllPairs)
            return ListedFailedMated;
        var failed = AcquisitionFaults.Select(f => Images!.IndexOf(f.Image)).ToHashSet();
        var concerned = failed.Select(photo => Images!.SubjectOf[photo]).ToHashSet();
        return Compared.Concat(failed).Where(photo => concerned.Contains(Images!.SubjectOf[photo])).Distinct()
            .GroupBy(photo => Images!.SubjectOf[photo]).SelectMany(own =>
            {
                var photos = own.Order().ToArray();
                return photos.SelectMany((first, i) => photos.Skip(i + 1).Select(second => (first, second)))
                    .Where(pair => failed.Contains(pair.first) || failed.Contains(pair.second));
            });
    }

    /// <summary>What was left out on purpose, by reason, with how often: identical photos, comparisons of a photo with itself.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new SortedDictionary<string, long>();

    /// <summary>The data set that was given and not used, because the score file names no photos; null otherwise.</summary>
    public string? UnusedDataSet { get; init; }

    /// <summary>Groups of photos with the same bytes; all but the first of each were left out.</summary>
    public IReadOnlyList<IReadOnlyList<string>> IdenticalPhotos { get; init; } = [];

    /// <summary>Quality of each photo by its index (higher is better), NaN where it is not known; null when no photo has one.</summary>
    public IReadOnlyList<double>? Qualities { get; init; }

    /// <summary>
    /// From photos to the distribution of the impostor scores among them; set where not all impostor comparisons are held one by one.
    /// </summary>
    internal Func<IReadOnlySet<int>, CancellationToken, ScoreDistribution>? ImpostorsAmong { get; init; }

    /// <summary>The scores of one slice: of the comparisons whose photos both belong to it.</summary>
    /// <param name="slicing">The slicing.</param>
    /// <param name="value">Index of the slice.</param>
    /// <param name="cancellationToken">Looked at while comparing.</param>
    internal (ScoreDistribution Mated, ScoreDistribution Impostors) Within(
        Demographics.Slicing slicing, int value, CancellationToken cancellationToken)
    {
        var mated = Select(Mated, slicing, value);
        if (ImpostorsAmong is null)
            return (ScoreDistribution.Of(mated), ScoreDistribution.Of(Select(Impostors, slicing, value)));
        var bins = new long[CrossComparison.ScoreGrid.Bins];
        foreach (var score in mated)
            bins[CrossComparison.ScoreGrid.BinOf((float)score)]++;
        var photos = Enumerable.Range(0, slicing.ValueOf.Count).Where(photo => slicing.ValueOf[photo] == value).ToHashSet();
        return (ScoreDistribution.OfHistogram(bins, CrossComparison.ScoreGrid.EdgeOf(0), CrossComparison.ScoreGrid.Step),
            ImpostorsAmong(photos, cancellationToken));
    }

    private static double[] Select(PairList pairs, Demographics.Slicing slicing, int value)
    {
        var scores = new List<double>();
        for (var i = 0; i < pairs.Count; i++)
        {
            if (slicing.ValueOf[pairs.First[i]] == value && slicing.ValueOf[pairs.Second[i]] == value)
                scores.Add(pairs.Scores[i]);
        }
        return [.. scores];
    }
}
