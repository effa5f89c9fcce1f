using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Frs;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Rest;

namespace MatchEngine.Service.Sandbox;

/// <summary>
/// What each kind of fault makes of the answer to a search, as it leaves over REST. One that cannot come to pass, because a list of one
/// has no other order, changes nothing and says so.
/// </summary>
/// <param name="galleries">Where other people's records come from.</param>
/// <param name="audit">Knows who was deleted.</param>
internal sealed class FaultyList(OpenGalleries galleries, AuditLog audit)
{
    private const string Altered = "The candidates may be used without a further look.";
    private const double Late = 3600, Lead = 0.05, Step = 0.01;

    /// <summary>Most records of a gallery that are looked through for somebody who is not listed.</summary>
    private const int MostLooked = 2000;

    /// <summary>Makes an answer faulty.</summary>
    /// <param name="fault">The fault, of the candidate list.</param>
    /// <param name="answer">The answer, which is changed.</param>
    /// <param name="reader">Who gets it.</param>
    /// <returns>Whether anything was changed.</returns>
    public bool Apply(Fault fault, JsonObject answer, Actor reader)
    {
        var (setting, candidates) = (fault.Setting, answer["candidates"]!.AsArray());
        switch (setting.Kind)
        {
            case FaultKind.WrongOrder when candidates.Count > 1:
                Replace(answer, candidates.Reverse());
                return true;
            case FaultKind.OneCandidate when candidates.Count > 1:
                Replace(answer, candidates.Take(1));
                return true;
            case FaultKind.Duplicates when candidates.Count > 0:
                return Insert(answer, 1, candidates[0]!.DeepClone().AsObject());
            case FaultKind.DisclaimerDropped:
                return answer.Remove("disclaimer");
            case FaultKind.DisclaimerAltered when answer["disclaimer"] is JsonObject disclaimer:
                disclaimer["text"] = Altered;
                return true;
            case FaultKind.ScoresMissing when Scored(answer).Any():
                foreach (var (row, _) in Scored(answer).ToList())
                    row.Remove("score");
                return true;
            case FaultKind.ScoresRescaled:
                return Rescore(answer, score => Math.Round(50 * (score + 1), 2));
            case FaultKind.ScoresShifted:
                return Rescore(answer, score => Math.Round(Math.Clamp(score + setting.By, -1, 1), 4));
            case FaultKind.FloorIgnored when answer["scoreFloor"] is JsonValue floor:
                return Append(answer, setting.Rows, (double)floor);
            case FaultKind.ListTooLong:
                return (int)answer["listLength"]! is var length && Append(
                    answer, length - candidates.Count + setting.Rows,
                    Scored(answer).Select(scored => (double?)scored.Score).LastOrDefault() ?? 0, length);
            case FaultKind.StrangerFirst:
                return Strangers(answer).Skip(fault.Next(5)).Concat(Strangers(answer)).FirstOrDefault() is { } stranger
                    && Insert(answer, 0, Row(answer, stranger, Scored(answer).Select(scored => scored.Score).FirstOrDefault() + Lead));
            case FaultKind.DeletedSubject:
                return Deleted(answer) is { } deleted && Insert(answer, 1, deleted);
            case FaultKind.LeakedField:
                return Leak(answer, reader);
            case FaultKind.LateReceipt when answer["receipt"] is JsonObject receipt:
                receipt["time"] = JsonSerializer.SerializeToNode(
                    ((DateTimeOffset)receipt["time"]!).AddSeconds(setting.Seconds ?? Late), WireJson.Options);
                return true;
            case FaultKind.OtherReceipt when answer["receipt"] is JsonObject receipt:
                receipt["digest"] = Convert.ToHexStringLower(SHA256.HashData(
                    Encoding.UTF8.GetBytes($"{receipt["digest"]} {fault.Next(int.MaxValue)}")));
                return true;
            case FaultKind.ChangedModel:
                answer["model"] = $"{answer["model"]}-{2 + fault.Next(8)}";
                return true;
            default:
                return false;
        }
    }

    private static IEnumerable<(JsonObject Row, double Score)> Scored(JsonObject answer) =>
        answer["candidates"]!.AsArray().Select(row => row!.AsObject())
            .Where(row => row["score"] is JsonValue).Select(row => (row, (double)row["score"]!));

    private static bool Rescore(JsonObject answer, Func<double, double> to)
    {
        var scored = Scored(answer).ToList();
        foreach (var (row, score) in scored)
            row["score"] = to(score);
        return scored.Any(pair => (double)pair.Row["score"]! != pair.Score);
    }

    private static void Replace(JsonObject answer, IEnumerable<JsonNode?> rows) =>
        answer["candidates"] = new JsonArray([.. rows.Select(row => row!.DeepClone())]);

    /// <summary>Puts a row at a place, or at the end of a shorter list; those behind it have the next ranks.</summary>
    private static bool Insert(JsonObject answer, int place, JsonObject row)
    {
        var candidates = answer["candidates"]!.AsArray();
        candidates.Insert(Math.Min(place, candidates.Count), row);
        for (var i = 0; i < candidates.Count; i++)
            candidates[i]!["rank"] = i + 1;
        return true;
    }

    /// <summary>Adds people behind the last candidate, with scores below a bound.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="count">How many.</param>
    /// <param name="bound">What none of their scores reaches.</param>
    /// <param name="atLeast">How many the list must then be longer than; else nothing is changed.</param>
    private bool Append(JsonObject answer, int count, double bound, int atLeast = 0)
    {
        var added = Strangers(answer).Take(count).ToList();
        if (added.Count == 0 || answer["candidates"]!.AsArray().Count + added.Count <= atLeast)
            return false;
        foreach (var (stranger, i) in added.Select((stranger, i) => (stranger, i)))
            Insert(answer, int.MaxValue, Row(answer, stranger, bound - Step * (i + 1)));
        return true;
    }

    /// <summary>People of the searched galleries who are not on the list.</summary>
    private IEnumerable<(string Gallery, Subject Subject)> Strangers(JsonObject answer)
    {
        var listed = answer["candidates"]!.AsArray().Select(row => ($"{row!["gallery"]}", $"{row["subjectId"]}")).ToHashSet();
        return answer["galleries"]!.AsArray().Select(name => $"{name}").SelectMany(name => Open(name) is { } gallery
            ? gallery.Subjects().Take(MostLooked).Select(subject => (name, subject))
            : []).Where(pair => pair.subject.Encounters.Count > 0 && !listed.Contains((pair.name, pair.subject.Id)));
    }

    private Gallery? Open(string name)
    {
        try
        {
            return galleries.Get(name);
        }
        catch (GalleryNotFoundException)
        {
            // Deleted since the search.
            return null;
        }
    }

    private static JsonObject Row(JsonObject answer, (string Gallery, Subject Subject) of, double score) => Row(
        answer, of.Gallery, of.Subject.Id, score, EncounterWire.Of(of.Subject.Encounters[0]), of.Subject.Biographics);

    private static JsonObject Row(
        JsonObject answer, string gallery, string subject, double score, EncounterWire encounter,
        IReadOnlyDictionary<string, string> biographics)
    {
        var place = string.Create(
            CultureInfo.InvariantCulture,
            $"/v1/searches/{answer["searchId"]}/candidates/{answer["candidates"]!.AsArray().Count + 1}");
        // Where no score is told, this row tells none either.
        var told = answer["candidates"]!.AsArray().Count == 0 || Scored(answer).Any();
        return JsonSerializer.SerializeToNode(new CandidateResponse(
            0, gallery, subject, told ? Math.Round(Math.Clamp(score, -1, 1), 4) : null, null, null, null, encounter, encounter.SourceUrl,
            biographics, null, place + "/crop", place), WireJson.Options)!.AsObject();
    }

    /// <summary>The last one who was removed from one of the searched galleries: an id without a record.</summary>
    private JsonObject? Deleted(JsonObject answer)
    {
        foreach (var gallery in answer["galleries"]!.AsArray().Select(name => $"{name}"))
        {
            if (audit.Read(new AuditFilter { Kind = "subject.removed", Gallery = gallery }, 0, 1, newestFirst: true) is not [var removed]
                || JsonNode.Parse(removed.Payload)?["subject"] is not JsonValue subject)
                continue;
            var encounter = new EncounterWire(
                Guid.CreateVersion7(removed.Time).ToString(), null, 1, 1, new FaceBox(0, 0, 0, 0), 0, 0, null,
                new Dictionary<string, string>(), removed.Time);
            return Row(
                answer, gallery, $"{subject}", Scored(answer).Select(scored => scored.Score).FirstOrDefault() - Step, encounter,
                new Dictionary<string, string>());
        }
        return null;
    }

    /// <summary>Shows of the first candidate of whom something is hidden all that is hidden.</summary>
    private bool Leak(JsonObject answer, Actor reader)
    {
        foreach (var row in answer["candidates"]!.AsArray().Select(row => row!.AsObject()))
        {
            if (Open($"{row["gallery"]}") is not { } gallery || gallery.Properties.Owner == reader.Organisation
                || gallery.FindSubject($"{row["subjectId"]}") is not { } subject)
                continue;
            var shown = row["biographics"]!.AsObject();
            var hidden = subject.Biographics.Where(pair => !shown.ContainsKey(pair.Key)).ToList();
            foreach (var (key, value) in hidden)
                shown[key] = value;
            if (hidden.Count > 0)
                return true;
        }
        return false;
    }
}
