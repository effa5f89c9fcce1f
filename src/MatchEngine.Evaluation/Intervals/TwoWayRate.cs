namespace MatchEngine.Evaluation.Intervals;

/// <summary>
/// A rate whose trials belong to two subjects each: false matches of impostor comparisons. Counts are held per pair of subjects, not per
/// pair of photos, and only for the pairs that have an error; the number of trials per pair is either given with them (a list of
/// comparisons) or follows from the numbers of photos (every photo of one group against every photo of another).
/// </summary>
/// <remarks>
/// Drawing both subjects of a comparison overstates the part of the variance that belongs to the single comparison: a weight w(a)·w(b) of
/// two independent draws has variance 3, not 1 (Owen, Annals of Applied Statistics 1, 2007). Where errors are rare that part is nearly all
/// of it. The replicates keep their shape and are scaled, on the square-root scale on which a rare count has constant variance, to the
/// variance that counts every pair of comparisons with a common subject once: the dyadic cluster-robust variance (Aronow, Samii and
/// Assenova, Political Analysis 23, 2015), and at least to that of independent comparisons.
/// </remarks>
public sealed class TwoWayRate : SubjectRate
{
    private readonly int[] _rows;
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly int[] _counts;
    private readonly Trial[]? _listed;
    private readonly Group[]? _group;
    private readonly bool _within;
    private readonly long _errors;
    private readonly long _trials;
    private readonly double _variance;
    private readonly double _freedom;

    private readonly record struct Trial(int A, int B, int Count);

    private readonly record struct Group(int Subject, long First, long Second);

    private TwoWayRate(SubjectPairCounts errors, Trial[]? listed, Group[]? group, bool within)
    {
        (_rows, _starts, _columns, _counts) = errors.Compressed();
        (_listed, _group, _within) = (listed, group, within);
        _errors = errors.Total;
        _trials = listed is not null ? listed.Sum(t => (long)t.Count) : CrossPairs(group!, within);
        Subjects = listed is not null ? listed.SelectMany(t => new[] { t.A, t.B }).Distinct().Count() : group!.Length;
        Units = listed is not null ? listed.LongLength : PeoplePairs(group!, within);
        EffectiveSubjects = OneWayRate.Kish(TrialsBySubject());
        _variance = Dyadic(out _freedom);
    }

    /// <inheritdoc/>
    public override long Errors => _errors;

    /// <inheritdoc/>
    public override long Trials => _trials;

    /// <inheritdoc/>
    public override int Subjects { get; }

    /// <inheritdoc/>
    public override double EffectiveSubjects { get; }

    /// <summary>Pairs of people that were compared, however many photos each has.</summary>
    internal override long Units { get; }

    internal override string UnitsNoun => "pairs of people";

    // Pairs share people, and people differ in how alike they are with others: the hard design of eval/README.md needs 4, not 3.
    internal override double ZeroErrors => 4;

    /// <summary>
    /// Where a few people have most of the false matches, the variance rests on them alone: (Σu²)²/Σu⁴ of the subjects' residuals u
    /// (Satterthwaite, Biometrics Bulletin 2, 1946, as for other cluster-robust variances).
    /// </summary>
    internal override double Freedom => Math.Min(EffectiveSubjects - 1, _freedom);

    // The variance of rates that vary widely between few subjects is itself hardly known: with a design effect above 2 and fewer than a
    // hundred subjects simulated coverage falls below 93 %.
    internal override bool IsUncertain => EffectiveSubjects < 100 && _variance > 2 * Rate * (1 - Rate) / Trials;

    internal override double DesignVariance => _variance;

    /// <summary>A rate over a list of comparisons.</summary>
    /// <param name="errors">False matches per pair of subjects.</param>
    /// <param name="trials">Comparisons per pair of subjects.</param>
    public static TwoWayRate OfList(SubjectPairCounts errors, SubjectPairCounts trials)
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(trials);
        return new TwoWayRate(errors, [.. trials.Entries().Select(e => new Trial(e.A, e.B, e.Count))], null, false);
    }

    /// <summary>A rate over all impostor comparisons within one group of photos.</summary>
    /// <param name="errors">False matches per pair of subjects.</param>
    /// <param name="photos">How many photos of each subject are in the group.</param>
    public static TwoWayRate WithinGroup(SubjectPairCounts errors, ReadOnlySpan<int> photos)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var group = new List<Group>();
        for (var s = 0; s < photos.Length; s++)
        {
            if (photos[s] > 0)
                group.Add(new Group(s, photos[s], photos[s]));
        }
        return new TwoWayRate(errors, null, [.. group], true);
    }

    /// <summary>
    /// A rate over all impostor comparisons of the photos of one group with those of another, which have no photo in common.
    /// </summary>
    /// <param name="errors">False matches per pair of subjects.</param>
    /// <param name="first">How many photos of each subject are in the first group.</param>
    /// <param name="second">How many are in the second.</param>
    public static TwoWayRate AcrossGroups(SubjectPairCounts errors, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var group = new List<Group>();
        for (var s = 0; s < first.Length; s++)
        {
            if (first[s] > 0 || second[s] > 0)
                group.Add(new Group(s, first[s], second[s]));
        }
        return new TwoWayRate(errors, null, [.. group], false);
    }

    internal override double Replicate(ReadOnlySpan<int> weights)
    {
        var errors = 0L;
        for (var r = 0; r < _rows.Length; r++)
        {
            long weight = weights[_rows[r]];
            if (weight == 0)
                continue;
            var sum = 0L;
            for (var e = _starts[r]; e < _starts[r + 1]; e++)
                sum += (long)weights[_columns[e]] * _counts[e];
            errors += weight * sum;
        }
        var trials = 0L;
        if (_listed is not null)
        {
            foreach (var trial in _listed)
                trials += (long)weights[trial.A] * weights[trial.B] * trial.Count;
        }
        else
        {
            var (first, second, same) = (0L, 0L, 0L);
            foreach (var subject in _group!)
            {
                long weight = weights[subject.Subject];
                first += weight * subject.First;
                second += weight * subject.Second;
                same += weight * weight * subject.First * subject.Second;
            }
            trials = (first * second - same) / (_within ? 2 : 1);
        }
        return trials == 0 ? double.NaN : (double)errors / trials;
    }

    private static long CrossPairs(Group[] group, bool within)
    {
        var (first, second, same) = (0L, 0L, 0L);
        foreach (var subject in group)
        {
            first += subject.First;
            second += subject.Second;
            same += subject.First * subject.Second;
        }
        return checked(first * second - same) / (within ? 2 : 1);
    }

    private static long PeoplePairs(Group[] group, bool within)
    {
        // Of two groups a person may be in both: that pair of people is met twice.
        long first = group.Count(g => g.First > 0), second = group.Count(g => g.Second > 0), both = group.Count(g => g.First > 0
            && g.Second > 0);
        return within ? first * (first - 1) / 2 : first * second - both - both * (both - 1) / 2;
    }

    private long[] TrialsBySubject()
    {
        if (_listed is null)
        {
            var (first, second) = (_group!.Sum(g => g.First), _group!.Sum(g => g.Second));
            return [.. _group!.Select(
                g => _within ? g.First * (first - g.First) : g.First * (second - g.Second) + g.Second * (first - g.First))];
        }
        var trials = new Dictionary<int, long>();
        foreach (var trial in _listed)
        {
            trials[trial.A] = trials.GetValueOrDefault(trial.A) + trial.Count;
            trials[trial.B] = trials.GetValueOrDefault(trial.B) + trial.Count;
        }
        return [.. trials.Values];
    }

    /// <summary>
    /// Σ over subjects of (Σ residuals of the pairs with it)² minus Σ of squared residuals, over trials²;
    /// not below that of independent comparisons.
    /// </summary>
    private double Dyadic(out double freedom)
    {
        freedom = double.PositiveInfinity;
        if (_trials == 0)
            return double.NaN;
        var rate = (double)_errors / _trials;
        var bySubject = new Dictionary<int, double>();
        void Add(int subject, double value) => bySubject[subject] = bySubject.GetValueOrDefault(subject) + value;
        var squares = 0.0;
        for (var r = 0; r < _rows.Length; r++)
        {
            for (var e = _starts[r]; e < _starts[r + 1]; e++)
            {
                Add(_rows[r], _counts[e]);
                Add(_columns[e], _counts[e]);
                squares += (double)_counts[e] * _counts[e];
            }
        }
        // Residual of a pair of subjects: errors − rate·trials. The cross term errors·trials is needed where there are errors only.
        var trialsOf = new Dictionary<(int, int), double>();
        if (_listed is not null)
        {
            foreach (var trial in _listed)
            {
                Add(trial.A, -rate * trial.Count);
                Add(trial.B, -rate * trial.Count);
                squares += rate * rate * trial.Count * trial.Count;
                trialsOf[(trial.A, trial.B)] = trialsOf.GetValueOrDefault((trial.A, trial.B)) + trial.Count;
            }
        }
        else
        {
            var (firstSquares, secondSquares, sameSquares) = (0.0, 0.0, 0.0);
            foreach (var subject in _group!)
            {
                firstSquares += (double)subject.First * subject.First;
                secondSquares += (double)subject.Second * subject.Second;
                sameSquares += (double)subject.First * subject.First * subject.Second * subject.Second;
            }
            var pairs = TrialsBySubject();
            for (var i = 0; i < pairs.Length; i++)
                Add(_group[i].Subject, -rate * pairs[i]);
            squares += rate * rate * (firstSquares * secondSquares - sameSquares) / (_within ? 2 : 1);
        }
        for (var r = 0; r < _rows.Length; r++)
        {
            for (var e = _starts[r]; e < _starts[r + 1]; e++)
                squares -= 2 * rate * _counts[e] * TrialsOf(_rows[r], _columns[e], trialsOf);
        }
        var (second, fourth) = (0.0, 0.0);
        foreach (var value in bySubject.Values)
        {
            second += value * value;
            fourth += value * value * value * value;
        }
        if (fourth > 0)
            freedom = second * second / fourth;
        var clustered = second - squares;
        return Math.Max(Math.Max(clustered, squares), _trials * rate * (1 - rate)) / ((double)_trials * _trials);
    }

    private double TrialsOf(int a, int b, Dictionary<(int, int), double> listed)
    {
        if (_listed is not null)
            return listed.GetValueOrDefault((a, b));
        var (x, y) = (Find(a), Find(b));
        return _within ? (double)x.First * y.Second : (double)x.First * y.Second + (double)x.Second * y.First;
    }

    private Group Find(int subject)
    {
        var (low, high) = (0, _group!.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_group[middle].Subject < subject)
                low = middle + 1;
            else
                high = middle;
        }
        return _group[low];
    }
}
