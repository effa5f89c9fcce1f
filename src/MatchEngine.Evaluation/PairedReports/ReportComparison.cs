using System.Globalization;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.PairedReports;

/// <summary>Two systems at one point, for everybody or one group.</summary>
/// <param name="By">The slicing; null for everybody.</param>
/// <param name="Value">The group; null for everybody.</param>
/// <param name="Point">The FMR or FPIR at which each system has its own threshold.</param>
/// <param name="First">The miss rate of the first system.</param>
/// <param name="Second">That of the second.</param>
/// <param name="Difference">The second minus the first: below 0 where the second misses fewer.</param>
/// <param name="Range">Its 95 % interval; the same people are drawn for both, and each draw sets each system's threshold anew. Null where
/// there is no error, or too few people.</param>
/// <param name="PValue">Two-sided p-value of "no difference"; null as for the interval.</param>
/// <param name="IsMarked">Whether the group has fewer subjects than either report asks for.</param>
public sealed record ComparedRate(
    string? By, string? Value, double Point, RateEstimate First, RateEstimate Second, double Difference, Interval? Range, double? PValue,
    bool IsMarked)
{
    /// <summary>The p-value corrected by Holm's method for everything that was looked at.</summary>
    public double? AdjustedPValue { get; init; }

    /// <summary>Whether the interval excludes 0.</summary>
    public bool Differs => Range is { } r && (r.Low > 0 || r.High < 0);
}

/// <summary>Two reports side by side.</summary>
public sealed class ReportComparison
{
    private ReportComparison(ReportFile first, ReportFile second, IReadOnlyList<ComparedRate> rates) =>
        (First, Second, Rates) = (first, second, rates);

    /// <summary>The first report.</summary>
    public ReportFile First { get; }

    /// <summary>The second.</summary>
    public ReportFile Second { get; }

    /// <summary>The points that both have: for everybody, then group by group.</summary>
    public IReadOnlyList<ComparedRate> Rates { get; }

    /// <summary>Whether the same comparisons were made for both; otherwise people are paired and their comparisons are not.</summary>
    public bool IsPaired => First.Comparisons is not null && First.Comparisons == Second.Comparisons;

    /// <summary>Compares two reports.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    /// <param name="replicates">Draws of the people.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">One is of comparisons and the other of searches, or they have no point in common.</exception>
    public static ReportComparison Of(
        ReportFile first, ReportFile second, int replicates = 2000, ulong seed = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.IsIdentification != second.IsIdentification)
            throw new EvaluationException("one report is of comparisons (1:1) and the other of searches (1:N); compare like with like");
        // Names mean the same people only within one data set, or where the very comparisons are the same.
        var shared = first.DataSetDigest is not null && first.DataSetDigest == second.DataSetDigest
            || first.Comparisons is not null && first.Comparisons == second.Comparisons;
        string Name(bool isFirst, string subject) => shared ? subject : $"{(isFirst ? 1 : 2)}\t{subject}";
        var people = first.Tallies.Select(t => Name(true, t.Subject)).Concat(second.Tallies.Select(t => Name(false, t.Subject)))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var numberOf = people.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
        var points = first.Tallies.Where(t => !t.IsGiven).Select(t => t.Point).Intersect(second.Tallies.Where(t => !t.IsGiven).Select(t =>
            t.Point))
            .OrderByDescending(p => double.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        if (points.Length == 0)
            throw new EvaluationException("the reports have no FMR (or FPIR) in common that both support; run both with one protocol");

        var wanted = new List<SubjectRate>();
        var parts = new List<(string? By, string? Value, string Point, int Place, int Subjects)>();
        var minimum = Math.Max(first.MinimumSubjects, second.MinimumSubjects);
        foreach (var point in points)
            Add(null, null, point, _ => true);
        // Groups are compared at the rarest rate that both support, and only where both say who is in them.
        foreach (var by in first.Groups.Keys.Intersect(second.Groups.Keys).Order(StringComparer.Ordinal))
        {
            foreach (var value in first.Groups[by].Values.Intersect(second.Groups[by].Values).Order(StringComparer.Ordinal))
                Add(by, value, points[^1], subject =>
                    (first.Groups[by].GetValueOrDefault(subject) ?? second.Groups[by].GetValueOrDefault(subject)) == value);
        }
        var drawn = new SubjectBootstrap(people.Length, replicates, seed).Run(wanted, null, cancellationToken);
        var rates = parts.Select(part =>
        {
            var (a, b) = (Draws(first, part.Place), Draws(second, part.Place + 2));
            var both = a.Rate.Statistic.Trials > 0 && b.Rate.Statistic.Trials > 0 && a.Rate.Statistic.Errors + b.Rate.Statistic.Errors > 0
                && part.Subjects > 1;
            var (range, p) = both ? BootstrapResult.DifferenceAtWanted(b, a) : (default(Interval?), default(double?));
            var marked = part.Subjects < minimum;
            return new ComparedRate(
                part.By, part.Value, double.Parse(part.Point, CultureInfo.InvariantCulture), Estimate(a), Estimate(b),
                b.Rate.Statistic.Rate - a.Rate.Statistic.Rate, range, marked ? null : p, marked);
        }).ToArray();
        var tested = Enumerable.Range(0, rates.Length).Where(i => rates[i].PValue is not null).ToArray();
        var adjusted = GroupRatio.Holm([.. tested.Select(i => rates[i].PValue!.Value)]);
        for (var t = 0; t < tested.Length; t++)
            rates[tested[t]] = rates[tested[t]] with { AdjustedPValue = adjusted[t] };
        return new ReportComparison(first, second, rates);

        void Add(string? by, string? value, string point, Func<string, bool> takes)
        {
            var place = wanted.Count;
            var subjects = 0;
            foreach (var report in new[] { first, second })
            {
                var (mated, misses, others, positives) = (
                    new long[people.Length], new long[people.Length], new long[people.Length], new long[people.Length]);
                var own = 0;
                foreach (var tally in report.Tallies.Where(t => !t.IsGiven && t.Point == point))
                {
                    var s = numberOf[Name(ReferenceEquals(report, first), tally.Subject)];
                    // The threshold is everybody's, whoever is looked at.
                    (others[s], positives[s]) = (tally.Others, tally.FalsePositives);
                    if (!takes(tally.Subject))
                        continue;
                    (mated[s], misses[s]) = (tally.Mated, tally.Misses);
                    own += tally.Mated > 0 ? 1 : 0;
                }
                wanted.Add(new OneWayRate(misses, mated));
                wanted.Add(report.IsIdentification ? new OneWayRate(positives, others) : new LinearPairRate(positives, others));
                subjects = Math.Max(subjects, own);
            }
            parts.Add((by, value, point, place, subjects));
        }

        MovingRate Draws(ReportFile report, int place) =>
            new(drawn[place], drawn[place + 1], times => report.MissesAt(drawn[place + 1].Statistic.Rate * times));

        static RateEstimate Estimate(MovingRate rate) => rate.Rate.ToEstimate() is { Method: IntervalMethod.SubjectBootstrap } estimate
            ? estimate with { Range = rate.Rate.AtWanted(rate.SetBy, rate.RateAt) }
            : rate.Rate.ToEstimate();
    }
}
