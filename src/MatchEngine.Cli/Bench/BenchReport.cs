using System.Runtime.InteropServices;
using System.Text.Json;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Cli.Bench;

/// <summary>What <c>bench index</c> measured, and on what machine. The key names are a contract: they only ever grow in number.</summary>
/// <param name="Date">When.</param>
/// <param name="Processors">The processors that the system shows.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="System">The operating system.</param>
/// <param name="Kernel">The instruction set that comparisons of bodies use; each result names its own.</param>
/// <param name="StreamingBytesPerSecond">What one thread reads of memory in order; the median of several passes.</param>
/// <param name="Templates">The size of the gallery, the largest of several.</param>
/// <param name="Dimension">The dimension of its templates.</param>
/// <param name="Probes">The mated searches of each size.</param>
/// <param name="M">The links that a new node of the graph makes.</param>
/// <param name="Results">A row for each size, path and setting.</param>
internal sealed record BenchReport(
    DateTime Date, int Processors, string Runtime, string System, string Kernel, double StreamingBytesPerSecond, int Templates,
    int Dimension, int Probes, int M, IReadOnlyList<PathResult> Results)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>How the time of a search grows, for each path that was measured at several sizes at one setting.</summary>
    public IReadOnlyList<Growth> Growths => [.. Results
        .GroupBy(result => (result.Engine, Setting: IsGraph(result.Engine) ? null : (int?)result.Setting))
        .Where(path => path.DistinctBy(result => result.Templates).Count() == path.Count())
        .Select(path => (path.Key, Fit: GrowthFit.Of(
            [.. path.Select(result => ((double)result.Templates, 1e6 / result.SearchesPerCpuSecond))])))
        .Where(path => path.Fit is not null)
        .Select(path => new Growth(
            path.Key.Engine, path.Key.Setting, path.Fit!.Factor, path.Fit.Exponent, path.Fit.ExponentError, path.Fit.Sizes))];

    /// <summary>Whether a path is the graph's, whose setting is the width of a beam that it calibrates for each size.</summary>
    public static bool IsGraph(string engine) => engine.Contains("hnsw", StringComparison.Ordinal);

    /// <summary>The path's name in a table of this engine alone.</summary>
    public static string PathOf(string engine) => engine.Replace("MatchEngine ", "", StringComparison.Ordinal);

    /// <summary>A report of this machine.</summary>
    public static BenchReport Of(IReadOnlyList<PathResult> results, double bandwidth, int dimension, int probes, int m) => new(
        DateTime.UtcNow, Environment.ProcessorCount, RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription,
        IndexMeasurement.Instructions, Math.Round(bandwidth), results.Max(result => result.Templates), dimension, probes, m, results);

    /// <summary>Reads a report.</summary>
    /// <exception cref="UsageException">The file is not one.</exception>
    public static BenchReport Read(FileInfo file)
    {
        const long Largest = 16 << 20;
        try
        {
            if (file.Length > Largest)
                throw new UsageException($"{file.FullName} is too large to be a measurement of 'bench index --json'");
            using var stream = file.OpenRead();
            // Of an earlier version: what its rows do not name stands above them.
            return JsonSerializer.Deserialize<BenchReport>(stream, Json) is { Results: { Count: > 0 } results } report
                && !results.Any(result => result?.Engine is null)
                ? report with
                {
                    Results = [.. results.Select(row => row.Templates == 0 ? row with { Templates = report.Templates } : row)],
                }
                : throw new UsageException($"{file.FullName} holds no results of 'bench index --json'");
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file.FullName} is no measurement of 'bench index --json': {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file.FullName} cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes it to a file.</summary>
    public void Write(FileInfo file) => File.WriteAllText(file.FullName, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>How the processor time of a search grows with the number of templates: microseconds = Factor · N^Exponent.</summary>
    /// <param name="Engine">The path.</param>
    /// <param name="Setting">The size of batches; null where each size had a beam of its own.</param>
    /// <param name="Factor">Microseconds at N = 1.</param>
    /// <param name="Exponent">The power.</param>
    /// <param name="ExponentError">Its standard error; null of two sizes.</param>
    /// <param name="Sizes">The number of sizes.</param>
    internal sealed record Growth(string Engine, int? Setting, double Factor, double Exponent, double? ExponentError, int Sizes);
}
