using MatchEngine.Vectors.Measurement;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Tests.Sketches;

public class SketchTrainingTests
{
    [Fact]
    public void Directions_are_orthonormal_and_hold_as_much_as_the_spectrum_promises()
    {
        var basis = SketchBasisTests.Trained(256);
        for (var i = 0; i < basis.Elements; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double dot = 0;
                for (var k = 0; k < 256; k++)
                    dot += (double)basis.Matrix[(i * 256) + k] * basis.Matrix[(j * 256) + k];
                Assert.Equal(i == j ? 1 : 0, dot, 1e-5);
            }
        }
        var spectrum = new FaceLikeVectors(256, seed: 11).Spectrum.ToArray();
        var outside = 1 - (spectrum.Take(basis.Elements).Sum() / spectrum.Sum());
        Assert.InRange(basis.Errors.ResidualMean * basis.Errors.ResidualMean, 0.8 * outside, 1.25 * outside);
        // Max's quantiser of 16 levels has the squared error 0.01154 at a step of 0.3352 deviations.
        Assert.Equal(0.01154 / (0.3352 * 0.3352), basis.Errors.CodeError, 0.01);
        Assert.InRange(basis.Errors.Tail, 1f, 3f);
    }

    [Theory]
    [InlineData(0.158655, 1)]
    [InlineData(0.02275, 2)]
    [InlineData(2.866516e-7, 5)]
    [InlineData(9.865876e-10, 6)]
    public void Normal_quantiles_are_those_of_the_tables(double probability, double quantile) =>
        Assert.Equal(quantile, SketchTraining.NormalQuantile(probability), 6e-4);

    [Fact]
    public void A_cancelled_training_has_no_result() => Assert.ThrowsAny<OperationCanceledException>(() =>
        SketchTraining.Train(1, 8, new float[64 * 16], new float[64 * 16], new long[64], 16, 64, new CancellationToken(canceled: true)));
}
