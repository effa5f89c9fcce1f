using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Verification;

/// <summary>FNMR of one band of time or age.</summary>
/// <param name="By">What the band is of: see <see cref="AgeingNames"/>.</param>
/// <param name="Band">The band.</param>
/// <param name="Subjects">Subjects with a mated comparison in it.</param>
/// <param name="Fnmr">The rate.</param>
/// <param name="IsMarked">Whether the band has fewer subjects than the protocol asks for.</param>
public sealed record AgeingBand(string By, string Band, int Subjects, RateEstimate Fnmr, bool IsMarked);

/// <summary>What bands of time and age are called.</summary>
public static class AgeingNames
{
    /// <summary>Time between two captures.</summary>
    public const string Years = "years between captures";

    /// <summary>Age at the earlier of two captures; in searches the enrolled photo is the earlier one.</summary>
    public const string Age = "age at the earlier capture";

    /// <summary>Age at enrolment.</summary>
    public const string AgeAtEnrolment = "age at enrolment";

    /// <summary>The age at one capture crossed with that at the other: "at 4, then at 6".</summary>
    public const string AgeThenAge = "age, then age";

    /// <summary>Age at the earlier capture crossed with the time since.</summary>
    public const string AgeAndYears = "age × years between captures";

    /// <summary>Children, adults, and children searched for as adults.</summary>
    public const string ChildAdult = "child or adult, then";

    /// <summary>How two bands are joined.</summary>
    public static string Then(string first, string second) => $"{first}, then {second}";
}

/// <summary>
/// Errors by the time between two captures of a subject and by its age: FNMR by time, by age, by both, and by the ages at both captures;
/// FMR within and between ages.
/// </summary>
internal sealed class Ageing
{
    private readonly List<(string By, string Band, OneWayRate Rate)> _bands = [];
    private readonly SlicingCounts[] _ages = [];
    private readonly int _minimum;

    public Ageing(Comparisons comparisons, AgeingPlan plan, double threshold, Protocol protocol)
    {
        _minimum = protocol.MinimumSubjects;
        var images = comparisons.Images!;
        Times = new CaptureTimes(images, plan);
        if (Times.HasYears)
            Add(AgeingNames.Years, pair => Band(Times.Years(pair.A, pair.B), plan.YearBands));
        if (!Times.HasAges)
            return;
        Add(AgeingNames.Age, pair => Band(Times.EarlierAge(pair.A, pair.B), plan.AgeBands));
        Add(AgeingNames.AgeAndYears, pair => Cross(
            Band(Times.EarlierAge(pair.A, pair.B), plan.AgeBands), Band(Times.Years(pair.A, pair.B), plan.YearBands), (a, b) =>
                $"{a} × {b}"));
        Add(AgeingNames.AgeThenAge, pair => Cross(
            Band(Times.EarlierAge(pair.A, pair.B), plan.AgeBands), Band(Times.LaterAge(pair.A, pair.B), plan.AgeBands), AgeingNames.Then));
        double[] adult = [0, plan.AdultAge];
        if (Times.HasChildren(plan.AdultAge))
            Add(AgeingNames.ChildAdult, pair => Cross(
                Word(Band(Times.EarlierAge(pair.A, pair.B), adult)), Word(Band(Times.LaterAge(pair.A, pair.B), adult)), AgeingNames.Then));
        // FMR by age × age is the matrix of a slicing by age; children and adults are another.
        IReadOnlyList<double>[] edges = Times.HasChildren(plan.AdultAge) ? [plan.AgeBands, adult] : [plan.AgeBands];
        if (threshold >= comparisons.ImpostorFloor)
            _ages = [.. edges.Select(bands => new SlicingCounts(
                comparisons, Slicing.Of(images, [plan.AgeColumn!], protocol with
                {
                    Bands = new Dictionary<string, IReadOnlyList<double>> { [plan.AgeColumn!] = bands },
                }), threshold, protocol))];

        void Add(string by, Func<(int A, int B), (double First, double Second, string Text)?> bandOf)
        {
            var counts = new SortedDictionary<(double, double, string), (long[] Errors, long[] Trials)>();
            for (var i = 0; i < comparisons.Mated.Count; i++)
            {
                var (a, b) = (comparisons.Mated.First[i], comparisons.Mated.Second[i]);
                if (bandOf((a, b)) is not { } band)
                    continue;
                if (!counts.TryGetValue(band, out var count))
                    counts[band] = count = (new long[images.Subjects.Count], new long[images.Subjects.Count]);
                count.Trials[images.SubjectOf[a]]++;
                if (comparisons.Mated.Scores[i] < threshold)
                    count.Errors[images.SubjectOf[a]]++;
            }
            foreach (var (band, count) in counts)
                _bands.Add((by, band.Item3, new OneWayRate(count.Errors, count.Trials)));
        }
    }

    /// <summary>Dates and ages of the photos.</summary>
    public CaptureTimes Times { get; }

    /// <summary>The rates for which intervals are wanted.</summary>
    public IEnumerable<SubjectRate> Rates => _bands.Select(b => (SubjectRate)b.Rate).Concat(_ages.SelectMany(a => a.Rates));

    /// <summary>Puts rates and intervals together.</summary>
    public IReadOnlyList<AgeingBand> Result(IReadOnlyList<BootstrapResult>? bootstrap) => [.. _bands.Select((b, i) => new AgeingBand(
        b.By,
        b.Band,
        b.Rate.Subjects,
        bootstrap is null ? b.Rate.Undrawn() : bootstrap[i].ToEstimate(),
        b.Rate.Subjects < _minimum))];

    /// <summary>FMR within and between bands of age, then among children, among adults and between the two.</summary>
    public IReadOnlyList<AgeCell> Matrix(IReadOnlyList<BootstrapResult>? bootstrap)
    {
        var cells = new List<AgeCell>();
        var place = _bands.Count;
        for (var m = 0; m < _ages.Length; m++)
        {
            var count = _ages[m].Rates.Count();
            var result = _ages[m].Result(bootstrap?.Skip(place).Take(count).ToArray());
            place += count;
            var by = m == 0 ? "age" : "child or adult";
            string Name(string band) => m == 0 ? band : band.EndsWith('+') ? "adult" : "child";
            cells.AddRange(result.Matrix.Select(c => new AgeCell(by, Name(c.First), Name(c.Second), c.Fmr, c.IsMarked)));
        }
        return cells;
    }

    internal static (double First, double Second, string Text)? Band(double number, IReadOnlyList<double> edges) =>
        double.IsNaN(number) || Bands.Of(number, edges) is not { } band ? null : (band.Edge, 0, band.Text);

    internal static (double First, double Second, string Text)? Cross(
        (double First, double Second, string Text)? x, (double First, double Second, string Text)? y, Func<string, string, string> join) =>
        x is { } a && y is { } b ? (a.First, b.First, join(a.Text, b.Text)) : null;

    internal static (double First, double Second, string Text)? Word((double First, double Second, string Text)? band) =>
        band is { } b ? (b.First, b.Second, b.First == 0 ? "child" : "adult") : null;
}

/// <summary>FMR within a band of age, or between two.</summary>
/// <param name="By"><c>age</c> or <c>child or adult</c>.</param>
/// <param name="First">One band.</param>
/// <param name="Second">The other, or the same.</param>
/// <param name="Fmr">The rate.</param>
/// <param name="IsMarked">Whether either band has fewer subjects than the protocol asks for.</param>
public sealed record AgeCell(string By, string First, string Second, RateEstimate Fmr, bool IsMarked);
