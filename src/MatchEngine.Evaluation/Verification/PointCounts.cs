using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>Errors at one threshold by subject, over all comparisons.</summary>
internal sealed class PointCounts
{
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
        FnmrBySubject = new OneWayRate(errors, trials, bySubject: true);
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

    /// <summary>FNMR with every subject weighted equally.</summary>
    public OneWayRate FnmrBySubject { get; }

    /// <summary>FMR by pairs, or null below the score from which impostors are kept.</summary>
    public TwoWayRate? Fmr { get; }

    /// <summary>FMR with every subject weighted equally, or null.</summary>
    public double? FmrBySubject { get; }

    /// <summary>The rates for which intervals are wanted: FNMR, FNMR by subject and, where it is known, FMR.</summary>
    public IEnumerable<SubjectRate> Rates => Fmr is null ? [Fnmr, FnmrBySubject] : [Fnmr, FnmrBySubject, Fmr];
}
