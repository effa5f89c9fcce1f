using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace MatchEngine.Benchmarks.Index;

/// <summary>The table and the plot of several engines' results.</summary>
internal static class PeersReport
{
    private static readonly string[] Colours = ["#0b6e4f", "#1b9aaa", "#c73e1d", "#7b2d8b", "#d98e04", "#4a4a4a", "#2e5eaa", "#888888"];

    /// <summary>A table in Markdown, one row a point.</summary>
    public static string Table(string title, IReadOnlyList<PathResult> results)
    {
        var text = new StringBuilder();
        text.AppendLine($"# {title}").AppendLine();
        text.AppendLine($"{DateTime.UtcNow:yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}. One thread.").AppendLine();
        text.AppendLine("| engine | ef or batch | recall@20 | mates lost | at most (95 %) | searches/cpu-s | p50 µs | p99 µs | build/cpu-s | bytes |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var r in results)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {r.Engine} | {r.Setting} | {r.Recall:F4} | {r.MatesLost} of {r.Mated} | {r.MatesLostAtMost:P2} | {r.SearchesPerCpuSecond:N0} | {r.MedianMicroseconds:N0} | {r.P99Microseconds:N0} | {r.BuildPerCpuSecond:N0} | {(r.BytesPerTemplate > 0 ? r.BytesPerTemplate.ToString("F0", CultureInfo.InvariantCulture) : "")} |");
        }
        return text.ToString();
    }

    /// <summary>Recall against throughput, throughput on a logarithmic scale.</summary>
    public static string Plot(IReadOnlyList<PathResult> results)
    {
        const int Width = 860, Height = 480, Left = 70, Right = 230, Top = 20, Bottom = 50;
        var least = Math.Floor(Math.Log10(results.Min(r => r.SearchesPerCpuSecond)));
        var most = Math.Ceiling(Math.Log10(results.Max(r => r.SearchesPerCpuSecond)));
        var lowest = Math.Floor(10 * results.Min(r => r.Recall)) / 10;
        double X(double recall) => Left + ((recall - lowest) / (1 - lowest) * (Width - Left - Right));
        double Y(double rate) => Top + ((most - Math.Log10(rate)) / (most - least) * (Height - Top - Bottom));
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        for (var p = least; p <= most; p++)
        {
            var y = Y(Math.Pow(10, p));
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:F1}\" y2=\"{y:F1}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{y + 4:F1}\" text-anchor=\"end\">{Math.Pow(10, p):N0}</text>");
        }
        for (var i = 0; i <= 5; i++)
        {
            var recall = lowest + (i * (1 - lowest) / 5);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(recall):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{recall:F2}</text>");
        }
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">recall@20 against an exhaustive search</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text transform=\"translate(14,{Height / 2}) rotate(-90)\" text-anchor=\"middle\">searches per second of processor time</text>");
        var n = 0;
        foreach (var group in results.GroupBy(r => r.Engine))
        {
            var colour = Colours[n % Colours.Length];
            var points = group.OrderBy(r => r.Recall).ToArray();
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{string.Join(' ', points.Select(r => string.Create(CultureInfo.InvariantCulture, $"{X(r.Recall):F1},{Y(r.SearchesPerCpuSecond):F1}")))}\"/>");
            foreach (var r in points)
                svg.AppendLine(CultureInfo.InvariantCulture, $"<circle cx=\"{X(r.Recall):F1}\" cy=\"{Y(r.SearchesPerCpuSecond):F1}\" r=\"3.5\" fill=\"{colour}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right + 15}\" y=\"{Top + 14 + (18 * n)}\" fill=\"{colour}\">{group.Key}</text>");
            n++;
        }
        return svg.AppendLine("</svg>").ToString();
    }

    private static string Processor() => !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "";
}
