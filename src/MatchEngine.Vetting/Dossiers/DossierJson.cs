using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Runs;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>The content of <c>dossier.json</c>; <c>dossier.schema.json</c> describes every key.</summary>
public static class DossierJson
{
    /// <summary>A dossier as JSON.</summary>
    public static JsonObject Make(Dossier dossier)
    {
        ArgumentNullException.ThrowIfNull(dossier);
        var identification = dossier.Accuracy is { } a ? ReportJson.Make(a.Identification) : null;
        return new JsonObject
        {
            ["schema"] = Dossier.Schema,
            ["target"] = new JsonObject
            {
                ["name"] = dossier.Target.Name,
                ["address"] = dossier.Target.Address,
                ["atStart"] = Node(dossier.Target.AtStart),
                ["atEnd"] = Node(dossier.Target.AtEnd),
                ["same"] = dossier.Target.IsSame,
                ["cannot"] = Node(dossier.Target.Missing.ToDictionary(
                    m => JsonNamingPolicy.KebabCaseLower.ConvertName(m.Key.ToString()), m => m.Value)),
            },
            ["startedAt"] = Node(dossier.StartedAt),
            ["endedAt"] = Node(dossier.EndedAt),
            ["ownerAgreed"] = Node(dossier.Agreement),
            ["verdicts"] = Node(VerdictTable.Of(dossier, identification)),
            ["norms"] = Node(Norm.All),
            ["conduct"] = Node(dossier.Conduct),
            ["accuracy"] = dossier.Accuracy is { } accuracy ? Accuracy(accuracy, identification!) : null,
            ["load"] = Node(dossier.Load),
            ["photos"] = Node(dossier.Photos),
            ["questions"] = Node(dossier.Questions),
            ["conditions"] = Node(Conditions(dossier)),
            ["expires"] = Node(dossier.Expires),
            ["triggers"] = Node(Dossier.Triggers),
            ["notExamined"] = Node(dossier.NotExamined),
            ["provenance"] = Node(dossier.Provenance),
        };
    }

    /// <summary>A dossier as the text of its file, ending with a line feed.</summary>
    public static string Write(JsonObject dossier)
    {
        ArgumentNullException.ThrowIfNull(dossier);
        return dossier.ToJsonString(VettingJson.Indented) + "\n";
    }

    private static readonly string[] Unsteady = ["Before use: examine a service that stays the same during the examination."];

    // What stands in the way of a use as it is: each failed requirement, and what nobody looked at.
    private static List<string> Conditions(Dossier dossier) =>
    [
        .. dossier.Conduct.Where(f => f.Verdict == Verdict.Fail).Select(f => $"Before use: {f.Requirement}"),
        .. dossier.Target.IsSame == false ? Unsteady : [],
        .. dossier.LeftBehind is { } left ? (string[])[$"To be removed by the owner of the service: {left}."] : [],
        .. dossier.Questions.Where(q => q.Answer is null).Select(q => $"Before use, to be answered by people: {q.Question}"),
    ];

    private static JsonObject Accuracy(AccuracyResult accuracy, JsonObject identification) => new()
    {
        ["power"] = Node(accuracy.Power),
        ["identification"] = identification,
        ["verification"] = accuracy.Verification is { } verification ? ReportJson.Make(verification) : null,
        ["withoutVerification"] = accuracy.WithoutVerification,
        ["transfer"] = JsonParts.Array(accuracy.Transfer, moved =>
        {
            var made = new JsonObject { ["fpir"] = moved.WantedFpir, ["threshold"] = JsonParts.Number(moved.Threshold) };
            JsonParts.AddRate(made, "setFpir", moved.SetFpir);
            JsonParts.AddRate(made, "setFnir", moved.SetFnir);
            JsonParts.AddRate(made, "measuredFpir", moved.Fpir);
            JsonParts.AddRate(made, "measuredFnir", moved.Fnir);
            made["agreement"] = Node(moved.Agreement);
            return made;
        }),
    };

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, VettingJson.Line);
}
