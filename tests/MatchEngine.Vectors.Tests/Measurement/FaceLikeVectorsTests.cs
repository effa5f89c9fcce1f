using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Measurement;

public class FaceLikeVectorsTests
{
    private readonly FaceLikeVectors _faces = new(512, seed: 1);

    [Fact]
    public void Impostor_and_genuine_scores_are_distributed_as_measured_on_faces()
    {
        var impostors = Enumerable.Range(0, 2000)
            .Select(i => Cosine(_faces.Encounter(2 * i, 0), _faces.Encounter((2 * i) + 1, 0))).ToArray();
        var genuine = Enumerable.Range(0, 1000).Select(i => Cosine(_faces.Encounter(i, 0), _faces.Encounter(i, 1))).ToArray();

        Assert.InRange(impostors.Average(), -0.01, 0.01);
        Assert.InRange(Deviation(impostors), 0.090, 0.112);
        Assert.InRange(genuine.Average(), 0.66, 0.72);
        Assert.InRange(Deviation(genuine), 0.10, 0.14);
    }

    [Fact]
    public void The_spectrum_decays_as_measured_on_faces()
    {
        var total = _faces.Spectrum.Sum();
        Assert.InRange(_faces.Spectrum.Take(36).Sum() / total, 0.49, 0.53);
        Assert.InRange(_faces.Spectrum.Take(103).Sum() / total, 0.89, 0.92);

        // And from the encounters alone: for unit vectors the participation ratio tr(C)² / tr(C²)
        // is one over the mean squared cosine of strangers.
        var squares = Enumerable.Range(0, 4000).Select(
            i => Math.Pow(Cosine(_faces.Encounter(2 * i, 0), _faces.Encounter((2 * i) + 1, 0)), 2));
        Assert.InRange(1 / squares.Average(), 84, 108);
    }

    [Fact]
    public void Encounters_are_reproducible_and_differ_from_each_other()
    {
        Assert.Equal(_faces.Encounter(7, 2), new FaceLikeVectors(512, seed: 1).Encounter(7, 2));
        Assert.NotEqual(_faces.Encounter(7, 2), _faces.Encounter(7, 3));
        Assert.NotEqual(_faces.Encounter(7, 2), _faces.Encounter(8, 2));
        Assert.NotEqual(_faces.Encounter(7, 2), new FaceLikeVectors(512, seed: 2).Encounter(7, 2));
    }

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }
        return dot / Math.Sqrt(aa * bb);
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
