namespace MatchEngine.Rates.Calibrations;

/// <summary>Upper limits of a one-sided 95 % confidence interval of a Poisson mean (Garwood, Biometrika 28, 1936).</summary>
internal static class PoissonLimit
{
    // Half the 0.95 quantile of chi-square with 2e + 2 degrees of freedom, for e = 0 … 9. The first is the "rule of three".
    private static readonly double[] Exact = [2.996, 4.744, 6.296, 7.754, 9.154, 10.513, 11.842, 13.148, 14.435, 15.705];

    /// <summary>The limit when a number of events was seen. Above nine, Wilson and Hilferty's cube (PNAS 17, 1931), right to a
    /// thousandth.</summary>
    /// <param name="events">0 or more.</param>
    public static double Upper95(long events)
    {
        if (events < Exact.Length)
            return Exact[events];
        var degrees = events + 1.0;
        var root = 1 - 1 / (9 * degrees) + 1.6448536 / (3 * Math.Sqrt(degrees));
        return degrees * root * root * root;
    }
}
