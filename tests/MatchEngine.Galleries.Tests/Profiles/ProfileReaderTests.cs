using System.Text.Json.Nodes;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Profiles;

public class ProfileReaderTests
{
    internal static string Default { get; } = Resource("default");

    [Theory]
    [InlineData("rules.listLength.value.max", "0")]
    [InlineData("rules.listLength.value.default", "5000")]
    [InlineData("rules.listLength.value.min", "0")]
    [InlineData("rules.listLength.value.min", "1.5")]
    [InlineData("rules.listLength.value", "20")]
    [InlineData("rules.listLength.value.maximum", "20")]
    [InlineData("rules.listLength.source", "\"\"")]
    [InlineData("rules.listLength.note", "\"x\"")]
    [InlineData("rules.scoreFloor.value", "\"sometimes\"")]
    [InlineData("rules.scoreFloor.value", "\"Optional\"")]
    [InlineData("rules.scoreFloorDefault.value", "1.5")]
    [InlineData("rules.minimumCandidates.value", "-1")]
    [InlineData("rules.minimumCandidates", "{\"value\":2,\"source\":\"none\"}")]
    [InlineData("rules.purpose.value", "\"caseNumber\"")]
    [InlineData("rules.purpose.value[0]", "\"why\"", "rules.purpose.value")]
    [InlineData("rules.terms.value", "\"agree\"")]
    [InlineData("rules.terms.value.text", "5")]
    [InlineData("rules.scores.value", "\"stars\"")]
    [InlineData("rules.disclaimer.value", "\"none\"")]
    [InlineData("rules.disclaimer.value", "{\"version\":\"1\"}", null, "rules.disclaimer.value.text")]
    [InlineData("rules.permittedBases.value", "[\"§\"]")]
    [InlineData("rules.refusedPurposes.value", "null")]
    [InlineData("rules.training.value", "{\"course\":\"a b\",\"months\":12}", null, "rules.training.value.course")]
    [InlineData("rules.training.value", "{\"course\":\"a\",\"months\":0}", null, "rules.training.value.months")]
    [InlineData("rules.age.value", "{\"under\":14,\"enrolment\":\"guess\",\"search\":\"warn\"}", null, "rules.age.value.enrolment")]
    [InlineData("rules.galleryFaces.value", "\"none\"")]
    [InlineData("rules.masterImage.value", "1")]
    [InlineData("rules.encounterFields.value", "\"some\"")]
    [InlineData("rules.sourceUrl.value", "\"yes\"")]
    [InlineData("rules.comparisons.value", "\"sometimes\"")]
    [InlineData("rules.comparisons.value", "true")]
    [InlineData("rules.exigentUse.value", "true")]
    [InlineData("rules.exigentUse.value.decisionMinutes", "0")]
    [InlineData("rules.exigentUse.value.decisionMinutes", "1441")]
    [InlineData("rules.exigentUse.value.reviewHours", "0")]
    [InlineData("rules.exigentUse.value.reviewHours", "\"soon\"")]
    [InlineData("rules.retentionYears.value", "0")]
    [InlineData("rules.retentionYears.value", "1000")]
    [InlineData("rules.retainProbes", "{\"value\":true,\"source\":\"none\"}")]
    [InlineData("name", "\"../up\"")]
    [InlineData("comment", "\"x\"")]
    public void What_breaks_the_schema_is_named_by_file_and_key(string key, string value, string? at = null, string? named = null)
    {
        var json = JsonNode.Parse(Default)!;
        if (key == "rules.terms.value.text")
            json["rules"]!["terms"]!["value"] = JsonNode.Parse("""{"version":"1","text":"t","renewDays":null}""");
        var path = (at ?? key).Split('.');
        var parent = path[..^1].Aggregate(json, (node, name) => node[name]!);
        parent[path[^1]] = at is null ? JsonNode.Parse(value) : new JsonArray(JsonNode.Parse(value));

        var error = Refused(json.ToJsonString());

        Assert.Equal(named ?? key, error.Key);
        Assert.Contains($"{error.File}: {named ?? key}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_that_only_compares_offers_comparisons()
    {
        var json = JsonNode.Parse(Default)!;
        json["rules"]!["comparisonOnly"]!["value"] = true;
        json["rules"]!["comparisons"]!["value"] = "notOffered";

        Assert.Equal("rules.comparisons", Refused(json.ToJsonString()).Key);
    }

    [Fact]
    public void A_rank_alone_goes_with_no_comparisons_and_a_master_image_with_no_group_photos()
    {
        var json = JsonNode.Parse(Default)!;
        json["rules"]!["scores"]!["value"] = "rankOnly";
        Assert.Equal("rules.scores", Refused(json.ToJsonString()).Key);
        json["rules"]!["comparisons"]!["value"] = "notOffered";
        Assert.Contains("examinerReview", Refused(json.ToJsonString()).Message, StringComparison.Ordinal);
        json["rules"]!["scores"]!["value"] = "shown";
        json["rules"]!["masterImage"]!["value"] = true;
        json["rules"]!["galleryFaces"]!["value"] = "each";
        Assert.Equal("rules.galleryFaces", Refused(json.ToJsonString()).Key);
    }

    [Fact]
    public void Every_key_must_be_there()
    {
        foreach (var rule in JsonNode.Parse(Default)!["rules"]!.AsObject().Select(pair => pair.Key))
        {
            var json = JsonNode.Parse(Default)!;
            json["rules"]!.AsObject().Remove(rule);
            Assert.Equal($"rules.{rule}", Refused(json.ToJsonString()).Key);
        }
    }

    [Fact]
    public void A_key_that_stands_twice_is_refused() =>
        Assert.Equal("name", Refused(Default.Replace("\"title\"", "\"name\": \"x\", \"title\"", StringComparison.Ordinal)).Key);

    [Fact]
    public void A_floor_that_is_not_offered_has_no_default()
    {
        var json = JsonNode.Parse(Default)!;
        json["rules"]!["scoreFloor"]!["value"] = "notOffered";
        json["rules"]!["scoreFloorDefault"]!["value"] = 0.5;
        Assert.Equal("rules.scoreFloorDefault", Refused(json.ToJsonString()).Key);
    }

    [Fact]
    public void What_is_no_json_and_what_is_not_there_is_told_with_its_file()
    {
        Assert.Null(Refused("{").Key);
        var error = Assert.Throws<ProfileException>(() => Profile.Find("no-such-profile"));
        Assert.Contains("ngi-ips", error.Message, StringComparison.Ordinal);
    }

    internal static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(Profile).Assembly.GetManifestResourceStream($"Profiles.{name}.json")!);
        return reader.ReadToEnd();
    }

    private static ProfileException Refused(string json)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("own.json", json);
        var error = Assert.Throws<ProfileException>(() => Profile.Read(file));
        Assert.Equal(file, error.File);
        return error;
    }
}
