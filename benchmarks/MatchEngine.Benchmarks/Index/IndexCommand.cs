using System.Text.Json;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Index;

/// <summary>
/// <c>index</c> measures this engine's paths, and <c>peers-data</c>, <c>peers-run</c> and <c>peers-report</c> are the steps of
/// <c>benchmarks/peers/run.sh</c>, in which other engines get the same vectors, queries and ground truth from a folder.
/// </summary>
internal static class IndexCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static int Run(string[] args)
    {
        string Option(string name, string otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;
        int Number(string name, int otherwise) => int.Parse(Option(name, otherwise.ToString(null, null)), null);
        int[] beams = [.. Option("ef", "40,80,160,320,640").Split(',').Select(int.Parse)];
        var folder = Option("folder", ".");
        FaceGallery Gallery() => Option("embeddings", "") is { Length: > 0 } file
            ? FaceGallery.Read(file)
            : FaceGallery.Generate(Number("n", 100_000), Number("probes", 2000), Number("dim", 512), Number("seed", 1));
        switch (args[0])
        {
            case "index":
            {
                var gallery = Gallery();
                var results = new IndexMeasurement
                {
                    Paths = Option("paths", "exact,hnsw").Split(','),
                    Beams = beams,
                    Rounds = Number("rounds", 3),
                    BuildThreads = 1,
                    Progress = Tell,
                }.Run(gallery).ToList();
                Console.WriteLine(PeersReport.Table(
                    $"{gallery.Templates.Count} templates of {gallery.Dimension} dimensions",
                    [.. results.Select(result => PeersPoint.Of([result]))], [], null));
                if (Option("json", "") is { Length: > 0 } json)
                    File.WriteAllText(json, JsonSerializer.Serialize(results, Json));
                return 0;
            }
            case "peers-data":
            {
                // Before the work, not after it.
                Directory.CreateDirectory(folder);
                WriteWorkload(folder, Gallery());
                return 0;
            }
            case "peers-run":
            {
                var gallery = Gallery();
                IEnumerable<PathResult> Measure(IReadOnlyCollection<string> paths, int m) =>
                    new IndexMeasurement
                    {
                        Paths = paths,
                        Beams = beams,
                        M = m,
                        Rounds = Number("rounds", 3),
                        BuildThreads = 1,
                        Progress = Tell,
                    }.Run(gallery);
                // The graph with as many links as the peers' have, and with its own default.
                foreach (var result in Measure(IndexMeasurement.AllPaths, PeersReport.PeersM).Concat(
                    Measure(["hnsw"], new HnswOptions().M)))
                    Console.WriteLine(PeersPoint.Write(result));
                return 0;
            }
            case "peers-report":
            {
                var truth = PeersTruth.Read(folder);
                var points = Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines)
                    .Select(line => PeersPoint.Read(line, folder, truth))
                    .GroupBy(run => (run.Engine, run.Setting)).Select(PeersPoint.Of).ToList();
                var notes = Path.Combine(folder, "notes.txt");
                var target = Option("output", "peers");
                File.WriteAllText(target + ".md", PeersReport.Table(
                    Option("title", "Peers"), points, File.Exists(notes) ? File.ReadAllLines(notes) : [],
                    Path.GetFileName(target) + ".svg"));
                File.WriteAllText(target + ".svg", PeersReport.Plot(points));
                return 0;
            }
            default:
                Console.Error.WriteLine($"unknown command '{args[0]}'");
                return 2;
        }
    }

    /// <summary>Writes a gallery for other engines: its vectors and probes in float32, and the truth.</summary>
    public static void WriteWorkload(string folder, FaceGallery gallery)
    {
        Write(Path.Combine(folder, "base.f32"), gallery.Templates.SelectMany(Floats));
        Write(Path.Combine(folder, "probes.f32"), gallery.Probes.SelectMany(Floats));
        PeersTruth.Write(folder, gallery);
    }

    private static void Tell(string what, double share)
    {
        if (share == 0)
            Console.Error.WriteLine(what);
    }

    private static IEnumerable<float> Floats(Template template) => template.Float16.ToArray().Select(x => (float)x);

    private static void Write(string path, IEnumerable<float> numbers)
    {
        using var writer = new BinaryWriter(new BufferedStream(File.Create(path), 1 << 20));
        foreach (var number in numbers)
            writer.Write(number);
    }
}
