using System.Text.Json.Nodes;

namespace MatchEngine.Evaluation.Reports.Pages;

/// <summary>
/// The sentences of the summary at their places: at the head what holds for everybody and every difference that was found, beside the
/// groups all that was looked at.
/// </summary>
public static class Spoken
{
    /// <summary>What stands at the head of the page.</summary>
    public static IEnumerable<string> Everywhere(JsonObject report)
    {
        string[] groups = [.. report.Rows("slices").Select(s => s.Text("by")!).Distinct()];
        return All(report).Where(s => s.Contains(" differs from that of ", StringComparison.Ordinal) || !groups.Any(by => IsOf(s, by)));
    }

    /// <summary>What was looked at by a slicing.</summary>
    public static IEnumerable<string> Of(JsonObject report, string by) => All(report).Where(s => IsOf(s, by));

    private static IEnumerable<string> All(JsonObject report) =>
        report.At("summary") is JsonArray summary ? summary.Select(s => s!.GetValue<string>()) : [];

    // "By sex, …", "By sex: …" and "FMR by sex …", but not what is by sex × race.
    private static bool IsOf(string sentence, string by) =>
        sentence.StartsWith($"By {by}, ", StringComparison.Ordinal) || sentence.StartsWith($"By {by}: ", StringComparison.Ordinal)
        || (sentence.Contains($" by {by} ", StringComparison.Ordinal) && !sentence.Contains($" by {by} × ", StringComparison.Ordinal));
}
