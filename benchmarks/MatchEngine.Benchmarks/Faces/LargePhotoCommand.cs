using System.Diagnostics;
using System.Globalization;
using MatchEngine.Faces.Images;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>
/// <c>large-photos</c>: time and memory of reading pictures that are too large to be held, scaled down on the way against in full. Linux
/// only: it keeps account of the most memory a process has had.
/// </summary>
internal static class LargePhotoCommand
{
    private static readonly (int Width, int Height)[] Sizes = [(8_000, 6_000), (11_648, 8_736), (16_384, 12_288), (23_000, 17_300)];

    public static int Run(string[] args)
    {
        var rounds = Array.IndexOf(args, "--rounds") is var i and >= 0 && i + 1 < args.Length
            ? int.Parse(args[i + 1], CultureInfo.InvariantCulture)
            : 5;
        using var tile = ImageDecoder.Decode(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", "sample1.jpg")));
        Console.WriteLine("| picture | file, MiB | held as | wall ms | CPU ms | memory, MB | in full: wall ms | CPU ms | memory, MB |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|---:|---:|");
        foreach (var (width, height) in Sizes)
        {
            foreach (var format in (string[])["JPEG", "PNG"])
            {
                var bytes = Make(tile, width, height, format);
                var limits = ImageLimits.Default with { MaxBytes = long.MaxValue };
                var (reduced, full) = (new List<Reading>(), new List<Reading>());
                // In turn, so that both see the same load of the machine; the first of each loads pages.
                for (var round = 0; round <= rounds; round++)
                {
                    var (a, b) = (Read(bytes, limits), Read(bytes, limits with { MaxDecodedPixels = limits.MaxPixels }));
                    if (round == 0)
                        continue;
                    reduced.Add(a);
                    full.Add(b);
                }
                double Median(List<Reading> readings, Func<Reading, double> what) => readings.Select(what).Order().ElementAt(rounds / 2);
                string Cells(List<Reading> readings) => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Median(readings, r => r.Wall):0} | {Median(readings, r => r.Cpu):0} | {Median(readings, r => r.Memory):0}");
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {width}×{height} {format} | {bytes.Length / 1048576.0:0.0} | "
                        + $"{reduced[0].Size} | {Cells(reduced)} | {Cells(full)} |"));
            }
        }
        return 0;
    }

    /// <summary>A picture of copies of a photo side by side.</summary>
    private static byte[] Make(Image tile, int width, int height, string format)
    {
        using var large = new Image(width, height);
        for (var y = 0; y < height; y++)
        {
            var row = large.Row(y);
            for (var x = 0; x < width; x += tile.Width)
                tile.Row(y % tile.Height)[..(3 * Math.Min(tile.Width, width - x))].CopyTo(row[(3 * x)..]);
        }
        return format == "JPEG" ? ImageEncoder.ToJpeg(large, 85) : ImageEncoder.ToPng(large);
    }

    private static Reading Read(byte[] bytes, ImageLimits limits)
    {
        GC.Collect();
        TakePeak();
        var (memory, cpu, start) = (TakePeak(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        using var image = ImageDecoder.Decode(bytes, limits);
        var (wall, used) = (Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu);
        return new($"{image.Width}×{image.Height}", wall.TotalMilliseconds, used.TotalMilliseconds, (TakePeak() - memory) / 1e6);
    }

    /// <summary>The most memory the process has had since this was last asked, in bytes.</summary>
    private static long TakePeak()
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        File.WriteAllText("/proc/self/clear_refs", "5");
        return long.Parse(line.AsSpan(6, line.Length - 8).Trim(), CultureInfo.InvariantCulture) << 10;
    }

    private sealed record Reading(string Size, double Wall, double Cpu, double Memory);
}
