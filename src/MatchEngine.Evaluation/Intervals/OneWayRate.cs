namespace MatchEngine.Evaluation.Intervals;

/// <summary>A rate whose trials belong to one subject each: false non-matches of mated comparisons, misses of mated searches.</summary>
public sealed class OneWayRate : SubjectRate
{
    private readonly int[] _subjects;
    private readonly long[] _errors;
    private readonly long[] _trials;
    private readonly bool _bySubject;

    /// <summary>Makes a rate from counts.</summary>
    /// <param name="errors">Errors of each subject.</param>
    /// <param name="trials">Trials of each subject; as many subjects as the bootstrap has.</param>
    /// <param name="bySubject">Whether every subject counts the same, however many trials it has:
    /// the mean of the subjects' own rates.</param>
    public OneWayRate(ReadOnlySpan<long> errors, ReadOnlySpan<long> trials, bool bySubject = false)
    {
        if (errors.Length != trials.Length)
            throw new ArgumentException("every subject has errors and trials", nameof(trials));
        _subjects = [.. Enumerable.Range(0, trials.Length)];
        var present = new List<int>();
        for (var s = 0; s < trials.Length; s++)
        {
            if (trials[s] > 0)
                present.Add(s);
        }
        _subjects = [.. present];
        _errors = new long[_subjects.Length];
        _trials = new long[_subjects.Length];
        for (var i = 0; i < _subjects.Length; i++)
            (_errors[i], _trials[i]) = (errors[_subjects[i]], trials[_subjects[i]]);
        _bySubject = bySubject;
    }

    /// <inheritdoc/>
    public override long Errors => _errors.Sum();

    /// <inheritdoc/>
    public override long Trials => _trials.Sum();

    /// <inheritdoc/>
    public override int Subjects => _subjects.Length;

    /// <inheritdoc/>
    public override double EffectiveSubjects => _bySubject ? _subjects.Length : Kish(_trials);

    internal override bool IsUncertain => !_bySubject && EffectiveSubjects < 3;

    /// <summary>
    /// When a few subjects have most of the trials, drawing them can by chance show less than the variance that even independent trials
    /// have; the replicates are then scaled up to that.
    /// </summary>
    internal override double LeastVariance => _bySubject || Trials == 0 ? 0 : Rate * (1 - Rate) / Trials;

    /// <inheritdoc/>
    public override double Rate => _bySubject ? Mean() : base.Rate;

    internal override double Replicate(ReadOnlySpan<int> weights)
    {
        if (_bySubject)
        {
            var (sum, count) = (0.0, 0L);
            for (var i = 0; i < _subjects.Length; i++)
            {
                var weight = weights[_subjects[i]];
                sum += weight * ((double)_errors[i] / _trials[i]);
                count += weight;
            }
            return count == 0 ? double.NaN : sum / count;
        }
        var (errors, trials) = (0L, 0L);
        for (var i = 0; i < _subjects.Length; i++)
        {
            long weight = weights[_subjects[i]];
            errors += weight * _errors[i];
            trials += weight * _trials[i];
        }
        return trials == 0 ? double.NaN : (double)errors / trials;
    }

    internal static double Kish(ReadOnlySpan<long> trials)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var n in trials)
        {
            sum += n;
            squares += (double)n * n;
        }
        return squares == 0 ? 0 : sum * sum / squares;
    }

    private double Mean()
    {
        var sum = 0.0;
        for (var i = 0; i < _subjects.Length; i++)
            sum += (double)_errors[i] / _trials[i];
        return _subjects.Length == 0 ? double.NaN : sum / _subjects.Length;
    }
}
