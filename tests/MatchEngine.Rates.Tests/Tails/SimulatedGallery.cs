using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tests.Tails;

/// <summary>Strangers' scores from a distribution that is known, so that the true number above any score is.</summary>
/// <param name="Draw">One stranger's score.</param>
/// <param name="Survival">The share of strangers at or above a score.</param>
internal sealed record SimulatedGallery(Func<Random, double> Draw, Func<double, double> Survival)
{
    public static SimulatedGallery Normal(double mean, double deviation) => new(
        random => mean + deviation * Gauss(random),
        score => 1 - MathNet.Numerics.Distributions.Normal.CDF(mean, deviation, score));

    /// <summary>A share of the gallery is of the probe's kind, as adults are for an adult's probe in a gallery full of children.</summary>
    public static SimulatedGallery Mixture(double share, SimulatedGallery alike, SimulatedGallery others) => new(
        random => random.NextDouble() < share ? alike.Draw(random) : others.Draw(random),
        score => share * alike.Survival(score) + (1 - share) * others.Survival(score));

    /// <summary>A tenth beyond 0.15 with a generalised Pareto tail; evenly spread below, with the same density at the threshold.</summary>
    public static SimulatedGallery Pareto(double shape, double scale)
    {
        const double Threshold = 0.15;
        var width = 9 * scale;
        return new(
            random =>
            {
                var share = 1 - random.NextDouble();
                return share > 0.1
                    ? Threshold - width * (share - 0.1) / 0.9
                    : Threshold + scale / shape * (Math.Pow(share / 0.1, -shape) - 1);
            },
            score => score < Threshold
                ? 0.1 + 0.9 * Math.Min(1, (Threshold - score) / width)
                : 0.1 * Math.Pow(Math.Max(0, 1 + shape * (score - Threshold) / scale), -1 / shape));
    }

    /// <summary>The score that a number of strangers among so many is expected to reach.</summary>
    public double ScoreWith(double strangers, long subjects)
    {
        var (low, high) = (-1.0, 1.0);
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = Survival(middle) * subjects > strangers ? (middle, high) : (low, middle);
        }
        return low;
    }

    /// <summary>A search: so many strangers, and perhaps mates with these scores.</summary>
    /// <param name="random">The randomness.</param>
    /// <param name="strangers">How many strangers.</param>
    /// <param name="possibleMates">As the search states it.</param>
    /// <param name="estimateDeviation">The deviation of the error by which scores are known to the scan.</param>
    /// <param name="mates">Scores of those who are the probe's person.</param>
    public ScoreSummary Search(Random random, int strangers, int possibleMates = 1, double estimateDeviation = 0, params float[] mates)
    {
        var counts = new long[ScoreGrid.Cells];
        var best = new List<BestSubject>(strangers + mates.Length);
        void Add(float score)
        {
            var counted = estimateDeviation == 0 ? score : (float)(score + estimateDeviation * Gauss(random));
            counts[ScoreGrid.CellOf(counted)]++;
            best.Add(new BestSubject(score, counted));
        }
        for (var i = 0; i < strangers; i++)
            Add((float)Draw(random));
        foreach (var mate in mates)
            Add(mate);
        best.Sort();
        return ScoreSummary.Of(
            strangers + mates.Length, possibleMates, 0, counts, [.. best.Take(ScoreSummary.BestKept)],
                estimateDeviation * estimateDeviation);
    }

    public static double Gauss(Random random) => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
}
