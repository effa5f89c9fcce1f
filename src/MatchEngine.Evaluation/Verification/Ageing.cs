using System.Globalization;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>FNMR of one band of time or age.</summary>
/// <param name="By"><c>years between captures</c> or <c>age at the earlier capture</c>.</param>
/// <param name="Band">The band.</param>
/// <param name="Subjects">Subjects with a mated comparison in it.</param>
/// <param name="Fnmr">The rate.</param>
/// <param name="IsMarked">Whether the band has fewer subjects than the protocol asks for.</param>
public sealed record AgeingBand(string By, string Band, int Subjects, RateEstimate Fnmr, bool IsMarked);

/// <summary>FNMR by the time between two captures of a subject and by its age at the earlier one.</summary>
internal sealed class Ageing
{
    private readonly List<(string By, string Band, OneWayRate Rate)> _bands = [];
    private readonly int _minimum;

    public Ageing(Comparisons comparisons, AgeingPlan plan, double threshold, int minimumSubjects)
    {
        _minimum = minimumSubjects;
        var images = comparisons.Images!;
        var dates = plan.DateColumn is { } dateColumn && images.HasColumn(dateColumn)
            ? images.Column(dateColumn).Select(YearOf).ToArray()
            : null;
        var ages = plan.AgeColumn is { } ageColumn && images.HasColumn(ageColumn) ? images.Column(ageColumn).Select(AgeOf).ToArray() : null;
        HasDates = dates is not null;
        if (dates is not null)
            Add("years between captures", plan.YearBands, (a, b) => Math.Abs(dates[a] - dates[b]));
        if (ages is not null)
            // Where dates exist they say which photo is the earlier one; otherwise it is the one with the lower age.
            Add("age at the earlier capture", plan.AgeBands, (a, b) =>
                dates is null || double.IsNaN(dates[a] + dates[b]) ? Math.Min(ages[a], ages[b]) : dates[a] <= dates[b] ? ages[a] : ages[b]);

        void Add(string by, IReadOnlyList<double> edges, Func<int, int, double> value)
        {
            var counts = new SortedDictionary<(double Edge, string Text), (long[] Errors, long[] Trials)>();
            for (var i = 0; i < comparisons.Mated.Count; i++)
            {
                var (a, b) = (comparisons.Mated.First[i], comparisons.Mated.Second[i]);
                var number = value(a, b);
                if (double.IsNaN(number) || Bands.Of(number, edges) is not { } band)
                    continue;
                if (!counts.TryGetValue(band, out var count))
                    counts[band] = count = (new long[images.Subjects.Count], new long[images.Subjects.Count]);
                count.Trials[images.SubjectOf[a]]++;
                if (comparisons.Mated.Scores[i] < threshold)
                    count.Errors[images.SubjectOf[a]]++;
            }
            foreach (var (band, count) in counts)
                _bands.Add((by, band.Text, new OneWayRate(count.Errors, count.Trials)));
        }
    }

    /// <summary>Whether photos have dates; without them the time between captures is not known.</summary>
    public bool HasDates { get; }

    /// <summary>The rates for which intervals are wanted.</summary>
    public IEnumerable<SubjectRate> Rates => _bands.Select(b => b.Rate);

    /// <summary>Puts rates and intervals together.</summary>
    public IReadOnlyList<AgeingBand> Result(IReadOnlyList<BootstrapResult>? bootstrap) => [.. _bands.Select((b, i) => new AgeingBand(
        b.By,
        b.Band,
        b.Rate.Subjects,
        bootstrap is null ? RateEstimate.Independent(b.Rate.Errors, b.Rate.Trials) : bootstrap[i].ToEstimate(),
        b.Rate.Subjects < _minimum))];

    internal static double YearOf(string text)
    {
        if (DateTime.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM", "yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date.Year + (date.DayOfYear - 1) / (DateTime.IsLeapYear(date.Year) ? 366.0 : 365.0);
        return double.NaN;
    }

    internal static double AgeOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var age) ? age : double.NaN;
}
