using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Calibrations;

/// <summary>
/// Makes all calibrations of a data set from its labelled comparisons of different people: random pairs, same sex, same sex and race,
/// each group
/// with enough data, and the worst of those. Not safe for threads.
/// </summary>
/// <remarks>
/// <para><b>Intervals</b> are by person, for comparisons that share one are not independent: the dyadic cluster-robust variance of the
/// count
/// (Aronow, Samii and Assenova, Political Analysis 23, 2015), Σ over people of (their false matches less the expected ones)², less the
/// part of
/// single comparisons that this counts twice, and never below that of independent comparisons. The 95 % interval is symmetric in the
/// logarithm.</para>
/// <para><b>Enough data</b>: <see cref="LeastPeople"/> people, and <see cref="Calibration.MinimumErrors"/> false matches at the score
/// that one in a thousand random pairs reaches. Fifty people is what intervals by person need: where people differ as faces do (a standard
/// deviation of their own rates as large as the mean), they hold the truth in 90 to 93 % of simulated sets of 30 people and in 93 to 95 %
/// of 50 (the table of eval/README.md, spread 1); and the relative error of a rate over pairs of n such people, about 2/√n, is 0.28 for 50
/// and 0.37 for 30.</para>
/// <para><b>The worst group</b> has the highest rate at the score that one in ten thousand random pairs reaches, where floors and
/// thresholds lie, of the groups that have as many false matches there too; where none has, at one in a thousand. Groups that are too small
/// to be compared are named in its note, with the number of their people: the worst of all may be among them.</para>
/// </remarks>
public sealed class CalibrationBuilder
{
    /// <summary>The least number of people of a group that is calibrated.</summary>
    public const int LeastPeople = 50;

    /// <summary>A group has enough data where it has false matches at the score that this share of random pairs reaches.</summary>
    public const double SupportedRate = 1e-3;

    /// <summary>Groups are compared at the score that this share of random pairs reaches, where they have false matches there.</summary>
    public const double ComparedRate = 1e-4;

    // Every second cell of the grid: 0.02.
    private const int CellsPerRow = 2;
    private const double Deviate = 1.959964;

    private readonly Tally _random = new();
    private readonly Tally _sameSex = new();
    private readonly Tally _sameSexAndRace = new();
    private readonly Dictionary<string, Tally> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), string> _names = [];

    /// <summary>Adds a comparison of two different people.</summary>
    /// <param name="first">One person's number.</param>
    /// <param name="firstLabels">What is said of them.</param>
    /// <param name="second">The other one's.</param>
    /// <param name="secondLabels">What is said of them.</param>
    /// <param name="score">The score.</param>
    /// <exception cref="ArgumentException">It is one person, or the score is not a number.</exception>
    public void Add(int first, PersonLabels firstLabels, int second, PersonLabels secondLabels, float score)
    {
        if (first == second)
            throw new ArgumentException($"person {first} is compared with themself, and cannot be falsely matched", nameof(second));
        var cell = ScoreGrid.CellOf(score);
        _random.Add(first, second, cell);
        if (firstLabels.AgeBand is { } band && band == secondLabels.AgeBand)
            Group("age", band).Add(first, second, cell);
        if (firstLabels.Sex is not { } sex || sex != secondLabels.Sex)
            return;
        _sameSex.Add(first, second, cell);
        if (firstLabels.Race is not { } race || race != secondLabels.Race)
            return;
        _sameSexAndRace.Add(first, second, cell);
        Group(sex, race).Add(first, second, cell);
    }

    /// <summary>The calibrations.</summary>
    /// <param name="dataSet">The data set's name.</param>
    /// <param name="labels">Where its labels come from, in words; null when none was used.</param>
    /// <param name="notSupported">What the data cannot tell, in words.</param>
    /// <param name="note">What else a reader must know, or null.</param>
    /// <exception cref="InvalidOperationException">No comparison was added.</exception>
    public CalibrationSet Build(string dataSet, string? labels, IReadOnlyList<string> notSupported, string? note = null)
    {
        if (_random.Comparisons == 0)
            throw new InvalidOperationException("there is no comparison of different people; the data set needs photos of at least two");
        Calibration Of(Tally tally, Restriction restriction, string? group, string? remark = null)
        {
            var used = restriction == Restriction.RandomPairs ? null : labels;
            var population = new Population(dataSet, restriction, group, tally.People, tally.Comparisons, used, notSupported);
            return new(population, Rows(tally), remark ?? note);
        }
        var all = new List<Calibration> { Of(_random, Restriction.RandomPairs, null) };
        var reference = Reached(SupportedRate);
        if (Suffices(_sameSex, reference))
            all.Add(Of(_sameSex, Restriction.SameSex, null));
        if (Suffices(_sameSexAndRace, reference))
            all.Add(Of(_sameSexAndRace, Restriction.SameSexAndRace, null));
        var groups = _groups.Where(group => Suffices(group.Value, reference)).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        all.AddRange(groups.Select(group => Of(group.Value, Restriction.Group, group.Key)));
        if (groups.Count > 0)
        {
            var far = Reached(ComparedRate);
            var compared = groups.Where(group => Suffices(group.Value, far)).ToList();
            if (compared.Count == 0)
                (far, compared) = (reference, groups);
            var worst = compared.MaxBy(group => (double)group.Value.Reaching(far) / group.Value.Comparisons);
            all.Add(Of(worst.Value, Restriction.WorstGroup, worst.Key, Remark(note, compared.Select(group => group.Key).ToHashSet())));
        }
        return new CalibrationSet(all);
    }

    private static bool Suffices(Tally tally, int reference) =>
        tally.People >= LeastPeople && tally.Reaching(reference) >= Calibration.MinimumErrors;

    // The worst group of all may be among those that are too small to say so.
    private string? Remark(string? note, HashSet<string> compared)
    {
        var small = _groups.Where(group => !compared.Contains(group.Key)).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} ({group.Value.People} people)").ToList();
        if (small.Count == 0)
            return note;
        var left = $"Too little data to be compared, so the worst group of all may be among them: {string.Join("; ", small)}.";
        return note is null ? left : $"{note.TrimEnd('.')}. {left}";
    }

    private Tally Group(string first, string second)
    {
        // The name of a group is made once, not for each of millions of comparisons.
        if (!_names.TryGetValue((first, second), out var name))
            _names[(first, second)] = name = $"{first}, {second}";
        if (!_groups.TryGetValue(name, out var tally))
            _groups[name] = tally = new Tally();
        return tally;
    }

    /// <summary>The highest cell that at least a share of the random pairs reaches.</summary>
    private int Reached(double rate)
    {
        var cell = ScoreGrid.Cells - 1;
        while (cell > 0 && _random.Reaching(cell) < rate * _random.Comparisons)
            cell--;
        return cell;
    }

    /// <summary>From the score that half of the comparisons reach to the first that none does.</summary>
    private static List<CalibrationPoint> Rows(Tally tally)
    {
        var first = 0;
        while (first + CellsPerRow < ScoreGrid.Cells && 2 * tally.Reaching(first + CellsPerRow) >= tally.Comparisons)
            first += CellsPerRow;
        var rows = new List<CalibrationPoint>();
        for (var cell = first; cell < ScoreGrid.Cells && (rows.Count == 0 || rows[^1].FalseMatches > 0); cell += CellsPerRow)
        {
            var count = tally.Reaching(cell);
            (double Low, double High)? interval = count >= Calibration.MinimumErrors ? tally.Interval(cell) : null;
            rows.Add(new CalibrationPoint(ScoreGrid.ScoreAt(cell), count, interval?.Low, interval?.High));
        }
        return rows;
    }

    /// <summary>Comparisons by cell, of all and of each person.</summary>
    private sealed class Tally
    {
        private readonly long[] _cells = new long[ScoreGrid.Cells];
        private readonly Dictionary<int, int[]> _byPerson = [];

        public long Comparisons { get; private set; }

        public int People => _byPerson.Count;

        public void Add(int first, int second, int cell)
        {
            Comparisons++;
            _cells[cell]++;
            Of(first)[cell]++;
            Of(second)[cell]++;
        }

        public long Reaching(int cell) => Sum(_cells, cell);

        public (double Low, double High) Interval(int cell)
        {
            var count = Reaching(cell);
            var rate = (double)count / Comparisons;
            var squares = 0.0;
            foreach (var person in _byPerson.Values)
            {
                var residual = Sum(person, cell) - rate * Sum(person, 0);
                squares += residual * residual;
            }
            var single = count * (1 - rate);
            var spread = Deviate * Math.Sqrt(Math.Max(single, squares - single)) / count;
            return (rate * Math.Exp(-spread), Math.Min(1, rate * Math.Exp(spread)));
        }

        private int[] Of(int person)
        {
            if (!_byPerson.TryGetValue(person, out var cells))
                _byPerson[person] = cells = new int[ScoreGrid.Cells];
            return cells;
        }

        private static long Sum(ReadOnlySpan<long> cells, int from)
        {
            var sum = 0L;
            foreach (var count in cells[from..])
                sum += count;
            return sum;
        }

        private static long Sum(ReadOnlySpan<int> cells, int from)
        {
            var sum = 0L;
            foreach (var count in cells[from..])
                sum += count;
            return sum;
        }
    }
}
