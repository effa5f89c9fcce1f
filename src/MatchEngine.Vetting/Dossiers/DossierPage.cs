using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Reports.Pages;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>
/// The dossier as one page: text, tables, charts (inline SVG) and style are all in it, and no script, so that it opens off-line and prints.
/// It is made of <c>dossier.json</c> and nothing else; all text goes in encoded, whoever it comes from.
/// </summary>
public static class DossierPage
{
    private const string NotExamined = "not examined";

    /// <summary>The page.</summary>
    /// <param name="dossier">The content of <c>dossier.json</c>.</param>
    public static string Make(JsonObject dossier)
    {
        ArgumentNullException.ThrowIfNull(dossier);
        var page = new PageWriter();
        Verdicts(page, dossier);
        Tested(page, dossier);
        Norms(page, dossier);
        Conduct(page, dossier);
        Accuracy(page, dossier);
        Load(page, dossier);
        Photos(page, dossier);
        Questions(page, dossier);
        page.Section("Conditions").Sentences(Texts(dossier, "conditions"));
        page.Section("Until when, and when sooner", $"This dossier can be relied on until {Day(dossier.Text("expires"))} at the latest.")
            .Heading("To be examined anew when").Sentences(Texts(dossier, "triggers"));
        Provenance(page, dossier);
        var name = dossier.Text("target.atStart.product") ?? dossier.Text("target.name") ?? "a service";
        return HtmlReport.Filled(
            $"Dossier: {name}", "MatchEngine vetting",
            $"<p class=\"lead\">{Encode(Lead(dossier))}</p>" + Card(dossier) + page.Contents(), page.ToHtml());
    }

    private static string Lead(JsonObject dossier) =>
        $"What {dossier.Text("target.name")} was found to do, on {Day(dossier.Text("startedAt"))}. Candidates are leads, never an "
            + "identification; whether the service may be used is for people to decide.";

    private static string Card(JsonObject dossier)
    {
        var facts = new (string Name, string? Value)[]
        {
            ("Service", dossier.Text("target.name")),
            ("Product, version", Joined(dossier.Text("target.atStart.product"), dossier.Text("target.atStart.version"))),
            ("Model", dossier.Text("target.atStart.model")),
            ("Address", dossier.Text("target.address")),
            ("Examined", Day(dossier.Text("startedAt"))),
            ("Expires", Day(dossier.Text("expires"))),
            ("Owner agreed", Joined(dossier.Text("ownerAgreed.name"), Day(dossier.Text("ownerAgreed.date")))),
            ("Data set", dossier.Text("provenance.dataSet")),
        };
        return "<div class=\"card\"><dl class=\"tested\">" + string.Concat(facts.Where(f => !string.IsNullOrEmpty(f.Value))
            .Select(f => $"<div><dt>{Encode(f.Name)}</dt><dd>{Encode(f.Value!)}</dd></div>")) + "</dl></div>";
    }

    private static void Verdicts(PageWriter page, JsonObject dossier) => page.Section("What can and cannot be concluded").Table(
        "What can and cannot be concluded", [.. dossier.Rows("verdicts").Select(r => Marked(r, r.Text("standing") == "not-met"))],
        new Column("subject", r => r.Text("subject")),
        new Column("standing", r => r.Text("standing")?.Replace('-', ' ')),
        new Column("what can be concluded", r => string.Join(' ', Texts(r, "concluded"))),
        new Column("what cannot", r => string.Join(' ', Texts(r, "notConcluded"))));

    private static void Tested(PageWriter page, JsonObject dossier)
    {
        page.Section(
            "What was tested",
            "The service in use must be the one that was tested: where what it says there differs "
                + "from what stands here, this dossier is not "
                + "about it.");
        page.Facts(
        [
            ("Named as", dossier.Text("target.name")),
            ("Reached at", dossier.Text("target.address") ?? "in this process or on this machine"),
            ("The same at the end", dossier.Flag("target.same")
                ? "yes"
                : dossier.At("target.same") is not null ? "no"
                : dossier.At("target.atStart") is null && dossier.At("target.atEnd") is null ? "it does not say what it is"
                : "it said nothing at the " + (dossier.At("target.atEnd") is null ? "end" : "start")),
        ]);
        string[] keys = ["product", "version", "model"];
        var settings = Keys(dossier, "target.atStart.settings").Concat(Keys(dossier, "target.atEnd.settings")).Distinct()
            .Order(StringComparer.Ordinal).Select(key => ("settings." + key, key));
        page.Table(
            "What it said that it is",
            [.. keys.Select(key => (Path: key, Name: key)).Concat(settings.Select(s => (Path: s.Item1, Name: s.key))).Select(k =>
            {
                var (start, end) = (Told(dossier, "target.atStart", k.Path), Told(dossier, "target.atEnd", k.Path));
                return Marked(new JsonObject { ["what"] = k.Name, ["start"] = start, ["end"] = end }, start != end);
            })],
            new Column("", r => r.Text("what")), new Column("at the start", r => r.Text("start")),
            new Column("at the end", r => r.Text("end")));
        page.Table(
            "What cannot be asked of it", [.. Keys(dossier, "target.cannot").Select(key => new JsonObject
            {
                ["what"] = key.Replace('-', ' '), ["why"] = (dossier.At("target.cannot") as JsonObject)?[key]?.DeepClone(),
            })],
            new Column("what cannot be asked of it", r => r.Text("what")), new Column("why", r => r.Text("why")));
    }

    private static void Norms(PageWriter page, JsonObject dossier) => page.Section("Norms").Table(
        "Norms", dossier.Rows("norms"), new Column("document", r => r.Text("name")), new Column("title", r => r.Text("title")),
        new Column("date", r => r.Text("date")), new Column("state", r => r.Text("state")),
        new Column("taken from it", r => r.Text("for")));

    private static void Conduct(PageWriter page, JsonObject dossier)
    {
        page.Section("Conduct", "What was sent and what came back stands below each check.");
        var findings = dossier.Rows("conduct");
        if (findings.Count == 0)
            page.Paragraph(Why(dossier, "conduct"));
        page.Table(
            "Checks of conduct", [.. findings.Select(r => Marked(r, r.Text("verdict") == "fail"))],
            new Column("check", r => r.Text("check")), new Column("verdict", r => r.Text("verdict")?.Replace('-', ' ')),
            new Column("requirement", r => r.Text("requirement")), new Column("source", r => r.Text("source")),
            new Column("what was found", r => r.Text("explanation")));
        foreach (var finding in findings.Where(f => f.Rows("evidence").Count > 0))
            page.Folded($"What was sent and what came back: {finding.Text("check")}", inner => inner.Table(
                $"Evidence of {finding.Text("check")}", finding.Rows("evidence"),
                new Column("tried", r => r.Text("what")),
                new Column("sent", r => $"{r.Text("sent.verb")} {r.Text("sent.address")}"
                    + (r.Number("sent.size") > 0 ? $" ({PageNumbers.Whole(r.Number("sent.size"))} bytes)" : "")),
                new Column("came back", r => r.Text("failure.kind") is { } kind
                    ? $"{kind.Replace('-', ' ')}: {r.Text("failure.detail") ?? r.Text("failure.code")}"
                    : r.Text("received.excerpt"))));
    }

    private static void Accuracy(PageWriter page, JsonObject dossier)
    {
        page.Section(
            "What the data can find",
            "Drawn up from the numbers of people and searches before anything was asked: what lies below it would not have been seen.");
        if (dossier.At("accuracy") is not JsonObject accuracy)
        {
            page.Paragraph(Why(dossier, "accuracy"));
            return;
        }
        Power(page, accuracy);
        if (accuracy.At("identification") is JsonObject identification)
        {
            page.Section("Searches (1:N)").Paragraph(Headline.Sentence(identification)).Sentences(Spoken.Everywhere(identification));
            RateSections.Identification(page, identification);
            Transfer(page, accuracy);
            GroupSections.Rates(page, identification);
            GroupSections.Refusals(page, identification);
            GroupSections.Ageing(page, identification);
        }
        page.Section("Comparisons (1:1)");
        if (accuracy.At("verification") is not JsonObject verification)
        {
            page.Paragraph($"Not examined: {accuracy.Text("withoutVerification")}.");
            return;
        }
        page.Paragraph(Headline.Sentence(verification)).Sentences(Spoken.Everywhere(verification));
        RateSections.Verification(page, verification);
        GroupSections.Rates(page, verification);
    }

    private static void Power(PageWriter page, JsonObject accuracy)
    {
        var power = accuracy.At("power");
        page.Facts(
        [
            ("Enrolled", $"{PageNumbers.Whole(power.Number("gallerySubjects"))} people"),
            ("Mated searches", $"{PageNumbers.Whole(power.Number("mated"))} of {PageNumbers.Whole(power.Number("matedSubjects"))} people"),
            ("Non-mated searches",
                $"{PageNumbers.Whole(power.Number("nonMated"))} of {PageNumbers.Whole(power.Number("nonMatedSubjects"))} people"),
            ("Lowest FPIR of a threshold", PageNumbers.Share(power.Number("lowestFpir"))),
            ("FNIR, were no mate missed", power.Number("fnirBelowIfNone") is { } fnir ? "below " + PageNumbers.Share(fnir) : null),
            ("FPIR, were no stranger returned", power.Number("fpirBelowIfNone") is { } fpir ? "below " + PageNumbers.Share(fpir) : null),
        ]);
        page.Table(
            "What can be found of groups", power.Rows("groups"), new Column("by", r => r.Text("by")),
            new Column("group", r => r.Text("value")),
            new Column("mated searches", r => PageNumbers.Whole(r.Number("mated")), true),
            new Column("people", r => PageNumbers.Whole(r.Number("matedSubjects")), true),
            new Column("non-mated searches", r => PageNumbers.Whole(r.Number("nonMated")), true),
            new Column("people", r => PageNumbers.Whole(r.Number("nonMatedSubjects")), true),
            new Column(
                $"smallest FNIR ratio seen in 80 of 100 sets, at {PageNumbers.Share(power.Number("assumedFnir"))}",
                r => PageNumbers.Short(r.Number("fnirRatio")), true),
            new Column(
                $"smallest FPIR ratio, at {PageNumbers.Share(power.Number("assumedFpir"))}",
                r => PageNumbers.Short(r.Number("fpirRatio")), true));
    }

    private static void Transfer(PageWriter page, JsonObject accuracy)
    {
        if (accuracy.Rows("transfer") is not { Count: > 0 } rows)
            return;
        page.Heading("Thresholds set on half of the people, tried on the other half").Table(
            "Threshold transfer", [.. rows.Select(r => Marked(r, r.Text("agreement") == "higher-than-claimed"))],
            new Column("FPIR it was set at", r => PageNumbers.Wanted(r.Number("fpir")), true),
            new Column("threshold", r => PageNumbers.Score(r.Number("threshold")), true),
            new Column("FPIR of the other half", r => r.Text("measuredFpirText")),
            new Column("FNIR of the other half", r => r.Text("measuredFnirText")),
            new Column("", r => r.Text("agreement")?.Replace('-', ' ')));
    }

    private static void Load(PageWriter page, JsonObject dossier)
    {
        page.Section(
            "Load",
            "Latency counts from when a request was meant to be sent, so that a stall is in it with everybody who waited.");
        var measurements = dossier.Rows("load.measurements");
        if (measurements.Count == 0)
            page.Paragraph(Why(dossier, "load"));
        foreach (var measured in measurements)
        {
            var title = $"{measured.Text("operation")?.Replace('-', ' ')}, {PageNumbers.Whole(measured.Number("gallerySize"))} enrolled";
            page.Heading(title);
            var steps = measured.Rows("open.steps");
            page.Chart(LoadPlot(title, steps, measured.At("open")));
            JsonObject[] runs =
            [
                Run("one caller", measured.At("alone"), null),
                Run($"{PageNumbers.Whole(measured.Number("closed.workers"))} callers", measured.At("closed"), null),
                .. steps.OrderBy(s => s.Number("run.offeredRate"))
                    .Select(s => Run($"{PageNumbers.Short(s.Number("run.offeredRate"))} a second", s.At("run"), s.Text("brokenBy"))),
            ];
            page.Table(
                title, runs, new Column("load", r => r.Text("load")),
                new Column("requests", r => PageNumbers.Whole(r.Number("run.requests")), true),
                new Column("answered a second", r => Number(r.Number("run.throughput")), true),
                new Column("p50 ms", r => Number(r.Number("run.latency.p50")), true),
                new Column("p90 ms", r => Number(r.Number("run.latency.p90")), true),
                new Column("p99 ms", r => Number(r.Number("run.latency.p99")), true),
                new Column("p99.9 ms", r => Number(r.Number("run.latency.p999")), true),
                new Column("errors", r => PageNumbers.Share(r.Number("run.errorShare")), true),
                new Column("of the target: cores", r => Number(r.Number("run.target.cores")), true),
                new Column("memory", r => r.Number("run.target.peakWorkingSet") is { } bytes ? $"{bytes / (1 << 20):0} MiB" : null, true),
                new Column("objective", r => r.Text("brokenBy") ?? (r.Flag("isOpen") ? "kept" : null)),
                new Column("generator", r => r.Text("run.generator.bottleneck")));
        }
        page.Sentences(dossier.Rows("load.growth").Select(g => string.Create(
            CultureInfo.InvariantCulture,
            $"{g.Text("operation")?.Replace('-', ' ')}: {g.Number("fit.factor"):G3} · N^{g.Number("fit.exponent"):0.00} ms, of "
                + $"{g.Number("fit.sizes"):0} sizes{(g.Number("fit.exponentError") is { } error ? $" (exponent ± {error:0.00})" : "")}.")));
        page.Sentences(Texts(dossier, "load.skipped"));

        static JsonObject Run(string load, JsonNode? run, string? brokenBy) => Marked(
            new JsonObject
            {
                ["load"] = load,
                ["run"] = run?.DeepClone(),
                ["brokenBy"] = brokenBy,
                ["isOpen"] = run.Text("loop") == "open",
            },
            brokenBy is not null);
    }

    private static Plot? LoadPlot(string title, IReadOnlyList<JsonObject> steps, JsonNode? open)
    {
        PlotSeries Series(string name, string key) => new(name, SeriesKind.Line,
            [.. steps.Where(s => s.Number($"run.latency.{key}") > 0).OrderBy(s => s.Number("run.offeredRate"))
                .Select(s => new PlotPoint(s.Number("run.offeredRate")!.Value, s.Number($"run.latency.{key}"), null))]);
        PlotSeries[] series = [Series("p50", "p50"), Series("p90", "p90"), Series("p99", "p99")];
        var kept = steps.Where(s => s.Text("brokenBy") is null).Select(s => s.Number("run.offeredRate")).Max();
        return Axis.Log("requests a second", AxisUnit.Plain, series.SelectMany(s => s.Points).Select(p => p.X)) is { } x
            && Axis.Log("latency, ms", AxisUnit.Plain, series.SelectMany(s => s.Points).SelectMany(p => p.Reach())) is { } y
            ? new Plot(
                $"Latency against the rate of arrivals: {title}. The objective: p99 within {Text(open)}.", x, y,
                [.. series.Where(s => s.Points.Count > 0)], kept is { } at ? (at, "the highest rate that was kept") : null)
            : null;

        static string Text(JsonNode? open) => TimeSpan.TryParse(open.Text("objective.p99"), CultureInfo.InvariantCulture, out var p99)
            ? $"{p99.TotalMilliseconds:0} ms"
            : "what was wanted";
    }

    private static void Photos(PageWriter page, JsonObject dossier)
    {
        page.Section("Quality of the photos used", "Rates hold for photos like these: poorer ones give poorer rates.");
        var rows = dossier.Rows("photos");
        if (rows.Count == 0)
            page.Paragraph(Why(dossier, "photos"));
        string? Quantile(JsonObject row, int at) =>
            row.At("quantiles") is JsonArray { Count: 5 } all ? Number(JsonRows.Number(all[at])) : null;
        page.Table(
            "Quality of the photos used", rows, new Column("photos", r => r.Text("role")), new Column("measure", r => r.Text("measure")),
            new Column("number", r => PageNumbers.Whole(r.Number("photos")), true),
            new Column("measured", r => PageNumbers.Whole(r.Number("measured")), true),
            new Column("5 % below", r => Quantile(r, 0), true), new Column("25 %", r => Quantile(r, 1), true),
            new Column("50 %", r => Quantile(r, 2), true), new Column("75 %", r => Quantile(r, 3), true),
            new Column("95 %", r => Quantile(r, 4), true));
    }

    private static void Questions(PageWriter page, JsonObject dossier) => page.Section(
        "Questions that no machine can answer", "An empty field means that nobody looked.").Table(
        "Questions that no machine can answer", [.. dossier.Rows("questions").Select(r => Marked(r, r.Text("answer") is null))],
        new Column("question", r => r.Text("question")), new Column("answer", r => r.Text("answer") ?? NotExamined),
        new Column("by", r => r.Text("by")), new Column("on", r => Day(r.Text("on"))));

    private static void Provenance(PageWriter page, JsonObject dossier)
    {
        page.Section(
            "Provenance", "Digests are SHA-256. signature.json, beside this page, signs every file of the dossier; vet check verifies it.");
        page.Facts(
        [
            ("Software", dossier.Text("provenance.software")), ("Machine", dossier.Text("provenance.machine")),
            ("Began", dossier.Text("startedAt")), ("Ended", dossier.Text("endedAt")),
            ("Data set", dossier.Text("provenance.dataSet")), ("Digest of its metadata", dossier.Text("provenance.dataSetDigest")),
            ("Digest of its photos", dossier.Text("provenance.photosDigest")),
            ("Protocol", dossier.Text("provenance.protocol")), ("Digest of its values", dossier.Text("provenance.protocolDigest")),
            ("Seed of the split", PageNumbers.Whole(dossier.Number("provenance.seed"))),
            ("Digest of all outcomes", dossier.Text("provenance.outcomesDigest")),
        ]);
    }

    private static string Why(JsonObject dossier, string part) =>
        $"Not examined: {(dossier.At("notExamined") as JsonObject)?[part]?.GetValue<string>() ?? "it was not wanted"}";

    private static string? Told(JsonObject dossier, string at, string path) =>
        path.StartsWith("settings.", StringComparison.Ordinal)
            ? ((dossier.At(at + ".settings") as JsonObject)?[path["settings.".Length..]] as JsonValue)?.GetValue<string>()
            : dossier.Text($"{at}.{path}");

    private static IEnumerable<string> Keys(JsonObject dossier, string path) =>
        dossier.At(path) is JsonObject keys ? keys.Select(k => k.Key) : [];

    private static IEnumerable<string> Texts(JsonNode node, string path) =>
        node.At(path) is JsonArray texts ? texts.OfType<JsonValue>().Select(t => t.GetValue<string>()) : [];

    private static JsonObject Marked(JsonObject row, bool isMarked)
    {
        var copy = row.DeepClone().AsObject();
        copy["marked"] = isMarked;
        return copy;
    }

    private static string? Number(double? value) => value?.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);

    private static string? Joined(string? first, string? second) => first is null ? null : second is null ? first : $"{first}, {second}";

    private static string? Day(string? date) => DateTimeOffset.TryParse(
        date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
        ? day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)
        : date;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
