using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Measurement;
using MathNet.Numerics.LinearAlgebra;

namespace MatchEngine.Benchmarks.Index;

/// <summary>
/// What decides how hard a set of face templates is to search: the scores of all its pairs and the spectrum of its people.
/// </summary>
internal sealed class FaceStatistics
{
    private readonly double[] _spectrum;

    /// <summary>Compares all templates and probes of a gallery with each other.</summary>
    public FaceStatistics(FaceGallery gallery)
    {
        var vectors = gallery.Templates.Concat(gallery.Probes).Select(Unit).ToArray();
        long[] subjects = [.. gallery.Subjects, .. gallery.ProbeSubjects];
        Parallel.For(0, vectors.Length, () => (Impostors: new ScoreHistogram(), Genuine: new ScoreHistogram()), (i, _, mine) =>
        {
            for (var j = i + 1; j < vectors.Length; j++)
                (subjects[i] == subjects[j] ? mine.Genuine : mine.Impostors).Add(FloatDot.Of(vectors[i], vectors[j]));
            return mine;
        }, mine =>
        {
            lock (vectors)
            {
                Impostors.Add(mine.Impostors);
                Genuine.Add(mine.Genuine);
            }
        });
        // People who were photographed often would bend the spectrum: one encounter of each.
        var people = Matrix<double>.Build.DenseOfRowArrays(
            vectors.Zip(subjects).DistinctBy(pair => pair.Second).Select(pair => Array.ConvertAll(pair.First, x => (double)x)));
        var centre = people.ColumnSums() / people.RowCount;
        for (var row = 0; row < people.RowCount; row++)
            people.SetRow(row, people.Row(row) - centre);
        _spectrum = [.. (people.TransposeThisAndMultiply(people) / people.RowCount).Evd(Symmetricity.Symmetric).EigenValues
            .Select(value => Math.Max(0, value.Real)).OrderDescending()];
    }

    /// <summary>Scores between different people.</summary>
    public ScoreHistogram Impostors { get; } = new();

    /// <summary>Scores between encounters of one person.</summary>
    public ScoreHistogram Genuine { get; } = new();

    /// <summary>The participation ratio of the covariance's spectrum: (Σλ)² / Σλ², from 1 to the dimension.</summary>
    public double Participation => Math.Pow(_spectrum.Sum(), 2) / _spectrum.Sum(value => value * value);

    /// <summary>How many of the strongest directions hold a share of the variance.</summary>
    public int Directions(double share)
    {
        var (sum, count, all) = (0.0, 0, _spectrum.Sum());
        while (sum < share * all)
            sum += _spectrum[count++];
        return count;
    }

    private static float[] Unit(MatchEngine.Vectors.Template template)
    {
        var x = template.Float16.ToArray().Select(value => (float)value).ToArray();
        var length = MathF.Sqrt(FloatDot.Of(x, x));
        return Array.ConvertAll(x, value => value / length);
    }
}
