using System.Text.Json;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Index;

/// <summary>One engine at one setting: the medians of its runs.</summary>
/// <param name="Median">Every figure is the median of its own; the lists are those of the last run.</param>
/// <param name="Runs">How many runs there were.</param>
/// <param name="Slowest">The least searches a second of processor time of a run.</param>
/// <param name="Fastest">The most.</param>
internal sealed record PeersPoint(PathResult Median, int Runs, double Slowest, double Fastest)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Whether the setting is the width of a graph's beam.</summary>
    public bool IsGraph =>
        Median.Engine.Contains("hnsw", StringComparison.OrdinalIgnoreCase) || Median.Engine.StartsWith("USearch", StringComparison.Ordinal);

    /// <summary>Whether it is a point of this project's engine.</summary>
    public bool IsOurs => Median.Engine.StartsWith("MatchEngine", StringComparison.Ordinal);

    /// <summary>A run of a point of this engine as <see cref="Read"/> reads it.</summary>
    public static string Write(PathResult result) => JsonSerializer.Serialize(result, Json);

    /// <summary>
    /// Reads a run of a point: a <see cref="PathResult"/>, whose lists stand in a file of their own when another engine made it.
    /// </summary>
    /// <exception cref="JsonException">The line is none.</exception>
    public static PathResult Read(string line, string folder, PeersTruth truth)
    {
        var result = JsonSerializer.Deserialize<PathResult>(line, Json)!;
        using var document = JsonDocument.Parse(line);
        if (!document.RootElement.TryGetProperty("lists", out var lists))
            return result;
        var quality = truth.Compare(Path.Combine(folder, lists.GetString()!));
        return result with
        {
            Recall = quality.Recall,
            RecallAboveFloor = quality.RecallAboveFloor,
            Mated = quality.Mated,
            MatesLost = quality.MatesLost,
        };
    }

    /// <summary>Takes the medians of the runs of a point.</summary>
    public static PeersPoint Of(IEnumerable<PathResult> runs)
    {
        var all = runs.ToList();
        double Of(Func<PathResult, double> figure) =>
            all.Select(figure).Order().Skip((all.Count - 1) / 2).Take(2 - (all.Count % 2)).Average();
        var median = all[^1] with
        {
            SearchesPerCpuSecond = Of(run => run.SearchesPerCpuSecond),
            AllThreadsPerSecond = all.Exists(run => run.AllThreadsPerSecond is null) ? null : Of(run => run.AllThreadsPerSecond!.Value),
            MedianMicroseconds = Of(run => run.MedianMicroseconds),
            P99Microseconds = Of(run => run.P99Microseconds),
            BuildPerCpuSecond = Of(run => run.BuildPerCpuSecond),
            BytesPerTemplate = Of(run => run.BytesPerTemplate),
        };
        return new PeersPoint(median, all.Count, all.Min(run => run.SearchesPerCpuSecond), all.Max(run => run.SearchesPerCpuSecond));
    }
}
