using MatchEngine.Vectors.Measurement;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Tests.Sketches;

public class SketchBasisTests
{
    [Fact]
    public void An_estimate_differs_from_the_score_by_what_the_bound_allows()
    {
        var (basis, faces) = (Trained(256), new FaceLikeVectors(256, seed: 11));
        var codes = new byte[basis.Elements];
        var elements = new sbyte[basis.Elements];
        var z = SketchProbe.Quantile(20);
        var fitting = 0;
        for (var i = 0; i < 200; i++)
        {
            var probe = faces.Template(9000 + i, 0, Oracle.Model);
            var prepared = basis.Prepare(probe.Body, probe.Scale, elements);
            for (var j = 0; j < 20; j++)
            {
                // Strangers, and mates of every quality.
                var row = faces.Template(j < 10 ? 9500 + j : 9000 + i, j + 1, Oracle.Model);
                if (!basis.Encode(row.Body, row.Scale, codes))
                    continue;
                fitting++;
                var sum = codes.Zip(elements, (c, b) => c * b).Sum();
                Assert.True(
                    sum >= prepared.LeastSum(Oracle.Score(probe, row), z),
                    $"pair {i}, {j}: lost at its own score {Oracle.Score(probe, row)}");
            }
        }
        Assert.InRange(fitting, 3900, 4000);
    }

    [Fact]
    public void The_estimate_of_exactly_represented_vectors_is_their_product()
    {
        // Along the axes with a step of 1/8: 0.4375 is the code 11, 3.5 cells above the middle.
        var basis = Some(16, 8, step: 0.125f);
        var elements = new sbyte[8];
        float[] projected = [0.4375f, -0.4375f, 0.3125f, -0.0625f, 0.0625f, 0.1875f, -0.1875f, 0.4375f];
        var probe = basis.Prepare(projected, elements);
        var codes = new byte[8];
        var (residual, error) = basis.Quantise(projected, codes);
        Assert.Equal(0, error, 1e-6);
        Assert.Equal(Math.Sqrt(1 - projected.Sum(x => (double)x * x)), residual, 1e-6);
        Assert.Equal([11, 4, 10, 7, 8, 9, 6, 11], codes);
        var sum = codes.Zip(elements, (c, b) => c * b).Sum();
        Assert.Equal(projected.Sum(x => x * x), probe.Factor * (sum - probe.Offset), 0.005);
    }

    [Fact]
    public void A_higher_score_a_shorter_list_and_a_better_fit_need_higher_sums()
    {
        var basis = Trained(256);
        var probe = new FaceLikeVectors(256, seed: 11).Template(1, 0, Oracle.Model);
        var prepared = basis.Prepare(probe.Body, probe.Scale, new sbyte[basis.Elements]);
        var last = int.MinValue;
        for (var score = -1f; score <= 1; score += 0.05f)
        {
            var least = prepared.LeastSum(score, SketchProbe.Quantile(20));
            Assert.True(least > last);
            Assert.True(least > prepared.LeastSum(score, SketchProbe.Quantile(1000)));
            Assert.True(least < prepared.LeastSum(score, 0));
            last = least;
        }
        var alien = Oracle.Random(new Random(1), 256);
        var misfit = basis.Prepare(alien.Body, alien.Scale, new sbyte[basis.Elements]);
        Assert.True(misfit.SpreadAt(0.4f) > prepared.SpreadAt(0.4f));
        Assert.Equal(int.MinValue, prepared.LeastSum(float.NegativeInfinity, 5));
    }

    /// <summary>A basis along the axes.</summary>
    internal static SketchBasis Some(int dimension, int elements, float step = 0.1f)
    {
        var matrix = new float[elements * dimension];
        for (var i = 0; i < elements; i++)
            matrix[(i * dimension) + i] = 1;
        return new SketchBasis(
            1, dimension, matrix, [.. Enumerable.Repeat(step, elements)], new SketchErrors(1, 1, 0.3f, 0.03f, 0.1f, 0.03f, 0.1f, 1, 1));
    }

    internal static SketchBasis Trained(int dimension)
    {
        var faces = new FaceLikeVectors(dimension, seed: 11);
        float[] Vectors(int first, int subjects) => [.. Enumerable.Range(0, 2 * subjects).SelectMany(i =>
        {
            var template = faces.Template(first + (i / 2), i % 2, Oracle.Model);
            return template.Body.ToArray().Select(q => q * template.Scale);
        })];
        return SketchTraining.Train(
            1, dimension / 4, Vectors(0, 1500), Vectors(5000, 300), [.. Enumerable.Range(0, 600).Select(i => (long)i / 2)], dimension, 3000,
            TestContext.Current.CancellationToken);
    }
}
