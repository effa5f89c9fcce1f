using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Cli.Bench;

/// <summary><c>bench index</c>: the engine's own numbers on this machine.</summary>
internal static class BenchIndex
{
    public static Command Create()
    {
        var n = new Option<string>("--n")
        {
            Description = "Templates in the gallery, made up with the statistics of faces; of several sizes, comma-separated, the growth "
                + "is told",
            DefaultValueFactory = _ => "100000",
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
        var lines = new Option<bool>("--progress-json")
        {
            Description = "Tell the progress on standard error as JSON, an object a line",
        };
        var json = new Option<FileInfo?>("--json")
        {
            Description = "JSON: to the file named, or without a name alone on standard output",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("index", "Measure searching: lists against an exhaustive comparison, rates, times, memory, growth")
        {
            n, dimension, probes, paths, beams, links, rounds, lines, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var wanted = parsed.GetRequiredValue(paths).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (wanted.Length == 0 || wanted.Except(IndexMeasurement.AllPaths).Any())
                throw new UsageException($"--paths takes {string.Join(", ", IndexMeasurement.AllPaths)}, comma-separated");
            var sizes = Numbers("--n", parsed.GetRequiredValue(n), "number of templates");
            if (sizes.Count == 0 || sizes.Min() < 1000 || parsed.GetValue(probes) < 1 || parsed.GetValue(rounds) < 1)
                throw new UsageException("--n must be 1000 or more, --probes and --rounds 1 or more");
            if (sizes.Distinct().Count() != sizes.Count)
                throw new UsageException("--n names a size twice");
            if (!System.Numerics.BitOperations.IsPow2(parsed.GetValue(dimension))
                || parsed.GetValue(dimension) is < 64 or > Template.MaxDimension)
                throw new UsageException($"--dim must be a power of two from 64 to {Template.MaxDimension}");
            if (parsed.GetValue(links) is < 4 or > 64)
                throw new UsageException("--m must be 4 to 64");
            var widths = Numbers("--ef", parsed.GetValue(beams) ?? "", "width of a beam");
            var target = parsed.GetValue(json);
            if (target is not null && target.Directory?.Exists != true)
                throw new UsageException($"--json {target.FullName}: there is no folder {target.DirectoryName}");

            var results = new List<PathResult>();
            foreach (var size in sizes.Order())
            {
                var gallery = Progress(parsed.GetValue(lines), $"making {size:N0} templates", progress =>
                    FaceGallery.Generate(
                        size, parsed.GetValue(probes), parsed.GetValue(dimension), seed: 1, new Shares(progress), cancellationToken));
                results.AddRange(Progress(parsed.GetValue(lines), $"measuring {size:N0} templates", progress => new IndexMeasurement
                {
                    Paths = wanted,
                    Beams = widths,
                    M = parsed.GetValue(links),
                    Rounds = parsed.GetValue(rounds),
                    Progress = progress,
                }.Run(gallery, cancellationToken).ToList()));
            }
            var report = BenchReport.Of(
                results, MemoryBandwidth.Measure(), parsed.GetValue(dimension), parsed.GetValue(probes), parsed.GetValue(links));
            if (target is not null)
                report.Write(target);
            if (target is null && parsed.GetResult(json) is not null)
                JsonOutput.Write(report);
            else
                Write(report);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static List<int> Numbers(string option, string list, string what) =>
        [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word =>
            int.TryParse(word, out var number) && number > 0 ? number : throw new UsageException($"{option}: '{word}' is no {what}"))];

    /// <summary>Runs work that tells what it does and which share of it is done: under a bar, or as lines of JSON.</summary>
    private static T Progress<T>(bool asJson, string what, Func<Action<string, double>, T> work)
    {
        if (asJson)
            return work(new ProgressLines(Console.Error, what).Report);
        return ProgressBar.Run(what, bar =>
        {
            string? told = null;
            return work((step, share) =>
            {
                if (step != told && step.Length > 0)
                    Console.Error.WriteLine(told = step);
                bar.Report(share);
            });
        });
    }

    private static void Write(BenchReport report)
    {
        var table = Terminal.Table(
            "templates", "path", "kernel", "ef or batch", "recall@20", "above floor", "mates lost", "at most (95 %)", "searches/cpu-s",
            "of streaming", $"{report.Processors} threads, /s", "p50 µs", "p99 µs", "built/cpu-s", "bytes");
        foreach (var r in report.Results)
        {
            table.AddPlainRow(
                $"{r.Templates:N0}", BenchReport.PathOf(r.Engine), r.Kernel ?? "", $"{r.Setting}",
                $"{r.Recall:F4}", $"{r.RecallAboveFloor:F4}", $"{r.MatesLost} of {r.Mated}", $"{r.MatesLostAtMost:P2}",
                $"{r.SearchesPerCpuSecond:N0}", $"{r.ScannedPerCpuSecond / report.StreamingBytesPerSecond:P0}",
                $"{r.AllThreadsPerSecond:N0}", $"{r.MedianMicroseconds:N0}", $"{r.P99Microseconds:N0}", $"{r.BuildPerCpuSecond:N0}",
                $"{r.BytesPerTemplate:F0}");
        }
        Terminal.Out.Write(table);
        Console.WriteLine(
            $"Above floor: recall of the subjects that score {IndexMeasurement.DefaultFloor} or more (FMR 1e-4 of the default model).");
        Console.WriteLine(
            $"One thread reads {report.StreamingBytesPerSecond / 1e9:F1} GB/s of memory in order; of streaming: the share of that "
            + "which searches of one probe read, where caches hold part of a gallery more than all.");
        foreach (var growth in report.Growths)
        {
            var error = growth.ExponentError is { } spread ? $" (exponent ± {spread:F2}, standard error)" : "";
            Console.WriteLine(
                $"{BenchReport.PathOf(growth.Engine)}"
                    + $"{(growth.Setting > 1 ? $" in {growth.Setting}s" : "")}: "
                + $"{growth.Factor:G3} · N^{growth.Exponent:F2} µs of processor time a search, of {growth.Sizes} sizes{error}.");
        }
    }

    private sealed class Shares(Action<string, double> report) : IProgress<double>
    {
        public void Report(double value) => report("", value);
    }
}
