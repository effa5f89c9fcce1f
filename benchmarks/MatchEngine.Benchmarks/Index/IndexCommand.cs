using System.Runtime.InteropServices;
using System.Text.Json;

namespace MatchEngine.Benchmarks.Index;

/// <summary>
/// <c>index</c> measures this engine's paths, and <c>peers-data</c>, <c>peers-run</c> and <c>peers-report</c> are the steps of <c>benchmarks/peers/run.sh</c>, in
/// which other engines get the same vectors, queries and ground truth from a folder.
/// </summary>
internal static class IndexCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static int Run(string[] args)
    {
        string Option(string name, string otherwise) => Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;
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
                var results = new IndexMeasurement { Paths = Option("paths", "exact,hnsw").Split(','), Beams = beams, Rounds = Number("rounds", 3), BuildThreads = 1, Progress = Tell }.Run(gallery).ToList();
                Console.WriteLine(PeersReport.Table($"{gallery.Templates.Count} templates of {gallery.Dimension} dimensions", results));
                if (Option("json", "") is { Length: > 0 } json)
                    File.WriteAllText(json, JsonSerializer.Serialize(results, Json));
                return 0;
            }
            case "peers-data":
            {
                var gallery = Gallery();
                Write(Path.Combine(folder, "base.f32"), gallery.Templates.SelectMany(template => Floats(template)));
                Write(Path.Combine(folder, "probes.f32"), gallery.Probes.SelectMany(template => Floats(template)));
                File.WriteAllBytes(Path.Combine(folder, "base.i8"), [.. gallery.Templates.SelectMany(template => MemoryMarshal.AsBytes(template.Body).ToArray())]);
                File.WriteAllBytes(Path.Combine(folder, "probes.i8"), [.. gallery.Probes.SelectMany(template => MemoryMarshal.AsBytes(template.Body).ToArray())]);
                // Peers return templates, not subjects: their ids are mapped to subjects here and there alike.
                Integers(Path.Combine(folder, "subjects.i32"), gallery.Subjects.Select(subject => (int)subject));
                Integers(Path.Combine(folder, "truth.i32"), gallery.Truth.SelectMany(answer => answer.Hits.Select(hit => (int)hit.Subject)));
                Integers(Path.Combine(folder, "mates.i32"), gallery.ProbeSubjects.Select(subject => (int)subject));
                return 0;
            }
            case "peers-run":
            {
                foreach (var result in new IndexMeasurement { Paths = IndexMeasurement.AllPaths, Beams = beams, Rounds = Number("rounds", 3), BuildThreads = 1, AllThreads = false, Progress = Tell }.Run(Gallery()))
                    Console.WriteLine(JsonSerializer.Serialize(result, Json));
                return 0;
            }
            case "peers-report":
            {
                // Several runs of a point: the median of the rates.
                var lines = Directory.GetFiles(folder, "*.jsonl").Order().SelectMany(File.ReadLines).ToList();
                var results = lines.Where(line => line.StartsWith('{'))
                    .Select(line => JsonSerializer.Deserialize<PathResult>(line, Json)!)
                    .GroupBy(result => (result.Engine, result.Setting))
                    .Select(runs => runs.OrderBy(run => run.SearchesPerCpuSecond).ElementAt(runs.Count() / 2)).ToList();
                var target = Option("output", "peers");
                var notes = string.Concat(lines.Where(line => line.StartsWith("# ", StringComparison.Ordinal)).Distinct().Select(line => $"\n{line[2..]}\n"));
                File.WriteAllText(target + ".md", PeersReport.Table(Option("title", "Peers"), results) + notes);
                File.WriteAllText(target + ".svg", PeersReport.Plot(results));
                return 0;
            }
            default:
                Console.Error.WriteLine($"unknown command '{args[0]}'");
                return 2;
        }
    }

    private static void Tell(string what, double share)
    {
        if (share == 0)
            Console.Error.WriteLine(what);
    }

    private static IEnumerable<float> Floats(MatchEngine.Vectors.Template template) => template.Float16.ToArray().Select(x => (float)x);

    private static void Write(string path, IEnumerable<float> numbers)
    {
        using var writer = new BinaryWriter(new BufferedStream(File.Create(path), 1 << 20));
        foreach (var number in numbers)
            writer.Write(number);
    }

    private static void Integers(string path, IEnumerable<int> numbers)
    {
        using var writer = new BinaryWriter(new BufferedStream(File.Create(path), 1 << 20));
        foreach (var number in numbers)
            writer.Write(number);
    }
}
