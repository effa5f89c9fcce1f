using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>A question that no machine can answer; without an answer it is not examined, and the dossier says so.</summary>
/// <param name="Id">Its id, by which an answer is given.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">What somebody found; null where nobody looked.</param>
/// <param name="By">Who; null without an answer.</param>
/// <param name="On">When; null without an answer.</param>
public sealed record OpenQuestion(string Id, string Question, string? Answer = null, string? By = null, DateOnly? On = null)
{
    private const int LongestFile = 1 << 20;
    private const int LongestAnswer = 4000;

    /// <summary>The questions, without answers.</summary>
    public static IReadOnlyList<OpenQuestion> All { get; } =
    [
        new("terms", "Which terms of service apply, and who accepted them, when?"),
        new("gallery-origin", "Where do the photos of the gallery come from, and by which right are they held and searched?"),
        new("retention", "What does the contract say of probes, their templates and their copies in backups, and how was it looked at?"),
        new("onward-use", "Does anybody train on what is sent, or pass it on?"),
        new("operators", "How are the people trained who search, and how often again?"),
        new("examiners", "How are the people trained who examine candidates, and by which method do they compare?"),
        new("human-performance", "How often do the examiners decide rightly, measured on lists of this service?"),
        new("opt-out", "How does somebody find out that they are in the gallery, object, and get an error put right?"),
        new("attacks", "Who tried photos of photos, masks, morphs and altered files, and what came of it?"),
        new("oversight", "Who reviews searches afterwards, and how often?"),
    ];

    /// <summary>Puts the answers of a file to the questions: <c>{"terms": {"answer": "…", "by": "…", "on": "2026-11-30"}}</c>.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <exception cref="VettingException">It cannot be read, answers what is not asked,
    /// or an answer lacks who gave it and when.</exception>
    public static IReadOnlyList<OpenQuestion> Answered(string? file)
    {
        if (file is null)
            return All;
        try
        {
            if (new FileInfo(file).Length > LongestFile)
                throw new VettingException($"{file}: answers are shorter than {LongestFile >> 20} MiB");
            var given = JsonNode.Parse(File.ReadAllBytes(file)) as JsonObject ?? throw new VettingException($"{file}: no JSON object");
            if (given.FirstOrDefault(g => All.All(q => q.Id != g.Key)).Key is { } unknown)
                throw new VettingException(
                    $"{file}: '{ToldText.Of(unknown, 40)}' is not asked; the questions are {string.Join(", ", All.Select(q => q.Id))}");
            return [.. All.Select(question => given[question.Id] is not { } answer ? question : Of(question, answer))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new VettingException($"{file}: an answer is {{\"answer\", \"by\", \"on\"}} ({error.Message})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VettingException($"{file}: cannot be read ({error.Message})", error);
        }

        OpenQuestion Of(OpenQuestion question, JsonNode answer)
        {
            string Text(string key) => answer[key]?.GetValue<string>() is { } text && !string.IsNullOrWhiteSpace(text)
                ? text
                : throw new VettingException($"{file}: the answer to '{question.Id}' lacks \"{key}\"");
            return question with
            {
                Answer = ToldText.Of(Text("answer"), LongestAnswer), By = ToldText.Of(Text("by")),
                On = DateOnly.ParseExact(Text("on"), "yyyy-MM-dd"),
            };
        }
    }
}
