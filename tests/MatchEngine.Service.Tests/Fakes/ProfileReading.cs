using System.Text.Json;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// A second, simple reading of what profiles' files say of a search, for tests: nothing of the product's own reading is used.
/// </summary>
internal static class ProfileReading
{
    /// <summary>A gallery with what is enrolled: the people's scores with the probe, by the ids of the subjects.</summary>
    public sealed record Filled(string Name, string Profile, IReadOnlyDictionary<string, float> Scores);

    /// <summary>What is asked; the purpose is always there.</summary>
    public sealed record Asked(int? ListLength, float? Floor, bool IsPrepared);

    /// <summary>A candidate that is to be listed.</summary>
    public sealed record Row(string Gallery, string Subject, float Score, bool IsTold);

    private static readonly Dictionary<string, JsonElement> Files = [];

    /// <summary>Why a gallery refuses; null when it does not.</summary>
    public static string? Refusal(string profile, Asked asked) =>
        Rule(profile, "comparisonOnly").GetBoolean() ? "not_offered"
        : !asked.IsPrepared && Rule(profile, "terms").ValueKind == JsonValueKind.Object ? "terms_not_accepted"
        : !asked.IsPrepared && Rule(profile, "training").ValueKind == JsonValueKind.Object ? "training_required"
        : null;

    /// <summary>The list of a search of galleries, none of which refuses, in the order in which they are named.</summary>
    public static IReadOnlyList<Row> List(IReadOnlyList<Filled> galleries, Asked asked)
    {
        var rows = new List<(Row Row, int Gallery, bool IsDemanded)>();
        var longest = 0;
        for (var i = 0; i < galleries.Count; i++)
        {
            var (name, profile, scores) = galleries[i];
            var lengths = Rule(profile, "listLength");
            var minimum = Rule(profile, "minimumCandidates").GetInt32();
            var length = Math.Clamp(
                asked.ListLength ?? lengths.GetProperty("default").GetInt32(), lengths.GetProperty("min").GetInt32(),
                lengths.GetProperty("max").GetInt32());
            longest = Math.Max(longest, length);
            var floor = Rule(profile, "scoreFloor").GetString() == "notOffered" ? null : asked.Floor;
            if (Rule(profile, "scoreFloorDefault") is { ValueKind: JsonValueKind.Number } preset)
                floor = Math.Max(preset.GetSingle(), floor ?? -1);
            var found = scores.OrderByDescending(person => person.Value).Take(length).ToList();
            if (found.Count < minimum)
                continue;
            var listed = Math.Max(found.Count(person => floor is null || person.Value >= floor), minimum);
            var told = Rule(profile, "biographics").GetString() == "all"
                && (Rule(profile, "encounterFields") is var fields && (fields.ValueKind == JsonValueKind.String
                    || fields.EnumerateArray().Any(field => field.GetString() == "name")));
            for (var place = 0; place < listed; place++)
                rows.Add((new Row(name, found[place].Key, found[place].Value, told), i, place < minimum));
        }
        return
        [
            .. rows.OrderByDescending(row => row.Row.Score).ThenBy(row => row.Gallery)
                .Where((row, place) => place < longest || row.IsDemanded).Select(row => row.Row),
        ];
    }

    private static JsonElement Rule(string profile, string rule)
    {
        if (!Files.TryGetValue(profile, out var rules))
        {
            using var stream = typeof(Profile).Assembly.GetManifestResourceStream($"Profiles.{profile}.json")!;
            rules = Files[profile] = JsonDocument.Parse(stream).RootElement.GetProperty("rules");
        }
        return rules.GetProperty(rule).GetProperty("value");
    }
}
