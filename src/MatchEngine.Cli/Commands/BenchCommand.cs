using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using MatchEngine.Cli.Output;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Cli.Commands;

/// <summary><c>bench index</c>: the engine's own numbers on this machine.</summary>
internal static class BenchCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create() => new("bench", "Measure the engine on this machine") { Index() };

    private static Command Index()
    {
        var n = new Option<int>("--n")
        {
            Description = "Templates in the gallery, made up with the statistics of faces",
            DefaultValueFactory = _ => 100_000,
        };
        var dimension = new Option<int>("--dim")
        {
            Description = "Dimension of the templates, a power of two",
            DefaultValueFactory = _ => 512,
        };
        var probes = new Option<int>("--probes") { Description = "Mated searches", DefaultValueFactory = _ => 2000 };
        var paths = new Option<string>("--paths")
        {
            Description = $"What to measure, of {string.Join(',', IndexMeasurement.AllPaths)}",
            DefaultValueFactory = _ => "exact,hnsw",
        };
        var beams = new Option<string?>("--ef")
        {
            Description = "Widths of the graph's beam, comma-separated; without it the one that the graph calibrates",
        };
        var links = new Option<int>("--m")
        {
            Description = "Links that a new node of the graph makes, 4 … 64",
            DefaultValueFactory = _ => new HnswOptions().M,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often the probes are gone through; medians count",
            DefaultValueFactory = _ => 3,
        };
        var json = new Option<FileInfo?>("--json")
        {
            Description = "JSON: to the file named, or without a name alone on standard output",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("index", "Measure searching: lists against an exhaustive comparison, rates, times, memory")
        {
            n, dimension, probes, paths, beams, links, rounds, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(paths).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (wanted.Length == 0 || wanted.Except(IndexMeasurement.AllPaths).Any())
                throw new UsageException($"--paths takes {string.Join(", ", IndexMeasurement.AllPaths)}, comma-separated");
            if (parsed.GetValue(n) < 1000 || parsed.GetValue(probes) < 1 || parsed.GetValue(rounds) < 1)
                throw new UsageException("--n must be 1000 or more, --probes and --rounds 1 or more");
            if (!System.Numerics.BitOperations.IsPow2(parsed.GetValue(dimension))
                || parsed.GetValue(dimension) is < 64 or > Template.MaxDimension)
                throw new UsageException($"--dim must be a power of two from 64 to {Template.MaxDimension}");
            if (parsed.GetValue(links) is < 4 or > 64)
                throw new UsageException("--m must be 4 to 64");
            List<int> widths = [];
            foreach (var width in (parsed.GetValue(beams) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
                widths.Add(
                    int.TryParse(width, out var ef) && ef > 0 ? ef : throw new UsageException($"--ef: '{width}' is no width of a beam"));

            var gallery = ProgressBar.Run("making the gallery", progress =>
                FaceGallery.Generate(
                    parsed.GetValue(n), parsed.GetValue(probes), parsed.GetValue(dimension), seed: 1, progress, cancellationToken));
            var results = ProgressBar.Run("measuring", progress =>
            {
                string? told = null;
                return new IndexMeasurement
                {
                    Paths = wanted,
                    Beams = widths,
                    M = parsed.GetValue(links),
                    Rounds = parsed.GetValue(rounds),
                    Progress = (what, share) =>
                    {
                        if (what != told)
                            Console.Error.WriteLine(told = what);
                        progress.Report(share);
                    },
                }.Run(gallery, cancellationToken).ToList();
            });
            var bandwidth = MemoryBandwidth.Measure();
            var report = new
            {
                Date = DateTime.UtcNow,
                Processors = Environment.ProcessorCount,
                Runtime = RuntimeInformation.FrameworkDescription,
                System = RuntimeInformation.OSDescription,
                Kernel = IndexMeasurement.Instructions,
                StreamingBytesPerSecond = Math.Round(bandwidth),
                Templates = gallery.Templates.Count,
                gallery.Dimension,
                Probes = gallery.Probes.Count,
                M = parsed.GetValue(links),
                Results = results,
            };
            var target = parsed.GetValue(json);
            if (target is not null)
                File.WriteAllText(target.FullName, JsonSerializer.Serialize(report, Json) + "\n");
            if (target is null && parsed.GetResult(json) is not null)
                JsonOutput.Write(report);
            else
                Write(results, bandwidth, gallery);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Write(List<PathResult> results, double bandwidth, FaceGallery gallery)
    {
        var table = Terminal.Table(
            "path", "ef or batch", "recall@20", "above floor", "mates lost", "at most (95 %)", "searches/cpu-s",
            $"{Environment.ProcessorCount} threads, /s", "p50 µs", "p99 µs", "built/cpu-s", "bytes");
        foreach (var r in results)
        {
            table.AddPlainRow(
                r.Engine.Replace("MatchEngine ", "", StringComparison.Ordinal), $"{r.Setting}", $"{r.Recall:F4}",
                $"{r.RecallAboveFloor:F4}", $"{r.MatesLost} of {r.Mated}", $"{r.MatesLostAtMost:P2}",
                $"{r.SearchesPerCpuSecond:N0}", $"{r.AllThreadsPerSecond:N0}", $"{r.MedianMicroseconds:N0}", $"{r.P99Microseconds:N0}",
                $"{r.BuildPerCpuSecond:N0}", $"{r.BytesPerTemplate:F0}");
        }
        Terminal.Out.Write(table);
        Console.WriteLine(
            $"Above floor: recall of the subjects that score {IndexMeasurement.DefaultFloor} or more (FMR 1e-4 of the default model).");
        Console.WriteLine($"One thread reads {bandwidth / 1e9:F1} GB/s of memory in order.");
        if (results.Find(r => r is { Engine: "MatchEngine scan", Setting: 1 }) is { } scan)
        {
            var rate = scan.SearchesPerCpuSecond * gallery.Templates.Count * gallery.Dimension;
            Console.WriteLine($"A scan in full of one probe reads {rate / 1e9:F1} GB/s, {rate / bandwidth:P0} of that.");
        }
    }
}
