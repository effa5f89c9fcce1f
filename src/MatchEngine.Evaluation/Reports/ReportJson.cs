using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.PairedReports;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Reports;

/// <summary>The content of <c>report.json</c>; every key is described in <c>eval/README.md</c>.</summary>
public static class ReportJson
{
    /// <summary>Name and version of the layout.</summary>
    public const string Schema = ReportSchema.Current;

    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The report as JSON text, ending with a line feed.</summary>
    public static string Write(EvaluationReport report) => Make(report).ToJsonString(Options) + "\n";

    /// <summary>The report as a JSON document.</summary>
    public static JsonObject Make(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var made = new JsonObject
        {
            ["schema"] = Schema,
            ["kind"] = report.Verification is not null ? "verification" : "identification",
            ["provenance"] = Provenance(report),
            ["summary"] = JsonParts.Array(Conclusions.Of(report), sentence => sentence),
            ["counts"] = Counts(report),
        };
        if (report.Verification is { } verification)
            VerificationJson.AddTo(made, verification, report.Claims);
        if (report.Identification is { } identification)
            IdentificationJson.AddTo(made, identification, report.IndexCosts, report.Claims);
        if (report.Corrected is { } corrected)
        {
            var inner = new JsonObject { ["source"] = report.CorrectionsSource };
            VerificationJson.AddTo(inner, corrected, report.Claims, brief: true);
            made["corrected"] = inner;
        }
        return made;
    }

    private static JsonObject Provenance(EvaluationReport report) => new()
    {
        ["dataSet"] = report.DataSet is not { } set ? null : new JsonObject
        {
            ["name"] = set.Name,
            ["citation"] = set.Citation,
            ["terms"] = set.Terms,
            ["digest"] = set.Digest,
            ["labels"] = new JsonObject([.. set.LabelSources.OrderBy(l => l.Key, StringComparer.Ordinal).Select(
                l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))]),
        },
        ["inputs"] = new JsonObject([.. report.InputDigests.OrderBy(d => d.Key, StringComparer.Ordinal).Select(
            d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))]),
        ["system"] = report.System,
        ["modelDigest"] = report.ModelDigest,
        ["templateBytes"] = report.TemplateBytes,
        ["gates"] = report.Gates is not { } gates ? null : new JsonObject
        {
            ["faces"] = gates.Faces,
            ["minimumQuality"] = JsonParts.Number(gates.MinimumQuality),
        },
        ["protocol"] = new JsonObject
        {
            ["name"] = report.Protocol.Name,
            ["description"] = report.Protocol.Description,
            ["digest"] = ProtocolFile.Digest(report.Protocol),
        },
        ["seed"] = report.Protocol.Bootstrap.Seed,
        ["bootstrapReplicates"] = report.Protocol.Bootstrap.Replicates,
        ["confidence"] = Interval.Confidence,
        ["minimumSubjects"] = report.Protocol.MinimumSubjects,
        ["convention"] = "accepted at score >= T",
        ["software"] =
            $"MatchEngine {typeof(ReportJson).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
    };

    private static JsonObject Counts(EvaluationReport report)
    {
        var counts = new JsonObject
        {
            ["images"] = report.DataSet?.Images.Count,
            ["subjects"] = report.DataSet?.Subjects.Count,
        };
        if (report.Verification is { } v)
        {
            var c = v.Comparisons;
            counts["comparisonsDigest"] = SubjectTally.DigestOf(c);
            counts["compared"] = c.IsAllPairs ? c.Compared.Count : null;
            counts["mated"] = c.MatedScores.Total;
            counts["impostors"] = c.ImpostorScores.Total;
            counts["failedMated"] = c.FailedMated;
            counts["failedImpostors"] = c.FailedImpostors;
            counts["acquisitionFailures"] = JsonParts.Counts(
                c.AcquisitionFaults.GroupBy(f => f.Reason).ToDictionary(g => g.Key, g => g.LongCount()));
            counts["failureToAcquire"] = c.IsAllPairs && c.Compared.Count + c.AcquisitionFaults.Count > 0
                ? (double)c.AcquisitionFaults.Count
                    / (c.Compared.Count + c.AcquisitionFaults.Count + c.LeftOut.GetValueOrDefault(Comparisons.IdenticalPhoto)
                        + c.LeftOut.GetValueOrDefault(Comparisons.IdenticalUnderSubjects))
                : null;
            counts["leftOut"] = JsonParts.Counts(c.LeftOut);
            counts["identicalPhotos"] = JsonParts.Array(c.IdenticalPhotos, group => JsonParts.Array(group, image => image));
        }
        if (report.Identification is { } i)
        {
            counts["comparisonsDigest"] = SubjectTally.DigestOf(i.Searches);
            counts["gallerySubjects"] = i.Searches.GallerySize;
            counts["galleryImages"] = i.Searches.EnrolledPhotos;
            counts["failedEnrolments"] = i.Searches.FailedEnrolments;
            counts["matedSearches"] = i.Searches.Mated.Count();
            counts["nonMatedSearches"] = i.Searches.NonMated.Count();
            counts["failedProbes"] = i.Searches.Searches.Count(s => s.HasFailed);
            counts["acquisitionFailures"] = JsonParts.Counts(
                i.Searches.AcquisitionFaults.GroupBy(f => f.Reason).ToDictionary(g => g.Key, g => g.LongCount()));
            counts["failureToAcquire"] = i.Searches.Tried.Count == 0
                ? null
                : (double)i.Searches.AcquisitionFaults.Count / i.Searches.Tried.Count;
            counts["leftOut"] = JsonParts.Counts(i.Searches.LeftOut);
        }
        counts["faults"] = new JsonObject
        {
            ["total"] = report.Faults.Total,
            ["byKind"] = JsonParts.Counts(report.Faults.Counts),
            // The name of the file without its folder: a report must not depend on where it was made.
            ["first"] = JsonParts.Array(
                report.Faults.First,
                f => new JsonObject { ["file"] = Path.GetFileName(f.File), ["line"] = f.Line, ["kind"] = f.Kind, ["reason"] = f.Reason }),
        };
        return counts;
    }
}
