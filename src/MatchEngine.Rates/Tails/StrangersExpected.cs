namespace MatchEngine.Rates.Tails;

/// <summary>
/// How many people who are not the probe's person are expected, on average, to reach a score in this search by chance: the mean number
/// over searches with probes such as this one in a gallery such as this one. It is not the probability that a candidate is or is not the
/// probe's person, and the number that comes in one search scatters about it.
/// </summary>
public sealed record StrangersExpected
{
    // The 0.975 quantile of the standard normal distribution.
    private const double Deviate = 1.959964;

    // A tail that only resembles a Pareto one departs from the fit the further, the fewer scores lie there to hold it: from ten on
    // downwards by so much in
    // the logarithm for each factor e. Chosen on simulated normal tails and mixtures, whose true numbers are known (README.md).
    private const double ModelError = 0.2;
    private const double MostBacked = 10;

    // Below this a bound is all that is said, and the square of the mean has too few digits left.
    private const double LeastMean = 1e-9;

    private StrangersExpected()
    {
    }

    /// <summary>The number, or null where it cannot be said.</summary>
    public double? Value { get; private init; }

    /// <summary>The lower limit of a 95 % interval of the expected number; 0 where only a bound is given, null where nothing can be
    /// said.</summary>
    public double? Low { get; private init; }

    /// <summary>The upper limit of a 95 % interval of the expected number; also a bound where there is no value; null where nothing can
    /// be said.</summary>
    public double? High { get; private init; }

    /// <summary>How many subjects the probe was compared with.</summary>
    public long Comparisons { get; private init; }

    /// <summary>Who they are, in words.</summary>
    public required string Population { get; init; }

    /// <summary>Why there is no value.</summary>
    public UnsaidReason Reason { get; private init; }

    /// <summary>The variance of the estimate, by which sums have an interval.</summary>
    internal double Variance { get; private init; }

    /// <summary>Over how many searches it is summed that err alike: the model departs by what one of them expects.</summary>
    private long Searches { get; init; } = 1;

    /// <summary>An answer that says why there is no number.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="comparisons">How many subjects were compared.</param>
    /// <param name="population">Who they are.</param>
    public static StrangersExpected Unsaid(UnsaidReason reason, long comparisons, string population)
    {
        if (reason is UnsaidReason.None or UnsaidReason.BeyondTail)
            throw new ArgumentException($"'{reason}' is no reason to say nothing", nameof(reason));
        return new StrangersExpected { Reason = reason, Comparisons = comparisons, Population = population };
    }

    /// <summary>The number above the floor for all faces of a probe together. Candidates of one list may then come from any of the
    /// faces.</summary>
    /// <param name="faces">The numbers of the faces, at least one. The estimates are taken as independent.</param>
    /// <returns>Null values where a face has none; a face that has a bound alone (<see cref="UnsaidReason.BeyondTail"/>) adds its
    /// bound.</returns>
    /// <exception cref="ArgumentException">There is no face.</exception>
    public static StrangersExpected Sum(params IReadOnlyList<StrangersExpected> faces)
    {
        ArgumentNullException.ThrowIfNull(faces);
        if (faces.Count == 0)
            throw new ArgumentException("there is no face", nameof(faces));
        var comparisons = faces.Sum(face => face.Comparisons);
        var population = string.Join("; ", faces.Select(face => face.Population).Distinct());
        if (faces.FirstOrDefault(face => face.High is null) is { } unsaid)
            return Unsaid(unsaid.Reason, comparisons, population);
        var bounds = faces.Where(face => face.Value is null).Sum(face => face.High!.Value);
        if (faces.All(face => face.Value is null))
            return Bounded(0, 0, bounds, comparisons, population);
        var sum = Said(faces.Sum(face => face.Value ?? 0), faces.Sum(face => face.Variance), comparisons, population);
        return sum with { High = Math.Max(sum.Value!.Value, Math.Min(sum.High!.Value + bounds, comparisons)) };
    }

    /// <summary>The number in many searches together, such as those of everybody in a gallery, from a random sample of them.</summary>
    /// <param name="sample">The numbers of the sample, at least one.</param>
    /// <param name="searches">How many searches there are, those of the sample among them.</param>
    /// <param name="population">Who is compared with whom, in words.</param>
    /// <returns>
    /// The sample's mean for each search. The interval has what the sample leaves open, the errors of its numbers, and of the model what
    /// one search has, since the model errs alike in all of them. Null values as in <see cref="Sum"/>.
    /// </returns>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer searches than in the sample.</exception>
    public static StrangersExpected OfSample(IReadOnlyList<StrangersExpected> sample, long searches, string population)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentException.ThrowIfNullOrWhiteSpace(population);
        if (sample.Count == 0)
            throw new ArgumentException("there is no sample", nameof(sample));
        ArgumentOutOfRangeException.ThrowIfLessThan(searches, sample.Count);
        var comparisons = (long)(sample.Average(one => (double)one.Comparisons) * searches);
        if (sample.FirstOrDefault(one => one.High is null) is { } unsaid)
            return Unsaid(unsaid.Reason, comparisons, population);
        var bounds = searches * sample.Average(one => one.Value is null ? one.High!.Value : 0);
        var mean = sample.Average(one => one.Value ?? 0);
        if (mean == 0)
            return Bounded(0, 0, bounds, comparisons, population);
        var scatter = sample.Count == 1 ? mean * mean : sample.Sum(one => Square((one.Value ?? 0) - mean)) / (sample.Count - 1);
        var left = 1 - (double)sample.Count / searches;
        var variance = Square(searches) * (scatter * left + sample.Average(one => one.Variance)) / sample.Count;
        var all = Said(searches * mean, variance, comparisons, population, searches);
        return all with { High = Math.Min(all.High!.Value + bounds, Math.Max(all.Value!.Value, comparisons)) };

        static double Square(double x) => x * x;
    }

    /// <summary>The number among some of the people: a share by their number, for they are taken to be like the others.</summary>
    /// <param name="people">How many of those compared, 0 … <see cref="Comparisons"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public StrangersExpected Among(long people)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(people);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(people, Comparisons);
        if (people == Comparisons)
            return this;
        var share = (double)people / Comparisons;
        return High is null ? this with { Comparisons = people }
            : Value is not { } value ? Bounded(0, 0, share * High.Value, people, Population)
            : people == 0 ? Bounded(0, 0, 0, 0, Population)
            : Said(share * value, share * share * Variance, people, Population, Searches);
    }

    /// <summary>A number with the interval of a lognormal distribution of its mean and variance: it cannot be negative, and is
    /// skewed.</summary>
    internal static StrangersExpected Said(double mean, double variance, long comparisons, string population, long searches = 1)
    {
        var (low, high) = Interval(mean, variance, searches);
        return new StrangersExpected
        {
            Value = mean,
            Low = low,
            // Nobody is expected who was not compared.
            High = Math.Max(mean, Math.Min(high, comparisons)),
            Comparisons = comparisons,
            Population = population,
            Variance = variance,
            Searches = searches,
        };
    }

    internal static StrangersExpected Bounded(double mean, double variance, double bound, long comparisons, string population) => new()
    {
        Low = 0,
        High = Math.Max(bound, mean > LeastMean ? Interval(mean, variance, searches: 1).High : 0),
        Comparisons = comparisons,
        Population = population,
        Reason = UnsaidReason.BeyondTail,
    };

    private static (double Low, double High) Interval(double mean, double variance, long searches)
    {
        var logVariance = Math.Log(1 + variance / (mean * mean));
        var model = ModelError * Math.Max(0, Math.Log(MostBacked * searches / mean));
        // The median of a lognormal distribution lies below its mean. What the model may be wrong by moves neither.
        var (centre, spread) = (Math.Log(mean) - logVariance / 2, Deviate * Math.Sqrt(logVariance + model * model));
        return (Math.Exp(centre - spread), Math.Max(mean, Math.Exp(centre + spread)));
    }
}
