using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Index;

/// <summary>The table and the plot of several engines' points.</summary>
internal static class PeersReport
{
    /// <summary>M of all peers' graphs (peers.cpp, usearch.mjs).</summary>
    public const int PeersM = 16;

    private static readonly string Graph = $"MatchEngine hnsw, M = {PeersM}";
    private static readonly double[] Digits = [1, 2, 5];

    // Each pair is legible on white and on nearly black.
    private static readonly (string Light, string Dark)[] Colours =
    [
        ("#1b7f9e", "#5cc4e0"), ("#c73e1d", "#ff8a66"), ("#7b2d8b", "#d99be6"), ("#b07500", "#f0b94a"),
        ("#2e5eaa", "#8db4f0"), ("#a3286b", "#f08cc0"), ("#5b6b00", "#c3d34a"), ("#6b4a2e", "#d0a882"), ("#555555", "#b5b5b5"),
    ];

    /// <summary>Tables in Markdown: one row a point, and this engine's graph beside each other one at equal recall.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="points">The points, an engine's together.</param>
    /// <param name="notes">Sentences for below the date.</param>
    /// <param name="plot">The name of the file of the plot; null when there is none.</param>
    public static string Table(string title, IReadOnlyList<PeersPoint> points, IReadOnlyList<string> notes, string? plot)
    {
        var text = new StringBuilder();
        text.AppendLine($"# {title}").AppendLine();
        text.AppendLine(
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} processors; "
                + $"{RuntimeInformation.FrameworkDescription}, {IndexMeasurement.Instructions}.");
        foreach (var note in notes)
            text.AppendLine(note);
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture,
            $"Above floor: recall of the listed subjects that score {IndexMeasurement.DefaultFloor} or more (FMR 1e-4 of the default "
                + $"model). Searches a second of processor time are of one thread; those of "
                + $"{Environment.ProcessorCount} threads are by the clock.");
        if (plot is not null)
            text.AppendLine().AppendLine($"![Recall against throughput]({plot})");
        text.AppendLine();
        text.AppendLine(
            $"| engine | ef or batch | recall@20 | above floor | mates lost | at most (95 %) | searches/cpu-s | of runs | "
                + $"{Environment.ProcessorCount} threads, /s | p50 µs | p99 µs | built/cpu-s | bytes |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var point in points)
        {
            var r = point.Median;
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {r.Engine} | {r.Setting} | {r.Recall:F4} | {r.RecallAboveFloor:F4} | {r.MatesLost} of {r.Mated} | "
                    + $"{r.MatesLostAtMost:P2} | {r.SearchesPerCpuSecond:N0} | "
                    + $"{(point.Runs > 1 ? string.Create(CultureInfo.InvariantCulture, $"{point.Slowest:N0}–{point.Fastest:N0}") : "one")} "
                    + $"| {r.AllThreadsPerSecond:N0} | {r.MedianMicroseconds:N0} | {r.P99Microseconds:N0} | {r.BuildPerCpuSecond:N0} | "
                    + $"{r.BytesPerTemplate:F0} |");
        }
        AppendRatios(text, points);
        return text.ToString();
    }

    /// <summary>
    /// Recall against throughput of the graphs, throughput on a logarithmic scale; beside them this engine's exhaustive search.
    /// </summary>
    public static string Plot(IReadOnlyList<PeersPoint> points)
    {
        const int Width = 900, Height = 520, Left = 75, Right = 235, Top = 20, Bottom = 55;
        var lines = points.Where(
            point => point.IsGraph || point is { IsOurs: true, Median: { Engine: "MatchEngine exact", Setting: 1 } }).ToList();
        var least = Math.Floor(2 * Math.Log10(lines.Min(point => point.Median.SearchesPerCpuSecond))) / 2;
        var most = Math.Ceiling(2 * Math.Log10(lines.Max(point => point.Median.SearchesPerCpuSecond))) / 2;
        var lowest = Math.Floor(20 * Math.Min(0.95, lines.Min(point => point.Median.Recall))) / 20;
        double X(double recall) => Left + ((recall - lowest) / (1 - lowest) * (Width - Left - Right));
        double Y(double rate) => Top + ((most - Math.Log10(rate)) / (most - least) * (Height - Top - Bottom));
        var svg = new StringBuilder();
        void Add(string line) => svg.AppendLine(line);
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<style>");
        svg.AppendLine(".paper{fill:#ffffff}.grid{stroke:#dddddd}text{fill:#333333}.ours,.exact{color:#0b6e4f}");
        for (var i = 0; i < Colours.Length; i++)
            svg.AppendLine($".c{i}{{color:{Colours[i].Light}}}");
        svg.AppendLine(
            ".line{fill:none;stroke:currentColor}.mark,.name{fill:currentColor}.ours .mark{stroke:#ffffff}.exact "
                + ".mark{fill:none;stroke:currentColor;stroke-width:2.5}");
        svg.AppendLine(
            "@media (prefers-color-scheme: "
                + "dark){.paper{fill:#0d1117}.grid{stroke:#30363d}text{fill:#d5dbe1}.ours,.exact{color:#4fd1a5}.ours "
                + ".mark{stroke:#0d1117}");
        for (var i = 0; i < Colours.Length; i++)
            svg.AppendLine($".c{i}{{color:{Colours[i].Dark}}}");
        svg.AppendLine(".name{fill:currentColor}}").AppendLine("</style>");
        svg.AppendLine("<rect class=\"paper\" width=\"100%\" height=\"100%\"/>");
        for (var power = Math.Floor(least); power <= most; power++)
        {
            foreach (var rate in Digits.Select(digit => digit * Math.Pow(10, power)).Where(
                rate => Math.Log10(rate) >= least - 1e-9 && Math.Log10(rate) <= most + 1e-9))
                Add(
                    $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(rate):F1}\" y2=\"{Y(rate):F1}\"/><text "
                        + $"x=\"{Left - 8}\" y=\"{Y(rate) + 4:F1}\" text-anchor=\"end\">{rate:N0}</text>");
        }
        for (var step = (int)Math.Round(20 * lowest); step <= 20; step++)
            Add(
                $"<line class=\"grid\" x1=\"{X(step / 20.0):F1}\" x2=\"{X(step / 20.0):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><text "
                    + $"x=\"{X(step / 20.0):F1}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{step / 20.0:F2}</text>");
        Add(
            $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" "
                + "text-anchor=\"middle\">recall@20 against an exhaustive search</text>");
        Add(
            $"<text transform=\"translate(16,{Height / 2}) rotate(-90)\" text-anchor=\"middle\">searches "
                + "per second of processor time, one thread</text>");
        int n = 0, colour = 0;
        foreach (var engine in lines.GroupBy(point => point.Median.Engine))
        {
            var ours = engine.First().IsOurs;
            var line = engine.Select(point => point.Median).OrderBy(point => point.Recall).ToArray();
            Add($"<g class=\"{(ours && !engine.First().IsGraph ? "exact" : ours ? "ours" : $"c{colour++ % Colours.Length}")}\">");
            var corners = line.Select(r => string.Create(CultureInfo.InvariantCulture, $"{X(r.Recall):F1},{Y(r.SearchesPerCpuSecond):F1}"));
            Add($"<polyline class=\"line\" stroke-width=\"{(ours ? 3 : 1.5)}\" points=\"{string.Join(' ', corners)}\"/>");
            foreach (var r in line)
                svg.AppendLine(Mark(
                    ours, X(r.Recall), Y(r.SearchesPerCpuSecond),
                    $"{r.Engine}, {r.Setting}: recall {r.Recall:F4}, {r.SearchesPerCpuSecond:N0}/s"));
            var y = Top + 10 + (19 * n++);
            svg.AppendLine(Mark(ours, Width - Right + 16, y, engine.Key));
            Add(
                $"<text class=\"name\" x=\"{Width - Right + 28}\" "
                    + $"y=\"{y + 4}\"{(ours ? " font-weight=\"bold\"" : "")}>{engine.Key}</text></g>");
        }
        return svg.AppendLine("</svg>").ToString();
    }

    /// <summary>A diamond for this engine, a dot for others.</summary>
    private static string Mark(bool ours, double x, double y, string title) => ours
        ? string.Create(
            CultureInfo.InvariantCulture, $"<path class=\"mark\" d=\"M{x:F1} {y - 7:F1}l7 7l-7 7l-7 -7z\"><title>{title}</title></path>")
        : string.Create(
            CultureInfo.InvariantCulture, $"<circle class=\"mark\" cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"3.5\"><title>{title}</title></circle>");

    private static void AppendRatios(StringBuilder text, IReadOnlyList<PeersPoint> points)
    {
        var graphs = points.Where(point => point.IsGraph).GroupBy(point => point.Median.Engine)
            .ToDictionary(group => group.Key, group => group.Select(point => point.Median).ToList());
        if (graphs.Count < 2 || !graphs.TryGetValue(Graph, out var ours))
            return;
        double[] recalls = [0.80, 0.90, 0.95];
        text.AppendLine().AppendLine(
            "The graph of the same M against each other one, at equal recall@20 (between points the "
                + "logarithm of the rate is a straight line) and in building:").AppendLine();
        text.AppendLine($"| engine | {string.Join(" | ", recalls.Select(recall => $"at {recall:F2}"))} | building |");
        text.AppendLine($"|---|{string.Concat(recalls.Select(_ => "---:|"))}---:|");
        foreach (var (engine, theirs) in graphs.Where(pair => pair.Key != Graph))
        {
            var ratios = recalls.Select(recall => (Ours: RateAt(ours, recall), Theirs: RateAt(theirs, recall)))
                .Select(rates => rates is { Ours: { } a, Theirs: { } b }
                    ? string.Create(CultureInfo.InvariantCulture, $"{a / b:F1} × ({a:N0} : {b:N0})")
                    : "not reached");
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {engine} | {string.Join(" | ", ratios)} | {ours[0].BuildPerCpuSecond / theirs[0].BuildPerCpuSecond:F1} × |");
        }
    }

    /// <summary>The rate at a recall between two points; null outside of them.</summary>
    private static double? RateAt(List<PathResult> line, double recall)
    {
        var ordered = line.OrderBy(point => point.Recall).ToList();
        var after = ordered.FindIndex(point => point.Recall >= recall);
        if (after < 0 || (after == 0 && ordered[0].Recall > recall))
            return null;
        if (after == 0)
            return ordered[0].SearchesPerCpuSecond;
        var (a, b) = (ordered[after - 1], ordered[after]);
        var share = (recall - a.Recall) / (b.Recall - a.Recall);
        return Math.Exp(Math.Log(a.SearchesPerCpuSecond) + (share * Math.Log(b.SearchesPerCpuSecond / a.SearchesPerCpuSecond)));
    }

    private static string Processor() => !File.Exists("/proc/cpuinfo") ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "";
}
