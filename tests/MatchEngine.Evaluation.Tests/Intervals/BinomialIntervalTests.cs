using System.Globalization;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Intervals;

public class BinomialIntervalTests
{
    [Fact]
    public void Wilson_and_Clopper_Pearson_agree_with_the_table_of_known_answers()
    {
        var rows = File.ReadLines(TestData.Require("oracle/binomial_ci_known_answers.csv")).Skip(1)
            .Select(line => line.Split(',')).ToArray();
        Assert.True(rows.Length >= 17);
        foreach (var row in rows)
        {
            var (k, n) = (long.Parse(row[0], CultureInfo.InvariantCulture), long.Parse(row[1], CultureInfo.InvariantCulture));
            double Expected(int column) => double.Parse(row[column], CultureInfo.InvariantCulture);
            var exact = BinomialInterval.ClopperPearson(k, n);
            var wilson = BinomialInterval.Wilson(k, n);
            Assert.Equal(Expected(3), exact.Low, 1e-9);
            Assert.Equal(Expected(4), exact.High, 1e-9);
            Assert.Equal(Expected(5), wilson.Low, 1e-9);
            Assert.Equal(Expected(6), wilson.High, 1e-9);
            if (k == 0)
                Assert.Equal(Expected(7), BinomialInterval.ZeroErrorBound(n), 1e-12);
        }
    }

    [Theory]
    [InlineData(5, 100)]
    [InlineData(30, 1_000_000)]
    [InlineData(95, 100)]
    public void At_the_ends_of_a_Clopper_Pearson_interval_the_binomial_tail_is_two_and_a_half_percent(int errors, int trials)
    {
        var interval = BinomialInterval.ClopperPearson(errors, trials);
        Assert.Equal(0.025, 1 - Below(errors, trials, interval.Low), 1e-6);
        Assert.Equal(0.025, Below(errors + 1, trials, interval.High), 1e-6);
    }

    [Fact]
    public void Counts_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialInterval.Wilson(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialInterval.Wilson(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialInterval.ClopperPearson(6, 5));
    }

    // P(X < k) of a binomial, summed term by term.
    private static double Below(int k, int n, double p)
    {
        var (sum, logTerm) = (0.0, n * Math.Log(1 - p));
        for (var i = 0; i < k; i++)
        {
            sum += Math.Exp(logTerm);
            logTerm += Math.Log((double)(n - i) / (i + 1)) + Math.Log(p / (1 - p));
        }
        return sum;
    }
}
