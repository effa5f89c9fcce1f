using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Scores;

/// <summary>Sorts rows of a score file into mated and impostor comparisons and finds the rows that cannot be used.</summary>
internal sealed class ComparisonsBuilder(DataSet? images, InputFaults faults, bool distances = false)
{
    private readonly PairList _mated = new();
    private readonly PairList _impostors = new();
    private readonly HashSet<(string, string)> _seenNames = [];
    private readonly HashSet<long> _seen = [];
    private readonly SortedDictionary<string, long> _leftOut = new(StringComparer.Ordinal);
    private long _failedMated;
    private long _failedImpostors;

    /// <summary>Takes a row. <paramref name="mated"/> is null where the metadata decides.</summary>
    public void Add(string file, long line, string? probe, string? reference, double score, bool? mated, bool failed = false)
    {
        if (!failed && !double.IsFinite(score))
        {
            faults.Add(
                file, line, "not a number",
                $"the score is {score.ToString(System.Globalization.CultureInfo.InvariantCulture)}; a score is a finite number");
            return;
        }
        var (first, second) = (-1, -1);
        if (probe is not null && reference is not null)
        {
            if (images is not null)
            {
                first = images.IndexOf(probe);
                second = images.IndexOf(reference);
                if (first < 0 || second < 0)
                {
                    faults.Add(
                        file, line, "unknown image",
                        $"image '{(first < 0 ? probe : reference)}' is not in the metadata of '{images.Name}'");
                    return;
                }
                var truth = images.SubjectOf[first] == images.SubjectOf[second];
                if (mated is { } said && said != truth)
                {
                    faults.Add(
                        file, line, "contradiction",
                        $"the row says {(said ? "mated" : "non-mated")}, the metadata of '{images.Name}' "
                            + $"says otherwise of '{probe}' and '{reference}'");
                    return;
                }
                mated = truth;
            }
            if (!(images is null ? _seenNames.Add((probe, reference)) : _seen.Add(((long)first << 32) | (uint)second)))
            {
                faults.Add(file, line, "duplicate row", $"the comparison of '{probe}' and '{reference}' stands twice");
                return;
            }
            if (string.Equals(probe, reference, StringComparison.Ordinal))
            {
                _leftOut["photo compared with itself"] = _leftOut.GetValueOrDefault("photo compared with itself") + 1;
                return;
            }
        }
        if (mated is not { } isMated)
        {
            faults.Add(
                file, line, "mated unknown",
                "nothing says whether the comparison is mated: give a column 'mated', or metadata with the subjects");
            return;
        }
        if (failed)
        {
            if (isMated)
                _failedMated++;
            else
                _failedImpostors++;
            return;
        }
        (isMated ? _mated : _impostors).Add(first, second, distances ? -score : score);
    }

    /// <summary>The comparisons taken so far.</summary>
    public Comparisons Build() => new(images, Ordered(_mated), Ordered(_impostors))
    {
        FailedMated = _failedMated,
        FailedImpostors = _failedImpostors,
        LeftOut = _leftOut,
        Qualities = Qualities(),
    };

    // By the names of the photos: sums of scores must not depend on the order of the rows in their last bits.
    private PairList Ordered(PairList pairs)
    {
        var place = new int[images?.Images.Count ?? 0];
        if (images is not null)
        {
            var byName = Enumerable.Range(0, place.Length).OrderBy(photo => images.Images[photo], StringComparer.Ordinal).ToArray();
            for (var rank = 0; rank < byName.Length; rank++)
                place[byName[rank]] = rank;
        }
        var order = new int[pairs.Count];
        var keys = new (long Pair, double Score)[pairs.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            keys[i] = (pairs.First[i] < 0 ? 0 : ((long)place[pairs.First[i]] << 32) | (uint)place[pairs.Second[i]], pairs.Scores[i]);
        }
        Array.Sort(keys, order);
        var ordered = new PairList();
        foreach (var i in order)
            ordered.Add(pairs.First[i], pairs.Second[i], pairs.Scores[i]);
        return ordered;
    }

    // Scores come without photos, so their quality can only stand in the metadata.
    private double[]? Qualities() => images is null || !images.ColumnNames.Contains("quality")
        ? null
        : [.. images.Column("quality").Select(text => ScoreReader.TryNumber(text, out var quality) ? quality : double.NaN)];
}
