using MatchEngine.Rates.Tails;

namespace MatchEngine.Rates.Cohorts;

/// <summary>
/// Holds what searches said of strangers against the strangers that came, for probes whose person is known: the check of
/// <see cref="TailFit"/> on data. Not safe for threads.
/// </summary>
/// <remarks>
/// The interval is by person. A person is in the sum by their own searches and, as a stranger, in those of others. With
/// ln(predicted/counted) made linear, a
/// person's part is Pₐ/P − Cₐ/C for the predictions and strangers of their own searches, and 1/G − Sₐ/C for the times they were a
/// stranger among the G people
/// of the gallery; squares over people are added, less the single strangers' part that is counted twice (as in
/// <see cref="Calibrations.CalibrationBuilder"/>), and never below 1/C. Limits are those of Student's t with as many degrees of freedom
/// as there are people in the probes, less one.
/// </remarks>
public sealed class CohortTally
{
    private const double Deviate = 1.959964;

    private readonly double[] _floors;
    private readonly Dictionary<string, Slice> _slices = new(StringComparer.Ordinal);

    /// <summary>Begins.</summary>
    /// <param name="floors">The floors, any order.</param>
    public CohortTally(params IReadOnlyList<double> floors)
    {
        ArgumentNullException.ThrowIfNull(floors);
        _floors = [.. floors];
        if (_floors.Length == 0 || Array.Exists(_floors, double.IsNaN))
            throw new ArgumentException("floors are one number or more", nameof(floors));
    }

    /// <summary>Adds a search.</summary>
    /// <param name="slices">The slices that the probe belongs to.</param>
    /// <param name="person">The probe's person.</param>
    /// <param name="fit">What the search said.</param>
    /// <param name="strangers">The best score of each other person at or above the lowest floor, with the person's number; others may be
    /// there too.</param>
    public void Add(IEnumerable<string> slices, int person, TailFit fit, IReadOnlyCollection<(int Person, float Score)> strangers)
    {
        ArgumentNullException.ThrowIfNull(slices);
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(strangers);
        var predicted = Array.ConvertAll(_floors, floor => Said(fit, floor));
        foreach (var name in slices)
        {
            if (!_slices.TryGetValue(name, out var slice))
                _slices[name] = slice = new Slice(_floors.Length);
            for (var i = 0; i < _floors.Length; i++)
            {
                var floor = (float)_floors[i];
                var came = strangers.Where(stranger => stranger.Score >= floor).Select(stranger => stranger.Person);
                slice.Floors[i].Add(person, predicted[i], fit.Comparisons, came);
            }
        }
    }

    /// <summary>The table: slices by name, floors as they were given.</summary>
    public IReadOnlyList<CohortRow> ToRows() =>
    [
        .. _slices
            .OrderBy(slice => slice.Key, StringComparer.Ordinal)
            .SelectMany(slice => slice.Value.Floors.Select((sum, i) => sum.ToRow(slice.Key, _floors[i]))),
    ];

    // Far in the tail a search prints a bound; the sum over thousands of searches needs the number behind it.
    private static double? Said(TailFit fit, double floor) => fit.Above(floor).High is null ? null : fit.Moments(floor).Mean;

    private sealed class Slice(int floors)
    {
        public Sums[] Floors { get; } = [.. Enumerable.Range(0, floors).Select(_ => new Sums())];
    }

    private sealed class Sums
    {
        private readonly Dictionary<int, (double Predicted, long Counted, long AsStranger)> _people = [];
        private readonly HashSet<int> _probes = [];
        private int _searches;
        private int _unsaid;
        private double _predicted;
        private long _counted;
        private long _gallery;

        public void Add(int person, double? predicted, long gallery, IEnumerable<int> strangers)
        {
            _gallery = Math.Max(_gallery, gallery);
            if (predicted is not { } number)
            {
                _unsaid++;
                return;
            }
            _searches++;
            _probes.Add(person);
            var came = 0L;
            foreach (var stranger in strangers)
            {
                came++;
                var times = _people.GetValueOrDefault(stranger);
                _people[stranger] = times with { AsStranger = times.AsStranger + 1 };
            }
            var own = _people.GetValueOrDefault(person);
            _people[person] = own with { Predicted = own.Predicted + number, Counted = own.Counted + came };
            _predicted += number;
            _counted += came;
        }

        public CohortRow ToRow(string slice, double floor)
        {
            var (low, high) = Limits();
            return new CohortRow(slice, floor, _searches, _probes.Count, _unsaid, _predicted, _counted, low, high);
        }

        // The 0.975 quantile of Student's t, by Cornish and Fisher's expansion about the normal one (Abramowitz and Stegun 26.7.5): what
        // few people differ by
        // is itself hardly known. Of one person nothing is; as with two.
        private static double Quantile(int freedom)
        {
            double n = Math.Max(1, freedom);
            var (z, third, fifth) = (Deviate, Math.Pow(Deviate, 3), Math.Pow(Deviate, 5));
            return z + (third + z) / (4 * n) + (5 * fifth + 16 * third + 3 * z) / (96 * n * n);
        }

        private (double Low, double High) Limits()
        {
            // With none counted, up to 2.996 may have been expected (the rule of three).
            if (_counted == 0)
                return (_predicted / Calibrations.PoissonLimit.Upper95(0), double.PositiveInfinity);
            if (_predicted <= 0)
                return (0, 0);
            var squares = 0.0;
            foreach (var (predicted, counted, asStranger) in _people.Values)
            {
                var part = predicted / _predicted - (double)counted / _counted;
                // Those of the gallery who never were a stranger would add 1/G together: nothing beside 1/C.
                if (asStranger > 0)
                    part += 1.0 / _gallery - (double)asStranger / _counted;
                squares += part * part;
            }
            var single = 1.0 / _counted;
            var spread = Quantile(_probes.Count - 1) * Math.Sqrt(Math.Max(single, squares - single));
            return (_predicted / _counted * Math.Exp(-spread), _predicted / _counted * Math.Exp(spread));
        }
    }
}
