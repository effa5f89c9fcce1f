using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Measurement;

public class GrowthFitTests
{
    [Fact]
    public void A_power_law_is_found_again()
    {
        var fit = GrowthFit.Of([(1000, 3 * Math.Pow(1000, 0.7)), (10_000, 3 * Math.Pow(10_000, 0.7)), (1e6, 3 * Math.Pow(1e6, 0.7))])!;
        Assert.Equal(3, fit.Factor, 1e-6);
        Assert.Equal(0.7, fit.Exponent, 1e-9);
        Assert.Equal(0, fit.ExponentError!.Value, 1e-6);
        Assert.Equal(3, fit.Sizes);
    }

    [Fact]
    public void The_error_is_that_of_a_regression_of_logarithms()
    {
        (double, double)[] times = [(1, 1), (2, 3), (4, 4), (8, 9)];
        var fit = GrowthFit.Of(times)!;
        // A second way: the slope by the normal equations of every pair of points, the error by its own sum.
        double[] x = [0, Math.Log(2), Math.Log(4), Math.Log(8)], y = [0, Math.Log(3), Math.Log(4), Math.Log(9)];
        double top = 0, bottom = 0;
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < i; j++)
            {
                top += (x[i] - x[j]) * (y[i] - y[j]);
                bottom += (x[i] - x[j]) * (x[i] - x[j]);
            }
        }
        Assert.Equal(top / bottom, fit.Exponent, 1e-12);
        var left = x.Zip(y, (a, b) => Math.Pow(b - Math.Log(fit.Factor) - (fit.Exponent * a), 2)).Sum();
        Assert.Equal(Math.Sqrt(left / 2 / (bottom / 4)), fit.ExponentError!.Value, 1e-12);
    }

    [Fact]
    public void Two_sizes_always_fit_and_one_says_nothing()
    {
        Assert.Null(GrowthFit.Of([(1000, 5)]));
        Assert.Null(GrowthFit.Of([(1000, 5), (2000, 10)])!.ExponentError);
    }

    [Fact]
    public void Sizes_and_times_are_above_nothing_and_stand_there_once()
    {
        Assert.Throws<ArgumentException>(() => GrowthFit.Of([(0, 1), (1, 1)]));
        Assert.Throws<ArgumentException>(() => GrowthFit.Of([(1, double.NaN), (2, 1)]));
        Assert.Throws<ArgumentException>(() => GrowthFit.Of([(1, 1), (1, 2)]));
    }
}
