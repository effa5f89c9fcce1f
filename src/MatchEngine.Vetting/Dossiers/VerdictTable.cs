using System.Globalization;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Reports.Pages;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Load;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>What can be said of one subject of the examination.</summary>
public enum Standing
{
    /// <summary>Every requirement that could be tested is met.</summary>
    Met,

    /// <summary>At least one requirement is not met.</summary>
    NotMet,

    /// <summary>Measured; whether it is good enough is for whoever decides.</summary>
    Measured,

    /// <summary>Examined, and nothing can be said.</summary>
    CannotBeSaid,

    /// <summary>Not examined.</summary>
    NotExamined,
}

/// <summary>A row of the verdict table.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Standing">What can be said.</param>
/// <param name="Concluded">What can be concluded, in sentences.</param>
/// <param name="NotConcluded">What cannot, in sentences.</param>
public sealed record VerdictRow(
    string Subject, Standing Standing, IReadOnlyList<string> Concluded, IReadOnlyList<string> NotConcluded);

/// <summary>
/// The table that a reader begins with. It decides nothing: whether a service may be used is for the vetting unit to say.
/// </summary>
public static class VerdictTable
{
    /// <summary>Draws it up.</summary>
    /// <param name="dossier">The examination.</param>
    public static IReadOnlyList<VerdictRow> Of(Dossier dossier)
    {
        ArgumentNullException.ThrowIfNull(dossier);
        return Of(dossier, dossier.Accuracy is { } accuracy ? ReportJson.Make(accuracy.Identification) : null);
    }

    /// <summary>Draws it up.</summary>
    /// <param name="dossier">The examination.</param>
    /// <param name="identification">Its report of searches; null where there is none.</param>
    internal static IReadOnlyList<VerdictRow> Of(Dossier dossier, JsonObject? identification) =>
        [Identity(dossier), Conduct(dossier), Accuracy(dossier, identification), Groups(dossier, identification), Load(dossier),
            Questions(dossier)];

    private static VerdictRow Identity(Dossier dossier)
    {
        var target = dossier.Target;
        const string InUse = "Whether the service in use is the one that was tested: compare what stands here with what it says there.";
        return target.IsSame switch
        {
            null => new(
                "Identity", Standing.CannotBeSaid, [],
                [
                    (target.AtStart, target.AtEnd) switch
                    {
                        ({ } start, null) => $"It said {Said(start)} at the start and nothing at the end.",
                        (null, { } end) => $"It said nothing at the start and {Said(end)} at the end.",
                        _ => "The target does not say what it is.",
                    },
                    InUse,
                ]),
            true => new("Identity", Standing.Met, [$"It said at the end what it said at the start: {Said(target.AtStart!)}."], [InUse]),
            false => new(
                "Identity", Standing.NotMet,
                [$"It said {Said(target.AtStart!)} at the start and {Said(target.AtEnd!)} at the end: not one system was tested."],
                [InUse]),
        };
    }

    private static string Said(Targets.TargetIdentity identity) =>
        $"{identity.Product ?? "no product"}, {(identity.Version is { } version ? $"version {version}" : "no version")}, "
            + $"{(identity.Model is { } model ? $"model {model}" : "no model")} and {identity.Settings.Count} settings";

    private static VerdictRow Conduct(Dossier dossier)
    {
        if (dossier.Conduct.Count == 0)
            return NotExamined("Conduct", dossier, "conduct");
        string[] Of(Verdict verdict) => [.. dossier.Conduct.Where(f => f.Verdict == verdict).Select(f => f.Check)];
        var (passed, failed, untested) = (Of(Verdict.Pass), Of(Verdict.Fail), Of(Verdict.NotTestable));
        return new VerdictRow(
            "Conduct", failed.Length > 0 ? Standing.NotMet : passed.Length > 0 ? Standing.Met : Standing.CannotBeSaid,
            [
                .. If(failed.Length > 0, $"{failed.Length} of {dossier.Conduct.Count} checks fail: {string.Join(", ", failed)}."),
                .. If(passed.Length > 0, $"{passed.Length} of {dossier.Conduct.Count} checks pass."),
            ],
            [
                .. If(untested.Length > 0, $"{untested.Length} could not be tested: {string.Join(", ", untested)}."),
                "What the service does out of sight: a check sees answers, not disks.",
            ]);
    }

    private static VerdictRow Accuracy(Dossier dossier, JsonObject? report)
    {
        if (dossier.Accuracy is not { } accuracy || report is null)
            return NotExamined("Accuracy", dossier, "accuracy");
        var said = new List<string>();
        foreach (var row in report.Rows("identification.thresholds"))
            said.Add(
                $"At the operator's floor {PageNumbers.Score(row.Number("threshold"))}: FNIR {row.Text("fnirText")}; FPIR "
                    + $"{row.Text("measuredFpirText")}.");
        if (said.Count == 0 && report.Rows("identification.points").LastOrDefault(p => p.Flag("supported")) is { } point)
            said.Add(
                $"At FPIR {PageNumbers.Wanted(point.Number("fpir"))} (score {PageNumbers.Score(point.Number("threshold"))}): FNIR "
                    + $"{point.Text("fnirText")}.");
        if (report.Rows("identification.ranks") is [var first, ..])
            said.Add($"Without a floor, within rank {PageNumbers.Whole(first.Number("rank"))}: FNIR {first.Text("fnirText")}.");
        foreach (var moved in accuracy.Transfer.Where(t => t.Agreement == Evaluation.Claims.ClaimAgreement.HigherThanClaimed))
            said.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"A threshold set at FPIR {moved.WantedFpir} on half of the people has a higher one on the other half: {moved.Fpir}."));
        return new VerdictRow(
            "Accuracy", said.Count > 0 ? Standing.Measured : Standing.CannotBeSaid, said,
            [
                $"Rates of other people, photos and gallery sizes than those of {report.Text("provenance.dataSet.name")}.",
                accuracy.Power.LowestFpir is { } lowest
                    ? string.Create(
                        CultureInfo.InvariantCulture, $"Thresholds at an FPIR below {lowest:0.#####}: too few strangers were searched for.")
                    : "Any FPIR: too few strangers were searched for.",
                .. If(accuracy.WithoutVerification is not null, $"FMR and FNMR: {accuracy.WithoutVerification}."),
            ]);
    }

    private static VerdictRow Groups(Dossier dossier, JsonObject? report)
    {
        if (dossier.Accuracy is not { } accuracy || report is null)
            return NotExamined("Groups of people", dossier, "accuracy");
        var slices = report.Rows("slices");
        var said = new List<string>();
        foreach (var (rate, name) in new[] { ("fnirRatio", "FNIR"), ("fpirRatio", "FPIR") })
            foreach (var slice in slices.Where(s => s.Flag(rate + "Differs")))
                said.Add(
                    $"{name} of {slice.Text("value")} ({slice.Text("by")}) is {PageNumbers.Ratio(slice, rate)} times the reference group's"
                        + (slice.Flag(rate + "DiffersAfterHolm") ? "." : "; with all that was looked at allowed for, that may be chance."));
        var tested = slices.Sum(s => (s.Number("fnirRatioPValue") is null ? 0 : 1) + (s.Number("fpirRatioPValue") is null ? 0 : 1));
        if (said.Count == 0 && tested > 0)
            said.Add($"Of {tested} ratios that were tested none differs from 1.");
        var smallest = accuracy.Power.Groups.SelectMany(g => new[] { g.FnirRatio, g.FpirRatio }).Max();
        return new VerdictRow(
            "Groups of people", tested > 0 ? Standing.Measured : Standing.CannotBeSaid, said,
            [
                smallest is { } ratio
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"Differences smaller than the data can show: of the groups that can be compared, ratios up to {ratio:0.#} may "
                            + $"have gone unseen.")
                    : "Differences between groups: none of them has enough people and searches.",
                "Groups that the data set has no labels for.",
            ]);
    }

    private static VerdictRow Load(Dossier dossier)
    {
        if (dossier.Load is not { Measurements.Count: > 0 } load)
            return NotExamined("Load", dossier, "load");
        var said = load.Measurements.Select(m => m.Open.AtObjective is { } kept
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Capital(LoadExamination.NameOf(m.Operation))} with {m.GallerySize:N0} enrolled: "
                    + $"{kept.Run.Throughput:0.##} a second within "
                    + $"the objective (p99 ≤ {m.Open.Objective.P99.TotalMilliseconds:0} ms, errors ≤ "
                    + $"{m.Open.Objective.ErrorShare:P1}); p99 "
                    + $"{kept.Run.Latency.P99:0} ms.")
            : $"{Capital(LoadExamination.NameOf(m.Operation))} with {m.GallerySize:N0} enrolled: "
                + (m.Open.Steps.Count > 0
                    ? "no rate that was tried keeps the objective."
                    : "no rate could be tried in the time that was given."));
        return new VerdictRow(
            "Load",
            load.Measurements.All(m => m.Open.AtObjective is not null) ? Standing.Measured
                : load.Measurements.Any(m => m.Open.End == LoadEnd.ObjectiveBroken && m.Open.AtObjective is null) ? Standing.NotMet
                : Standing.CannotBeSaid,
            [.. said],
            [
                .. load.Measurements.Where(m => m.Open.End == LoadEnd.Generator)
                    .Select(m => $"More than that of {LoadExamination.NameOf(m.Operation)}: the generator was the limit."),
                .. load.Skipped,
                "Other machines, networks and galleries than these.",
            ]);
    }

    private static VerdictRow Questions(Dossier dossier)
    {
        var open = dossier.Questions.Where(q => q.Answer is null).Select(q => q.Id).ToArray();
        return new VerdictRow(
            "Questions for people", open.Length == dossier.Questions.Count ? Standing.NotExamined
                : open.Length > 0 ? Standing.CannotBeSaid : Standing.Measured,
            open.Length < dossier.Questions.Count
                ? [$"{dossier.Questions.Count - open.Length} of {dossier.Questions.Count} are answered."]
                : [],
            open.Length > 0 ? [$"Not examined: {string.Join(", ", open)}."] : []);
    }

    private static VerdictRow NotExamined(string subject, Dossier dossier, string part) => new(
        subject, Standing.NotExamined, [], [dossier.NotExamined.GetValueOrDefault(part) is { } why ? why : "It was not examined."]);

    private static string[] If(bool holds, string sentence) => holds ? [sentence] : [];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
