using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>Errors at one threshold by subject, over all comparisons.</summary>
internal sealed class PointCounts
{
    // Mated scores, rising, with the share of FNMR by subject that lies at or below each.
    private readonly double[] _scores;
    private readonly double[] _shares;

    public PointCounts(Comparisons comparisons, double threshold)
    {
        var images = comparisons.Images!;
        var (errors, trials) = (new long[images.Subjects.Count], new long[images.Subjects.Count]);
        for (var i = 0; i < comparisons.Mated.Count; i++)
        {
            var subject = images.SubjectOf[comparisons.Mated.First[i]];
            trials[subject]++;
            errors[subject] += comparisons.Mated.Scores[i] < threshold ? 1 : 0;
        }
        Fnmr = new OneWayRate(errors, trials);
        var (missed, wanted) = (errors.ToArray(), trials.ToArray());
        foreach (var (first, _) in comparisons.FailedMatedPairs())
        {
            missed[images.SubjectOf[first]]++;
            wanted[images.SubjectOf[first]]++;
        }
        FnmrWithFailures = new OneWayRate(missed, wanted);
        FnmrBySubject = new OneWayRate(errors, trials, bySubject: true);
        _scores = comparisons.Mated.Scores.ToArray();
        var subjects = new double[_scores.Length];
        for (var i = 0; i < subjects.Length; i++)
            subjects[i] = 1.0 / trials[images.SubjectOf[comparisons.Mated.First[i]]] / FnmrBySubject.Subjects;
        Array.Sort(_scores, subjects);
        _shares = subjects;
        for (var i = 1; i < _shares.Length; i++)
            _shares[i] += _shares[i - 1];
        // Below the floor it is not known which subjects a false match belongs to.
        if (threshold < comparisons.ImpostorFloor)
            return;
        var falseMatches = new SubjectPairCounts();
        var listed = comparisons.IsAllPairs ? null : new SubjectPairCounts();
        var (own, all) = (new double[images.Subjects.Count], new double[images.Subjects.Count]);
        for (var i = 0; i < comparisons.Impostors.Count; i++)
        {
            var (a, b) = (images.SubjectOf[comparisons.Impostors.First[i]], images.SubjectOf[comparisons.Impostors.Second[i]]);
            listed?.Add(a, b);
            if (listed is not null)
            {
                all[a]++;
                all[b]++;
            }
            if (comparisons.Impostors.Scores[i] < threshold)
                continue;
            falseMatches.Add(a, b);
            own[a]++;
            own[b]++;
        }
        if (listed is null)
        {
            var photos = new int[images.Subjects.Count];
            foreach (var photo in comparisons.Compared)
                photos[images.SubjectOf[photo]]++;
            for (var s = 0; s < photos.Length; s++)
                all[s] = (double)photos[s] * (comparisons.Compared.Count - photos[s]);
            Fmr = TwoWayRate.WithinGroup(falseMatches, photos);
        }
        else
            Fmr = TwoWayRate.OfList(falseMatches, listed);
        var present = Enumerable.Range(0, all.Length).Where(s => all[s] > 0).ToArray();
        FmrBySubject = present.Length == 0 ? null : present.Average(s => own[s] / all[s]);
    }

    /// <summary>FNMR by pairs.</summary>
    public OneWayRate Fnmr { get; }

    /// <summary>FNMR by pairs when comparisons without a template count as non-matches.</summary>
    public OneWayRate FnmrWithFailures { get; }

    /// <summary>FNMR with every subject weighted equally.</summary>
    public OneWayRate FnmrBySubject { get; }

    /// <summary>FMR by pairs, or null below the score from which impostors are kept.</summary>
    public TwoWayRate? Fmr { get; }

    /// <summary>FMR with every subject weighted equally, or null.</summary>
    public double? FmrBySubject { get; }

    /// <summary>FNMR with every subject weighted equally at any threshold.</summary>
    public double FnmrBySubjectAt(double threshold)
    {
        var (low, high) = (0, _scores.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_scores[middle] < threshold)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? 0 : _shares[low - 1];
    }

    /// <summary>The rates for which intervals are wanted: FNMR, FNMR by subject, FNMR with failures and, where it is known, FMR.</summary>
    public IEnumerable<SubjectRate> Rates => Fmr is null
        ? [Fnmr, FnmrBySubject, FnmrWithFailures]
        : [Fnmr, FnmrBySubject, FnmrWithFailures, Fmr];
}
