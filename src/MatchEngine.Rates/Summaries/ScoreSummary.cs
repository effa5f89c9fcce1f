namespace MatchEngine.Rates.Summaries;

/// <summary>
/// What is kept of one probe face's comparisons with everybody: how many subjects there were, how many reached each score of
/// <see cref="ScoreGrid"/>, and the few best of them. It identifies nobody and takes under 2 KiB. Summaries of disjoint sets of subjects
/// (galleries, shards, the parts of a parallel scan) are added by <see cref="Merge"/>, exactly: all that is added is whole numbers, so
/// neither order nor grouping changes the sum.
/// </summary>
/// <remarks>
/// A scan need not count what lies below the tail: it counts from a score that it chooses (<see cref="From"/>). A sum knows the counts
/// from the highest of its parts' scores on.
/// </remarks>
public sealed class ScoreSummary : IEquatable<ScoreSummary>
{
    /// <summary>How many of the best subjects a summary holds: as many mates can be told from strangers.</summary>
    public const int BestKept = 8;

    // Variances of cosines lie within 0 … 1, and mostly near 1e-4. Whole billionths can be added exactly.
    private const double VarianceUnit = 1e-9;

    private readonly long[] _counts;
    private readonly BestSubject[] _best;
    private readonly Int128 _excess;

    internal ScoreSummary(long subjects, int possibleMates, int from, long[] counts, BestSubject[] best, Int128 excess)
    {
        // Where nobody was compared nothing was left uncounted.
        (Subjects, PossibleMates, From) = (subjects, possibleMates, subjects == 0 ? 0 : from);
        (_counts, _best, _excess) = (counts, best, excess);
        foreach (var count in counts)
            Counted += count;
    }

    /// <summary>The sum of nothing.</summary>
    public static ScoreSummary Empty { get; } = new(0, 0, 0, new long[ScoreGrid.Cells], [], 0);

    /// <summary>How many subjects the probe was compared with, those below <see cref="From"/> included.</summary>
    public long Subjects { get; }

    /// <summary>How many of them can be the probe's own person: 1 for a gallery, 0 where that person was left out of the search.</summary>
    public int PossibleMates { get; }

    /// <summary>The first cell whose count is known.</summary>
    public int From { get; }

    /// <summary>How many subjects reached <see cref="From"/>.</summary>
    public long Counted { get; }

    /// <summary>For each cell of the grid how many subjects' best scores lie in it; 0 below <see cref="From"/>.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>The best subjects, best first; at most <see cref="BestKept"/>.</summary>
    public ReadOnlySpan<BestSubject> Best => _best;

    /// <summary>
    /// Variance of the scores that were counted less the variance of exact ones: above 0 where an estimate is the score plus noise, below
    /// where it is a projection that lacks a part of the score, 0 for exact scores. The mean over subjects.
    /// </summary>
    public double ExcessVariance => Subjects == 0 ? 0 : (double)_excess / Subjects * VarianceUnit;

    /// <summary>A summary from its parts, as they come from another process.</summary>
    /// <param name="subjects">How many subjects were compared.</param>
    /// <param name="possibleMates">How many of them can be the probe's own person.</param>
    /// <param name="from">The first cell that was counted, 0 … <see cref="ScoreGrid.Cells"/> − 1.</param>
    /// <param name="counts">A count for each cell from <paramref name="from"/> on; missing ones at the end are 0.</param>
    /// <param name="best">The best subjects, in any order; the best <see cref="BestKept"/> are kept.</param>
    /// <param name="excessVariance">See <see cref="ExcessVariance"/>; −1 … 1.</param>
    /// <exception cref="ArgumentException">A number is out of range, the counts exceed the subjects, or a best subject is not
    /// counted.</exception>
    public static ScoreSummary Of(
        long subjects, int possibleMates, int from, ReadOnlySpan<long> counts, ReadOnlySpan<BestSubject> best, double excessVariance = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(subjects);
        ArgumentOutOfRangeException.ThrowIfNegative(possibleMates);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, ScoreGrid.Cells);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(counts.Length, ScoreGrid.Cells - from);
        var all = new long[ScoreGrid.Cells];
        var counted = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] < 0 || counts[i] > subjects - counted)
                throw new ArgumentException($"counts lie within 0 and the {subjects} subjects; see entry {i}", nameof(counts));
            counted += all[from + i] = counts[i];
        }
        Span<long> left = stackalloc long[ScoreGrid.Cells];
        all.CopyTo(left);
        foreach (var subject in best)
        {
            if (!float.IsFinite(subject.Score) || !float.IsFinite(subject.CountedAt))
                throw new ArgumentException("a score is a finite number", nameof(best));
            var cell = ScoreGrid.CellOf(subject.CountedAt);
            if (cell >= from && --left[cell] < 0)
                throw new ArgumentException($"a best subject with score {subject.CountedAt} is not among the counts", nameof(best));
        }
        return new ScoreSummary(subjects, possibleMates, from, all, BestOf(best), ToExcess(subjects, excessVariance));
    }

    /// <summary>The sum of two summaries of different subjects.</summary>
    /// <param name="other">Of the same probe face. That no subject is in both is the caller's to know.</param>
    /// <exception cref="OverflowException">There are more subjects than a 64-bit number holds.</exception>
    public ScoreSummary Merge(ScoreSummary other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var from = Math.Max(From, other.From);
        var counts = new long[ScoreGrid.Cells];
        for (var cell = from; cell < counts.Length; cell++)
            counts[cell] = checked(_counts[cell] + other._counts[cell]);
        return new ScoreSummary(
            checked(Subjects + other.Subjects),
            checked(PossibleMates + other.PossibleMates),
            from,
            counts,
            BestOf([.. _best, .. other._best]),
            _excess + other._excess);
    }

    /// <summary>
    /// Where a scan could only count templates: the numbers of subjects that come of them. Of a subject with several templates more than
    /// one may
    /// reach a score, and the fewer the higher it is; the mean number is taken as the same for all of the tail, and as measured in it.
    /// </summary>
    /// <param name="subjects">How many subjects have the templates that were counted.</param>
    /// <param name="templatesTogether">How many templates of a subject reached the tail, the mean over subjects of which one did: that of
    /// the list's rows, or
    /// of a sample. 1: a subject's templates never reach it together, the cautious assumption, for it gives the most subjects.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more subjects than templates, or fewer templates together than 1 or more
    /// than there are for a subject.</exception>
    public ScoreSummary ToSubjects(long subjects, double templatesTogether)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(subjects);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(subjects, Subjects);
        if (!(templatesTogether >= 1 && templatesTogether <= Math.Max(1, Subjects)))
            throw new ArgumentOutOfRangeException(nameof(templatesTogether), "of a subject in the tail one template is there or more");
        var counts = new long[ScoreGrid.Cells];
        var (templates, before) = (0L, 0L);
        for (var cell = counts.Length - 1; cell >= From; cell--)
        {
            templates += _counts[cell];
            var reached = Math.Min(subjects, (long)Math.Ceiling(templates / templatesTogether));
            (counts[cell], before) = (reached - before, reached);
        }
        return new ScoreSummary(subjects, PossibleMates, From, counts, _best, Subjects == 0 ? 0 : _excess / Subjects * subjects);
    }

    /// <summary>How many subjects reached a score of the grid.</summary>
    /// <param name="cell">The cell whose lower edge is the score; not below <see cref="From"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cell"/> is below <see cref="From"/> or beyond the grid.</exception>
    public long CountAtOrAbove(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cell, From);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cell, ScoreGrid.Cells);
        var sum = 0L;
        for (var i = cell; i < _counts.Length; i++)
            sum += _counts[i];
        return sum;
    }

    /// <inheritdoc/>
    public bool Equals(ScoreSummary? other) =>
        other is not null
        && (Subjects, PossibleMates, From, _excess) == (other.Subjects, other.PossibleMates, other.From, other._excess)
        && _counts.AsSpan().SequenceEqual(other._counts) && _best.AsSpan().SequenceEqual(other._best);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ScoreSummary);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subjects, PossibleMates, From, Counted, _best.Length);

    internal static Int128 ToExcess(long subjects, double variance)
    {
        if (!(Math.Abs(variance) <= 1))
            throw new ArgumentOutOfRangeException(nameof(variance), "the variance of a cosine lies within −1 … 1");
        return subjects * (Int128)(long)Math.Round(variance / VarianceUnit);
    }

    internal static BestSubject[] BestOf(ReadOnlySpan<BestSubject> subjects)
    {
        var best = subjects.ToArray();
        Array.Sort(best);
        return best.Length <= BestKept ? best : best[..BestKept];
    }
}
