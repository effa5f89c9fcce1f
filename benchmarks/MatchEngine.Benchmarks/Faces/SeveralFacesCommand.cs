using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>
/// <c>several-faces</c>: what a group photo of five people takes as a probe, with one face wanted, with all of them in one pass, and with a
/// pass for each. Processor time, in turns, quality included; what embedding takes is measured by itself and taken off.
/// </summary>
internal static class SeveralFacesCommand
{
    private const int People = 5;
    private const int EmbeddingsAtOnce = 20;

    public static int Run(string[] args)
    {
        string Option(string name, string otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;
        var data = Option("data-set", "");
        if (!File.Exists(Path.Combine(data, "metadata.csv")))
        {
            Console.Error.WriteLine(
                "give photos of one face each with --data-set DIR (with metadata.csv, the face in the middle), for example lfw-a");
            return 2;
        }
        var rounds = int.Parse(Option("rounds", "41"), CultureInfo.InvariantCulture);
        var catalog = ModelCatalog.Read();
        using var pipeline = new FacePipeline(catalog);
        using var maker = new GroupPhotoMaker(
            [.. File.ReadLines(Path.Combine(data, "metadata.csv")).Skip(1).Select(line => Path.Combine(data, line.Split(',')[0]))
                .Where((_, i) => i % 60 == 0)],
            [.. Enumerable.Range(1, 6).Select(number => Path.Combine(AppContext.BaseDirectory, "samples", $"sample{number}.jpg"))],
            pipeline);
        Console.WriteLine("| photo | one face | five faces, one pass | a pass each | embedding, a face | beyond embedding, five to one |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var (width, height) in ((int, int)[])[(640, 480), (1280, 960), (1920, 1440), (4000, 3000)])
            Console.WriteLine(Measure(Photo(maker, pipeline, width, height), $"{width}×{height}", catalog, pipeline, rounds));
        return 0;
    }

    /// <summary>A photo in which the pipeline finds the five people and nobody else.</summary>
    private static byte[] Photo(GroupPhotoMaker maker, FacePipeline pipeline, int width, int height)
    {
        for (var seed = 0; ; seed++)
        {
            var photo = maker.Make(width, height, Enumerable.Repeat(height / 16, People), seed);
            using var image = ImageDecoder.Decode(photo.Jpeg);
            if (photo.Faces.Count == People && pipeline.Detect(image).Count == People)
                return photo.Jpeg;
        }
    }

    private static string Measure(byte[] photo, string name, ModelCatalog catalog, FacePipeline pipeline, int rounds)
    {
        using var embedder = new FaceEmbedder(new OnnxModel(
            catalog.Find(ModelCatalog.DefaultEmbedder, ModelTask.Embedding), new ModelStore(null)));
        using var run = embedder.CreateRun();
        using var image = ImageDecoder.Decode(photo);
        var points = pipeline.Detect(image)[0].Points;
        List<double> one = [], all = [], each = [], embedding = [];
        for (var round = -2; round < rounds; round++)
        {
            // The first rounds load pages and let the runtime compile.
            if (round == 0)
                new[] { one, all, each, embedding }.ToList().ForEach(times => times.Clear());
            one.Add(Time(() => Extract(FaceChoice.Largest)));
            all.Add(Time(() => Extract(FaceChoice.All)));
            each.Add(Time(() =>
            {
                for (var number = 1; number <= People; number++)
                    Extract(FaceChoice.Nth(number));
            }));
            embedding.Add(Time(() =>
            {
                for (var i = 0; i < EmbeddingsAtOnce; i++)
                    embedder.Embed(image, points, run);
            }) / EmbeddingsAtOnce);
        }
        var (first, five, five1, embed) = (Median(one), Median(all), Median(each), Median(embedding));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {first:0.0} ms | {five:0.0} ms | {five1:0.0} ms | {embed:0.00} ms | "
                + $"{(five - (People * embed)) / (first - embed):0.00} |");

        void Extract(FaceChoice choice) => pipeline.Extract(photo, new(choice) { Quality = true }).Clear();
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static double Time(Action work)
    {
        var used = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - used).TotalMilliseconds;
    }
}
