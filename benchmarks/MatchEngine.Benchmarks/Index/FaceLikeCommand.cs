using System.Globalization;
using System.Text;
using MatchEngine.Faces;
using MatchEngine.Faces.DataSets;
using MatchEngine.Faces.Models;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Index;

/// <summary>
/// How well made-up faces stand for real ones, step by step for <c>benchmarks/peers/face-like.sh</c>: <c>face-like-data</c> embeds a data
/// set's photos, makes up as many faces of as many people, writes both for other engines and measures this engine's graph on both;
/// <c>face-like-report</c> sets their statistics and everyone's recall side by side.
/// </summary>
internal static class FaceLikeCommand
{
    private const string Real = "real", MadeUp = "made-up", Statistics = "statistics.md";

    private static readonly double[] FalseMatchRates = [1e-2, 1e-3, 1e-4, 1e-5];

    public static int Run(string[] args)
    {
        string Option(string name, string otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;
        var folder = Option("folder", ".");
        if (args[0] == "face-like-report")
        {
            Report(folder, Option("output", "face-like.md"));
            return 0;
        }
        var photos = Option("data-set", "");
        if (!File.Exists(Path.Combine(photos, "metadata.csv")))
        {
            Console.Error.WriteLine("give photos with --data-set DIR (with metadata.csv), for example lfw-a");
            return 2;
        }
        var embeddings = Path.Combine(folder, "embeddings.tsv");
        Embed(
            photos, int.Parse(Option("most", "3"), CultureInfo.InvariantCulture),
            Option("cache", Path.Combine(folder, "cache")), embeddings);
        var real = FaceGallery.Read(embeddings);
        var madeUp = FaceGallery.Resembling(real, seed: 1);
        File.WriteAllText(Path.Combine(folder, Statistics), Describe(real, madeUp));
        int[] beams = [.. Option("ef", "40,80,160,320").Split(',').Select(int.Parse)];
        foreach (var (name, gallery) in new[] { (Real, real), (MadeUp, madeUp) })
        {
            var target = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
            IndexCommand.WriteWorkload(target, gallery);
            var results = new IndexMeasurement
            {
                Paths = ["exact", "hnsw"],
                Beams = beams,
                Rounds = 1,
                BuildThreads = 1,
                AllThreads = false,
            }.Run(gallery);
            File.WriteAllLines(Path.Combine(target, "0-matchengine.jsonl"), results.Select(PeersPoint.Write));
        }
        return 0;
    }

    /// <summary>
    /// One line a photo: its name, a tab, and the embedding in base64 (float32, little-endian). Of each person at most
    /// <paramref name="most"/> photos: with three, two of them in the gallery,
    /// the 40 templates that other engines are asked for hold 20 subjects.
    /// </summary>
    private static void Embed(string folder, int most, string cacheFolder, string target)
    {
        using var pipeline = new FacePipeline(ModelCatalog.Read());
        using var cache = EmbeddingCache.Open(cacheFolder, pipeline, FaceChoice.Central);
        string[] images = [.. File.ReadLines(Path.Combine(folder, "metadata.csv")).Skip(1).Select(line => line.Split(',')[0])
            .GroupBy(Path.GetDirectoryName).SelectMany(photos => photos.Take(most))];
        var outcomes = DataSetExtraction.Run(pipeline, folder, images, FaceChoice.Central, cache, progress: new Counter(images.Length));
        var failed = outcomes.Count(outcome => outcome.Embedding is null);
        if (failed > 0)
            Console.Error.WriteLine($"{failed} of {images.Length} photos gave no embedding and are left out");
        File.WriteAllLines(target, outcomes.Where(outcome => outcome.Embedding is not null)
            .Select(outcome =>
                $"{outcome.Image}\t"
                    + $"{Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(outcome.Embedding.AsSpan()))}"));
    }

    private static string Describe(FaceGallery real, FaceGallery madeUp)
    {
        var text = new StringBuilder();
        void Line(string line) => text.AppendLine(line);
        var (a, b) = (new FaceStatistics(real), new FaceStatistics(madeUp));
        Line(
            $"{real.Templates.Count:N0} templates of {real.Subjects.Distinct().Count():N0} people and {real.Probes.Count:N0} probes "
                + $"(of everyone with two photos or three the last), {real.Dimension} dimensions; as many made up, "
                + "of the same numbers of encounters a person.");
        text.AppendLine().AppendLine("| | real | made up |").AppendLine("|---|---:|---:|");
        Line(
            $"| impostor scores, mean ± deviation | {a.Impostors.Mean:F3} ± {a.Impostors.Deviation:F3} | "
                + $"{b.Impostors.Mean:F3} ± {b.Impostors.Deviation:F3} |");
        Line(
            $"| genuine scores (all pairs) | {a.Genuine.Mean:F3} ± {a.Genuine.Deviation:F3} | "
                + $"{b.Genuine.Mean:F3} ± {b.Genuine.Deviation:F3} |");
        Line(
            $"| impostor comparisons / genuine | {a.Impostors.Count:N0} / {a.Genuine.Count:N0} | "
                + $"{b.Impostors.Count:N0} / {b.Genuine.Count:N0} |");
        foreach (var rate in FalseMatchRates)
            Line($"| score with FMR {rate:0e-0} | {a.Impostors.Above(rate):F3} | {b.Impostors.Above(rate):F3} |");
        Line($"| participation ratio, one encounter a person | {a.Participation:F0} | {b.Participation:F0} |");
        Line(
            $"| directions with half of the variance / 90 % | {a.Directions(0.5)} / {a.Directions(0.9)} "
                + $"| {b.Directions(0.5)} / {b.Directions(0.9)} |");
        Line($"| score of the 20th subject on the exhaustive list, median | {Twentieth(real):F3} | {Twentieth(madeUp):F3} |");
        text.AppendLine().AppendLine("Scores, share of comparisons in each bin:").AppendLine();
        text.AppendLine("| score | impostor, real | made up | genuine, real | made up |").AppendLine("|---:|---:|---:|---:|---:|");
        for (var bin = 0; bin < ScoreHistogram.Bins; bin++)
        {
            double[] shares = [a.Impostors.Share(bin), b.Impostors.Share(bin), a.Genuine.Share(bin), b.Genuine.Share(bin)];
            if (shares.Any(share => share > 0))
                Line(
                    $"| {ScoreHistogram.From(bin):F2} to {ScoreHistogram.From(bin + 1):F2} | {Percent(shares[0])} | {Percent(shares[1])} | "
                        + $"{Percent(shares[2])} | {Percent(shares[3])} |");
        }
        return text.ToString();
    }

    private static string Percent(double share) => share == 0
        ? ""
        : share < 0.00005 ? share.ToString("0e-0", CultureInfo.InvariantCulture) : share.ToString("0.00 %", CultureInfo.InvariantCulture);

    private static double Twentieth(FaceGallery gallery) =>
        gallery.Truth.Select(answer => (double)answer.Hits[^1].Score).Order().ElementAt(gallery.Truth.Count / 2);

    private static void Report(string folder, string target)
    {
        var text = new StringBuilder("# Real faces and made-up ones, side by side\n\n");
        var notes = Path.Combine(folder, "notes.txt");
        text.AppendLine(
            CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd}. {(File.Exists(notes) ? File.ReadAllText(notes).TrimEnd() : "")}");
        text.AppendLine(File.ReadAllText(Path.Combine(folder, Statistics)));
        text.AppendLine(
            "Recall of the exhaustive list's 20 subjects, and of those of them at the floor of FMR 1e-4 or above, "
                + "from the same number of templates:").AppendLine();
        text.AppendLine("| engine | ef or batch | recall@20, real | made up | above floor, real | made up | mates lost, real | made up |")
            .AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        var madeUp = Points(Path.Combine(folder, MadeUp)).ToDictionary(point => (point.Engine, point.Setting));
        foreach (var real in Points(Path.Combine(folder, Real)))
        {
            var other = madeUp[(real.Engine, real.Setting)];
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {real.Engine} | {real.Setting} | {real.Recall:F4} | {other.Recall:F4} | {real.RecallAboveFloor:F4} | "
                    + $"{other.RecallAboveFloor:F4} | {real.MatesLost} of {real.Mated} | {other.MatesLost} of {other.Mated} |");
        }
        File.WriteAllText(target, text.ToString());
    }

    private static IEnumerable<PathResult> Points(string folder)
    {
        var truth = PeersTruth.Read(folder);
        return Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
            .Select(line => PeersPoint.Read(line, folder, truth));
    }

    private sealed class Counter(int of) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value % 500 == 0)
                Console.Error.WriteLine($"embedded {value} of {of} photos");
        }
    }
}
