using System.Globalization;
using MatchEngine.Benchmarks.Index;
using MatchEngine.Galleries;
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
/// <remarks>
/// <c>--data FOLDER</c> with a gallery that <c>readers --data FOLDER</c> left behind: whole searches of it take their turns too, and what
/// the numbers cost is told as a share of them.
/// </remarks>
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
        var (count, each) = (Number("n", 100_000), Number("each", 1));
        var (searches, rounds) = (Number("probes", 256), Number("rounds", 7));
        var faces = new FaceLikeVectors(Number("dim", 512), seed: 1);
        var index = FaceLikeIndex.Of(faces, count, each, new ExactIndexOptions
        {
            Parallelism = 1,
            KeepFloat16 = Number("float16", 1) == 1,
            TrainInBackground = false,
            SketchFrom = Number("sketches", 1) == 1 ? 1 : null,
        });
        var probes = FaceLikeIndex.Probes(faces, searches, count / each, count);
        using var gallery = Array.IndexOf(args, "--data") is var at and >= 0 ? ReadersCommand.Open(args[at + 1]) : null;
        gallery?.Load();
        foreach (var batch in new[] { 1, 64 })
            Measure(index, probes, batch, rounds, $"{count:N0} templates, {each} a subject, batch {batch}", batch == 1 ? gallery : null);
        return 0;
    }

    private static void Measure(ExactIndex index, Template[] probes, int batch, int rounds, string what, Gallery? gallery)
    {
        var request = SubjectTally.Request(ListLength, Floor);
        List<(string Name, Action Run)> ways =
        [
            ("search", () => Search(index, probes, batch, null)),
            ("with tally", () => Search(index, probes, batch, request)),
            ("with numbers", () => Say(Search(index, probes, batch, request))),
        ];
        if (gallery is not null)
            ways.Add(("whole search", () => Whole(gallery, probes)));
        var times = ways.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            // Each way follows each other one in turn: what the one before left in the caches must not count for the same one always.
            foreach (var way in Enumerable.Range(round, ways.Count).Select(turn => turn % ways.Count))
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
        if (gallery is null)
            return;
        var shares = times[3].Select((whole, round) => (times[2][round] - times[0][round]) / whole).Order().ToList();
        Console.WriteLine(
            $"of a whole search of a gallery of {gallery.Summarize().Templates:N0}: {Median(shares):0.0 %} "
                + $"({shares[0]:0.0 %} … {shares[^1]:0.0 %} in {rounds} rounds)");
    }

    // With everything that a search of a sealed gallery does besides: the candidates are read, opened and listed.
    private static void Whole(Gallery gallery, Template[] probes)
    {
        var model = new FaceLikeExtractor(probes[0].Dimension).Model;
        foreach (var probe in probes)
            GallerySearch.Search([new GalleryScope(gallery, BiographicFields.All)], probe, model);
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
