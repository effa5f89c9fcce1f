using System.Globalization;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Galleries;

/// <summary>
/// <c>strangers</c>: what it costs to say how many strangers to expect. The same searches of one index in turns: without a tally, with it,
/// and with the fit, the number above the floor and those above the scores of a list of twenty. By processor time on one thread.
/// </summary>
internal static class StrangersCommand
{
    private const float Floor = IndexMeasurement.DefaultFloor;
    private const int ListLength = 20;

    private static double _said;

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length
                ? int.Parse(args[i + 1], CultureInfo.InvariantCulture)
                : otherwise;
        if (Array.IndexOf(args, "--data") is var at and >= 0)
        {
            Whole(args[at + 1], Number("dim", 512), Number("probes", 256), Number("rounds", 7));
            return 0;
        }
        var (count, each) = (Number("n", 100_000), Number("each", 1));
        var (searches, rounds) = (Number("probes", 256), Number("rounds", 7));
        var faces = new FaceLikeVectors(Number("dim", 512), seed: 1);
        var index = new ExactIndex(FaceGallery.Model, faces.Dimension, new ExactIndexOptions
        {
            Parallelism = 1,
            KeepFloat16 = Number("float16", 1) == 1,
            TrainInBackground = false,
            SketchFrom = Number("sketches", 1) == 1 ? 1 : null,
        });
        foreach (var first in Enumerable.Range(0, (count + 9999) / 10_000).Select(part => 10_000 * part))
        {
            var templates = new Template[Math.Min(10_000, count - first)];
            Parallel.For(0, templates.Length, i => templates[i] = Template.FromEmbedding(
                faces.Encounter((first + i) / each, (first + i) % each), FaceGallery.Model));
            for (var i = 0; i < templates.Length; i++)
                index.Add(first + i, (first + i) / each, templates[i]);
        }
        if (Number("sketches", 1) == 1)
            index.TrainSketches();
        var probes = Enumerable.Range(0, searches).Select(i => Template.FromEmbedding(
            faces.Encounter(i % 2 == 0 ? i * 37 % (count / each) : count + i, 99), FaceGallery.Model)).ToArray();
        foreach (var batch in new[] { 1, 64 })
            Measure(index, probes, batch, rounds, $"{count:N0} templates, {each} a subject, batch {batch}");
        return 0;
    }

    /// <summary>
    /// A whole search of the gallery that <c>readers --data</c> left behind, with a ready template: what the rest is compared to.
    /// </summary>
    private static void Whole(string data, int dimension, int searches, int rounds)
    {
        var extractor = new FaceLikeExtractor(dimension);
        using var gallery = ReadersCommand.Open(data);
        gallery.Load();
        var model = ModelDigest.Parse(extractor.Model.Digest);
        var faces = new FaceLikeVectors(dimension, seed: 1);
        var probes = Enumerable.Range(0, searches).Select(i => Template.FromEmbedding(faces.Encounter(37 * i, 99), model)).ToArray();
        var times = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var start = Environment.CpuUsage.TotalTime;
            foreach (var probe in probes)
                GallerySearch.Search([new GalleryScope(gallery, BiographicFields.All)], probe, extractor.Model);
            if (round > 0)
                times.Add((Environment.CpuUsage.TotalTime - start).TotalMicroseconds / searches);
        }
        Console.WriteLine($"a gallery of {gallery.Summarize().Templates:N0}: {Median(times):0.0} µs a search with a ready template");
    }

    private static void Measure(ExactIndex index, Template[] probes, int batch, int rounds, string what)
    {
        var request = SubjectTally.Request(ListLength, Floor);
        (string Name, Action Run)[] ways =
        [
            ("search", () => Search(index, probes, batch, null)),
            ("with tally", () => Search(index, probes, batch, request)),
            ("with numbers", () => Say(Search(index, probes, batch, request))),
        ];
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var start = Environment.CpuUsage.TotalTime;
                ways[way].Run();
                if (round > 0)
                    times[way].Add((Environment.CpuUsage.TotalTime - start).TotalMicroseconds / probes.Length);
            }
        }
        var counted = Search(index, probes, batch, request);
        Console.WriteLine(
            $"{what}: {string.Join(", ", ways.Select((way, i) => $"{way.Name} {Median(times[i]):0.0} µs"))}; in turns: "
                + $"tally {Ratio(times[1], times[0]):+0.0 %;-0.0 %}, numbers {Ratio(times[2], times[0]):+0.0 %;-0.0 %}; "
                + $"counted {counted.Average(answer => answer.Tally!.Counted):0}, in full "
                + $"{counted.Average(answer => answer.ComparedInFull):0} ({counted[0].Path}, {_said:0.00})");
    }

    // The median of the rounds' ratios: what disturbs a round disturbs both of its ways.
    private static double Ratio(List<double> with, List<double> without) =>
        Median([.. with.Zip(without, (a, b) => (a / b) - 1)]);

    private static List<IndexAnswer> Search(ExactIndex index, Template[] probes, int batch, TallyRequest? tally)
    {
        var answers = new List<IndexAnswer>(probes.Length);
        for (var i = 0; i < probes.Length; i += batch)
        {
            if (batch == 1)
                answers.Add(index.Search(probes[i], ListLength, tally: tally));
            else
                answers.AddRange(index.SearchBatch(probes[i..Math.Min(i + batch, probes.Length)], ListLength, tally: tally));
        }
        return answers;
    }

    private static void Say(List<IndexAnswer> answers)
    {
        _said = 0;
        foreach (var answer in answers)
        {
            var fit = TailFit.Of(SubjectTally.Summary(answer.Tally!, 1), "everybody");
            _said += (fit.Above(Floor).Value ?? 0) / answers.Count;
            foreach (var hit in answer.Hits)
                _ = fit.Above(hit.Score);
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
