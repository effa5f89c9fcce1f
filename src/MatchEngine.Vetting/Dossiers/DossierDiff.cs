using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.PairedReports;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Reports.Pages;
using MatchEngine.Vetting.Runs;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>What differs between two dossiers in one thing.</summary>
/// <param name="Subject">In what.</param>
/// <param name="First">The first dossier's; null where it has none.</param>
/// <param name="Second">The second's.</param>
public sealed record DossierDifference(string Subject, string? First, string? Second);

/// <summary>Two dossiers side by side: the same service before and after an update, or two services.</summary>
/// <param name="Identity">What the services say that they are, where it differs.</param>
/// <param name="Conduct">Checks of conduct whose verdict differs, or that only one dossier has.</param>
/// <param name="Load">Throughput at the objective and times of one caller, for what both were asked under.</param>
/// <param name="Accuracy">What the comparison of the two reports says, in sentences; the same people are drawn for both.</param>
/// <param name="Comparison">The comparison of the two reports of searches (eval/README.md); null where it cannot be made.</param>
public sealed record DossierDiff(
    IReadOnlyList<DossierDifference> Identity, IReadOnlyList<DossierDifference> Conduct, IReadOnlyList<DossierDifference> Load,
    IReadOnlyList<string> Accuracy, JsonObject? Comparison)
{
    /// <summary>Compares two dossiers.</summary>
    /// <param name="first">Folder of one.</param>
    /// <param name="second">Folder of the other.</param>
    /// <param name="replicates">Draws of the people.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="VettingException">One is no dossier.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DossierDiff Of(string first, string second, int replicates = 2000, CancellationToken cancellationToken = default)
    {
        var (one, other) = (DossierFolder.Read(first), DossierFolder.Read(second));
        var (sentences, comparison) = Compared(first, second, one, other, replicates, cancellationToken);
        return new DossierDiff(
            Differing(Said(one), Said(other)), Differing(Verdicts(one), Verdicts(other)), Differing(Loads(one), Loads(other)), sentences,
            comparison);
    }

    private static (IReadOnlyList<string> Sentences, JsonObject? Comparison) Compared(
        string first, string second, JsonObject one, JsonObject other, int replicates, CancellationToken cancellationToken)
    {
        if (one.At("accuracy.identification") is null || other.At("accuracy.identification") is null)
            return (["Accuracy was not examined in both."], null);
        try
        {
            var comparison = ReportComparison.Of(
                ReportFile.Read(DossierFolder.Report(first)), ReportFile.Read(DossierFolder.Report(second)), replicates,
                cancellationToken: cancellationToken);
            return (ComparisonOutput.Summary(comparison), ComparisonOutput.Make(comparison));
        }
        catch (EvaluationException error)
        {
            return ([$"The reports of searches cannot be compared: {error.Message}"], null);
        }
    }

    private static List<DossierDifference> Differing(
        IReadOnlyDictionary<string, string?> first, IReadOnlyDictionary<string, string?> second) =>
        [.. first.Keys.Union(second.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(key => new DossierDifference(key, first.GetValueOrDefault(key), second.GetValueOrDefault(key)))
            .Where(d => d.First != d.Second)];

    private static Dictionary<string, string?> Said(JsonObject dossier)
    {
        var said = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var key in new[] { "product", "version", "model" })
            said[key] = dossier.Text($"target.atStart.{key}");
        if (dossier.At("target.atStart.settings") is JsonObject settings)
            foreach (var (key, value) in settings)
                said["setting " + key] = (value as JsonValue)?.ToString();
        return said;
    }

    private static Dictionary<string, string?> Verdicts(JsonObject dossier) => dossier.Rows("conduct")
        .GroupBy(f => f.Text("check") ?? "", StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Text("verdict"));

    private static Dictionary<string, string?> Loads(JsonObject dossier)
    {
        var loads = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var measured in dossier.Rows("load.measurements"))
        {
            var name = $"{measured.Text("operation")}, {PageNumbers.Whole(measured.Number("gallerySize"))} enrolled";
            loads[name + ": a second within the objective"] = PageNumbers.Short(measured.Number("open.throughputAtObjective")) ?? "none";
            loads[name + ": p50 of one caller, ms"] = PageNumbers.Short(measured.Number("alone.latency.p50"));
        }
        return loads;
    }
}
