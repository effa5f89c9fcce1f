using MatchEngine.Benchmarks.Galleries;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Index;

/// <summary>An exact index of face-like templates, and probes of which every other one has a mate there.</summary>
internal static class FaceLikeIndex
{
    private static readonly ModelDigest Model = ModelDigest.Parse(new FaceLikeExtractor(512).Model.Digest);

    /// <summary>An index of so many templates, some to a subject; its sketches are trained where it is to have any.</summary>
    public static ExactIndex Of(FaceLikeVectors faces, int count, int each, ExactIndexOptions options)
    {
        const int AtOnce = 10_000;
        var index = new ExactIndex(Model, faces.Dimension, options);
        for (var first = 0; first < count; first += AtOnce)
        {
            var (from, templates) = (first, new Template[Math.Min(AtOnce, count - first)]);
            Parallel.For(0, templates.Length, i => templates[i] = Template.FromEmbedding(
                faces.Encounter((from + i) / each, (from + i) % each), Model));
            for (var i = 0; i < templates.Length; i++)
                index.Add(first + i, (first + i) / each, templates[i]);
        }
        if (options.SketchFrom is not null)
            index.TrainSketches();
        return index;
    }

    /// <summary>Probes of an index of so many subjects.</summary>
    public static Template[] Probes(FaceLikeVectors faces, int number, int subjects, int count) =>
        [.. Enumerable.Range(0, number).Select(i => Template.FromEmbedding(
            faces.Encounter(i % 2 == 0 ? i * 37 % subjects : count + i, 99), Model))];
}
