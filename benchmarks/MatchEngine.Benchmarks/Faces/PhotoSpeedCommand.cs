using System.Diagnostics;
using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>
/// <c>photo-speed</c>: what a data set's photos take from bytes to embedding, without and with quality, in turn and one at a time.
/// Processor time stands beside the clock's, for it says more on a machine that others use too.
/// </summary>
internal static class PhotoSpeedCommand
{
    public static int Run(string[] args)
    {
        string Option(string name, string otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;
        var (data, count) = (Option("data-set", ""), int.Parse(Option("photos", "400"), CultureInfo.InvariantCulture));
        if (!File.Exists(Path.Combine(data, "metadata.csv")))
        {
            Console.Error.WriteLine("give photos with --data-set DIR (with metadata.csv), for example lfw-a");
            return 2;
        }
        var files = File.ReadLines(Path.Combine(data, "metadata.csv")).Skip(1)
            .Select(line => Path.Combine(data, line.Split(',')[0])).ToList();
        var photos = Enumerable.Range(0, Math.Min(count, files.Count))
            .Select(i => File.ReadAllBytes(files[(int)((long)i * files.Count / count)])).ToList();
        using var pipeline = new FacePipeline(ModelCatalog.Read());
        var (plain, assessed) = (new List<(double Wall, double Cpu)>(), new List<(double Wall, double Cpu)>());
        for (var round = 0; round < 2; round++)
        {
            // The first round loads pages and lets the runtime compile.
            plain.Clear();
            assessed.Clear();
            foreach (var photo in photos)
            {
                plain.Add(Time(() => pipeline.Extract(photo, new(FaceChoice.Central))));
                assessed.Add(Time(() => pipeline.Extract(photo, new(FaceChoice.Central) { Quality = true })));
            }
        }
        Console.WriteLine($"{photos.Count} photos");
        Console.WriteLine("| from bytes | CPU ms, median | mean | 95th percentile | wall ms, median |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var (name, times) in new[] { ("to embedding", plain), ("to embedding and quality, all networks", assessed) })
        {
            var cpu = times.Select(time => time.Cpu).Order().ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {cpu[cpu.Count / 2]:0.0} | {cpu.Average():0.0} | {cpu[cpu.Count * 95 / 100]:0.0} | "
                    + $"{times.Select(time => time.Wall).Order().ElementAt(times.Count / 2):0.0} |"));
        }
        return 0;
    }

    private static (double Wall, double Cpu) Time(Action work)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        work();
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
    }
}
