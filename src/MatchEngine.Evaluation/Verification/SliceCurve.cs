using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>The scores of one slice, and its DET curve at the thresholds that its own impostor comparisons support.</summary>
internal sealed class SliceCurve
{
    private readonly List<(DetPoint Point, OneWayRate Fnmr)> _points = [];

    public SliceCurve(
        Comparisons comparisons, Slicing slicing, int value, ScoreDistribution mated, ScoreDistribution impostors, Protocol protocol)
    {
        (Slicing, Value, Mated, Impostors) = (slicing, value, mated, impostors);
        if (mated.Total == 0 || impostors.Total == 0)
            return;
        var images = comparisons.Images!;
        var byScore = new List<(double Score, int Subject)>();
        for (var i = 0; i < comparisons.Mated.Count; i++)
        {
            var (a, b) = (comparisons.Mated.First[i], comparisons.Mated.Second[i]);
            if (slicing.ValueOf[a] == value && slicing.ValueOf[b] == value)
                byScore.Add((comparisons.Mated.Scores[i], images.SubjectOf[a]));
        }
        if (byScore.Select(m => m.Subject).Distinct().Count() < protocol.MinimumSubjects)
            return;
        var curve = new DetCurve(mated, impostors);
        var last = double.NaN;
        // Three points a decade.
        for (var step = 1; ; step++)
        {
            var fmr = Math.Pow(10, -step / 3.0);
            if (!OperatingPoint.IsSupported(fmr, impostors.Total))
                break;
            var point = curve.AtMostFmr(fmr);
            if (point.Threshold == last)
                continue;
            last = point.Threshold;
            var (errors, trials) = (new long[images.Subjects.Count], new long[images.Subjects.Count]);
            foreach (var (score, subject) in byScore)
            {
                trials[subject]++;
                errors[subject] += score < point.Threshold ? 1 : 0;
            }
            _points.Add((point, new OneWayRate(errors, trials)));
        }
    }

    public Slicing Slicing { get; }

    public int Value { get; }

    public ScoreDistribution Mated { get; }

    public ScoreDistribution Impostors { get; }

    /// <summary>The rates for which intervals are wanted.</summary>
    public IEnumerable<SubjectRate> Rates => _points.Select(p => p.Fnmr);

    /// <summary>Puts curve and intervals together.</summary>
    public SliceDet Result(IReadOnlyList<BootstrapResult>? bootstrap) => new(Slicing.By, Slicing.Values[Value], [.. _points.Select((p, i) =>
        new SliceDet.Point(p.Point.Threshold, p.Point.Fmr, bootstrap is null
            ? p.Fnmr.Undrawn()
            : bootstrap[i].ToEstimate()))]);
}
