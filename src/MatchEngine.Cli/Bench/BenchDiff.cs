using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Cli.Bench;

/// <summary><c>bench diff</c>: two measurements side by side, as ratios.</summary>
internal static class BenchDiff
{
    public static Command Create()
    {
        var before = new Argument<FileInfo>("BEFORE") { Description = "A file of 'bench index --json'" };
        var after = new Argument<FileInfo>("AFTER") { Description = "Another one" };
        var json = new Option<bool>("--json") { Description = "JSON on standard output" };
        var command = new Command("diff", "Set two measurements side by side: rates, times and memory as ratios") { before, after, json };
        command.SetAction((parsed, _) =>
        {
            var (first, second) = (BenchReport.Read(parsed.GetRequiredValue(before)), BenchReport.Read(parsed.GetRequiredValue(after)));
            var rows = Rows(first, second);
            if (rows.Count == 0)
                throw new UsageException("the two measurements have no size, path and setting in common: there is nothing to compare");
            var notes = Notes(first, second, rows);
            if (parsed.GetValue(json))
                JsonOutput.Write(new { Rows = rows, Notes = notes });
            else
                Write(rows, notes);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static List<Row> Rows(BenchReport before, BenchReport after)
    {
        // A graph calibrates a beam for itself: where each side has one of a path, they are compared whatever its width.
        var rows = new List<Row>();
        foreach (var path in before.Results.GroupBy(result => (result.Templates, result.Engine)))
        {
            var others = after.Results.Where(result => (result.Templates, result.Engine) == path.Key).ToList();
            var isGraph = BenchReport.IsGraph(path.Key.Engine);
            foreach (var one in path)
            {
                if ((isGraph && path.Count() == 1 && others.Count == 1 ? others[0] : others.Find(other => other.Setting == one.Setting))
                    is { } other)
                    rows.Add(Row.Of(one, other));
            }
        }
        return rows;
    }

    private static List<string> Notes(BenchReport before, BenchReport after, List<Row> rows)
    {
        List<string> notes = [];
        void Differ(string what, string one, string other)
        {
            if (one != other)
                notes.Add($"{what}: {one} before, {other} after");
        }
        Differ("dimension", $"{before.Dimension}", $"{after.Dimension}");
        Differ("probes", $"{before.Probes}", $"{after.Probes}");
        Differ("links of a node", $"{before.M}", $"{after.M}");
        Differ("kernel", before.Kernel, after.Kernel);
        Differ("processors", $"{before.Processors}", $"{after.Processors}");
        Differ("runtime", before.Runtime, after.Runtime);
        Differ("system", before.System, after.System);
        const double Unlike = 1.1;
        var bandwidth = after.StreamingBytesPerSecond / before.StreamingBytesPerSecond;
        if (bandwidth is > Unlike or < 1 / Unlike)
            notes.Add(
                $"memory read in order: {before.StreamingBytesPerSecond / 1e9:F1} GB/s before, "
                    + $"{after.StreamingBytesPerSecond / 1e9:F1} after: another machine, or a busier one");
        var left = before.Results.Count + after.Results.Count - (2 * rows.Count);
        if (left > 0)
            notes.Add($"{left} results stand in one file alone and are left out");
        notes.Add("One run each: a ratio is worth what the machine was quiet. Claims want both in turns, several times.");
        return notes;
    }

    private static void Write(List<Row> rows, List<string> notes)
    {
        var table = Terminal.Table(
            "templates", "path", "ef or batch", "searches/cpu-s", "before", "ratio", "p50 ratio", "built ratio", "bytes", "before",
            "mates lost", "before");
        foreach (var row in rows)
        {
            table.AddPlainRow(
                $"{row.Templates:N0}", BenchReport.PathOf(row.Engine), $"{row.Setting}",
                $"{row.After.SearchesPerCpuSecond:N0}", $"{row.Before.SearchesPerCpuSecond:N0}", $"{row.SearchesRatio:F2}",
                $"{row.MedianTimeRatio:F2}", $"{row.BuildRatio:F2}", $"{row.After.BytesPerTemplate:F0}",
                $"{row.Before.BytesPerTemplate:F0}",
                $"{row.After.MatesLost} of {row.After.Mated}", $"{row.Before.MatesLost} of {row.Before.Mated}");
        }
        Terminal.Out.Write(table);
        foreach (var note in notes)
            Console.WriteLine(note);
    }

    /// <summary>One size, path and setting in both; a ratio is after to before.</summary>
    private sealed record Row(
        int Templates, string Engine, int Setting, double SearchesRatio, double MedianTimeRatio, double BuildRatio, PathResult Before,
        PathResult After)
    {
        public static Row Of(PathResult before, PathResult after) => new(
            after.Templates, after.Engine, after.Setting, after.SearchesPerCpuSecond / before.SearchesPerCpuSecond,
            after.MedianMicroseconds / before.MedianMicroseconds, after.BuildPerCpuSecond / before.BuildPerCpuSecond, before, after);
    }
}
