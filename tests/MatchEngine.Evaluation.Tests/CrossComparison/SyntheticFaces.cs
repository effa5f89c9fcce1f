using System.Globalization;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Tests.CrossComparison;

/// <summary>
/// Embeddings that look like those of faces: a centroid per subject in a spectrum that falls by 1/e every 50 directions (participation
/// ratio 100, half of the variance in 35), photos around it; impostor scores about 0 ± 0.1, mated about 0.69.
/// Isotropic noise would be another problem.
/// </summary>
internal static class SyntheticFaces
{
    /// <summary>Makes a set; subject s has photosOf(s) photos.</summary>
    public static (EmbeddingSet Embeddings, DataSet Images) Make(
        int subjects, Func<int, int> photosOf, int dimension = 512, ulong seed = 1,
        Dictionary<string, Func<int, int, string>>? columns = null, Func<int, int, double>? noise = null, Func<int, double>? common = null)
    {
        var rows = Enumerable.Range(0, subjects)
            .SelectMany(s => Enumerable.Range(0, photosOf(s)).Select(p => (Subject: s, Photo: p))).ToArray();
        var values = new float[rows.Length][];
        var first = new int[subjects];
        for (var i = rows.Length - 1; i >= 0; i--)
            first[rows[i].Subject] = i;
        Parallel.For(0, subjects, s =>
        {
            var random = new RandomStream(seed, (ulong)s);
            var centre = Draw(ref random, dimension, null, 0);
            // A shared direction makes the people of a group more alike.
            if (common?.Invoke(s) is { } share and > 0)
            {
                for (var k = 0; k < dimension; k++)
                    centre[k] = (float)(Math.Sqrt(1 - share) * centre[k] + (k == 0 ? Math.Sqrt(share) : 0));
            }
            for (var p = 0; p < photosOf(s); p++)
                values[first[s] + p] = Draw(ref random, dimension, centre, noise?.Invoke(s, p) ?? 0.67);
        });
        string Name(int s, int p) => string.Create(CultureInfo.InvariantCulture, $"s{s:D6}/p{p:D3}.jpg");
        var set = new EmbeddingSet(dimension, rows.Length);
        for (var i = 0; i < rows.Length; i++)
            set.Add(Name(rows[i].Subject, rows[i].Photo), values[i], string.Create(CultureInfo.InvariantCulture, $"digest-{i}"));
        var labels = (columns ?? []).ToDictionary(c => c.Key, c => rows.Select(r => c.Value(r.Subject, r.Photo)).ToArray());
        var images = new DataSet(
            "synthetic",
            [.. rows.Select(r => Name(r.Subject, r.Photo))],
            [.. rows.Select(r => string.Create(CultureInfo.InvariantCulture, $"s{r.Subject:D6}"))],
            labels,
            labels.Keys.ToDictionary(c => c, _ => "recorded"));
        return (set, images);
    }

    private static float[] Draw(ref RandomStream random, int dimension, float[]? centre, double noise)
    {
        var vector = new float[dimension];
        var decay = dimension * 50.0 / 512;
        for (var k = 0; k < dimension; k += 2)
        {
            // Box and Muller: two normal deviates at a time.
            var (u, v) = (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), 2 * Math.PI * random.NextDouble());
            vector[k] = (float)(Math.Exp(-k / decay / 2) * u * Math.Cos(v));
            if (k + 1 < dimension)
                vector[k + 1] = (float)(Math.Exp(-(k + 1) / decay / 2) * u * Math.Sin(v));
        }
        Normalise(vector);
        if (centre is not null)
        {
            for (var k = 0; k < dimension; k++)
                vector[k] = (float)(centre[k] + noise * vector[k]);
            Normalise(vector);
        }
        return vector;
    }

    private static void Normalise(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(v => (double)v * v));
        for (var k = 0; k < vector.Length; k++)
            vector[k] = (float)(vector[k] / length);
    }
}
