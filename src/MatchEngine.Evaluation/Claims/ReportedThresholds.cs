using System.Text.Json;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Claims;

/// <summary>Takes thresholds, and what they are said to be worth, from the <c>report.json</c> of another evaluation.</summary>
public static class ReportedThresholds
{
    /// <summary>Reads the thresholds that a report gives rates at, each with its rates as claims.</summary>
    /// <param name="file">A <c>report.json</c> of <c>eval verify</c> or <c>eval identify</c>.</param>
    /// <param name="searches">Whether rates of searches are wanted; those of the other kind are no claim, and thresholds come
    /// without.</param>
    /// <exception cref="EvaluationException">The file cannot be read, is no report, or gives no threshold.</exception>
    public static IReadOnlyList<(double Threshold, ClaimedRate? Claim)> Read(string file, bool searches)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = document.RootElement;
            if (Text(root, "schema") is not { } schema || !schema.StartsWith(ReportSchema.Name, StringComparison.Ordinal))
                throw new EvaluationException(file, 0, "this is no report.json of an evaluation; give the one beside report.html");
            var ofSearches = Text(root, "kind") == "identification";
            var part = ofSearches ? root.GetProperty("identification") : root;
            var provenance = root.GetProperty("provenance");
            var set = provenance.GetProperty("dataSet") is { ValueKind: JsonValueKind.Object } named ? Text(named, "name") : null;
            var by = $"the report of {Text(provenance, "system") ?? "another system"}";
            var found = new Dictionary<double, ClaimedRate?>();
            foreach (var point in new[] { "thresholds", ofSearches ? "points" : "operatingPoints" }
                .Where(key => part.TryGetProperty(key, out _)).SelectMany(key => part.GetProperty(key).EnumerateArray()))
            {
                if (Number(point, "threshold") is not { } threshold)
                    continue;
                var (falsePositives, misses) = ofSearches ? ("measuredFpir", "fnir") : ("measuredFmr", "fnmr");
                found.TryAdd(threshold, ofSearches != searches ? null : new ClaimedRate(
                    by, $"measured on {set ?? "scores without a data set"}", set, Number(point, falsePositives),
                    Number(point, falsePositives + "Below"), Number(point, misses)));
            }
            return found.Count > 0
                ? [.. found.OrderBy(f => f.Key).Select(f => (f.Key, f.Value))]
                : throw new EvaluationException(file, 0, "the report gives no threshold: its data support none");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new EvaluationException($"{file}: not a report of an evaluation ({error.Message})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{file}: cannot be read ({error.Message})", error);
        }
    }

    private static string? Text(JsonElement of, string key) =>
        of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement of, string key) =>
        of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
