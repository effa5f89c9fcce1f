using System.Text.Json;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Commands;

/// <summary>The main job, as a user does it.</summary>
public sealed class EnrolAndSearchTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    private string[] EnrolArguments(params string[] more) => ["enroll", "-g", "people", "--metadata", _cli.File("metadata.csv"), .. more];

    private IReadOnlyList<string> WriteDataSet()
    {
        var names = Portraits.Write(_cli.File("photos"));
        File.WriteAllLines(_cli.File("metadata.csv"), [
            "image,subject,kind,born,source_url",
            .. names.Select(name => $"photos/{name}-a.jpg,{name},gallery,19{name[1..]},https://example.org/{name}"),
            .. names.Select(name => $"photos/{name}-b.jpg,{name},probe,,"),
        ]);
        return names;
    }

    [Fact]
    public void Enrolled_people_are_found_with_what_is_known_of_them()
    {
        var names = WriteDataSet();
        var enrolled = _cli.Run(EnrolArguments("--where", "kind=gallery", "--json")).Expect(0).Json;
        Assert.Equal((names.Count, 0, 0), (enrolled.GetProperty("enrolled").GetInt32(), enrolled.GetProperty("duplicates").GetInt32(),
            enrolled.GetProperty("failed").GetInt32()));
        Assert.Equal(0, enrolled.GetProperty("failures").GetArrayLength());

        // Among those with a value that all have, among nobody, and what is no condition.
        var probe = _cli.File($"photos/{names[0]}-b.jpg");
        var among = _cli.Run("search", "-g", "people", probe, "--where", "kind=gallery", "--json").Expect(0).Json;
        Assert.Equal(
            ("kind=gallery", names.Count, names.Count), (
                among.GetProperty("filter")[0].GetString(), among.GetProperty("subjectsSearched").GetInt32(),
                among.GetProperty("candidates").GetArrayLength()));
        _cli.Run("search", "-g", "people", probe, "--where", "kind=nobody").Expect(1);
        _cli.Run("search", "-g", "people", probe, "--where", "kind").Expect(2);

        foreach (var name in names)
        {
            var list = _cli.Run("search", "-g", "people", _cli.File($"photos/{name}-b.jpg"), "--json").Expect(0).Json;
            Assert.Equal([
                "searchId", "gallery", "model", "path", "exhaustive", "gallerySize", "filter", "subjectsSearched", "listLength", "floor",
                "strangersExpected", "notices", "elapsedMs", "probe", "candidates", "populations", "disclaimer"],
                list.EnumerateObject().Select(property => property.Name).Where(key => key != "disclaimerVersion"));
            Assert.Equal(("people", "exact", names.Count, 20), (
                list.GetProperty("gallery").GetString(), list.GetProperty("path").GetString(), list.GetProperty("gallerySize").GetInt32(),
                list.GetProperty("listLength").GetInt32()));
            Assert.True(list.GetProperty("elapsedMs").GetProperty("total")
                .GetDouble() > list.GetProperty("elapsedMs").GetProperty("embed").GetDouble());
            Assert.True(list.GetProperty("exhaustive").GetBoolean());
            Assert.Equal("no-floor", list.GetProperty("strangersExpected").GetProperty("reason").GetString());
            Assert.True(list.GetProperty("probe").GetProperty("box").GetProperty("width").GetDouble() > 20);
            var candidates = list.GetProperty("candidates").EnumerateArray().ToList();
            Assert.Equal(names.Count, candidates.Count);
            Assert.Equal(Enumerable.Range(1, names.Count), candidates.Select(candidate => candidate.GetProperty("rank").GetInt32()));
            Assert.Equal(candidates.Select(Score).OrderDescending(), candidates.Select(Score));
            var first = candidates[0];
            Assert.Equal(name, first.GetProperty("subjectId").GetString());
            Assert.True(Score(first) > 0.8);
            Assert.EndsWith($"{name}-a.jpg", first.GetProperty("image").GetString(), StringComparison.Ordinal);
            Assert.Equal($"https://example.org/{name}", first.GetProperty("sourceUrl").GetString());
            Assert.Equal($"19{name[1..]}", first.GetProperty("biographics").GetProperty("born").GetString());
            Assert.False(string.IsNullOrEmpty(first.GetProperty("encounterId").GetString()));
            // Exactly one of the two says what the score is worth, and of whom.
            var populations = list.GetProperty("populations").EnumerateArray().Select(one => one.GetProperty("id").GetString()).ToList();
            foreach (var rate in ((string[])["randomPairs", "worstGroup"]).Select(which => first.GetProperty("fmr").GetProperty(which)))
            {
                Assert.True(
                    rate.GetProperty("value").ValueKind == JsonValueKind.Null ^ rate.GetProperty("below").ValueKind == JsonValueKind.Null);
                Assert.Contains(rate.GetProperty("population").GetString(), populations);
            }
        }
    }

    private static double Score(JsonElement candidate) => candidate.GetProperty("score").GetDouble();

    [Fact]
    public void Floor_and_length_shorten_the_list()
    {
        WriteDataSet();
        _cli.Run(EnrolArguments("--where", "kind=gallery")).Expect(0);
        var probe = _cli.File("photos/p30-b.jpg");
        var floored = _cli.Run("search", "-g", "people", probe, "--floor", "0.6", "--json").Expect(0).Json;
        Assert.Equal("p30", Assert.Single(floored.GetProperty("candidates").EnumerateArray()).GetProperty("subjectId").GetString());
        Assert.Equal(0.6, floored.GetProperty("floor").GetDouble(), 1e-6);
        Assert.Equal(2, _cli.Run("search", "-g", "people", probe, "--top", "2", "--exact", "--json").Expect(0).Json
            .GetProperty("candidates").GetArrayLength());
        // Six people say nothing of strangers.
        var expected = _cli.Run("search", "-g", "people", probe, "--floor", "0.3", "--json").Expect(0).Json
            .GetProperty("strangersExpected");
        Assert.Equal(["value", "low", "high", "comparisons", "population", "reason"], expected.EnumerateObject().Select(pair => pair.Name));
        Assert.Equal((JsonValueKind.Null, 6, "the 6 subjects of gallery 'people'", "too-few-comparisons"), (
            expected.GetProperty("value").ValueKind, expected.GetProperty("comparisons").GetInt32(),
            expected.GetProperty("population").GetString(), expected.GetProperty("reason").GetString()));
        var refused = _cli.Run("search", "-g", "people", probe, "--floor-strangers", "1", "--json").Expect(2).Json.GetProperty("error");
        Assert.Equal("floor_unsaid", refused.GetProperty("reason").GetString());
        Assert.Contains("give a score floor (scoreFloor, --floor)", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        _cli.Run("search", "-g", "people", probe, "--floor-strangers", "0").Expect(2);
        var none = _cli.Run("search", "-g", "people", Matchengine.Sample(5), "--face", "1", "--floor", "0.9", "--json").Expect(1).Json;
        Assert.Equal(0, none.GetProperty("candidates").GetArrayLength());
    }

    [Fact]
    public void Text_shows_the_list_and_the_disclaimer()
    {
        WriteDataSet();
        _cli.Run(EnrolArguments("--where", "kind=gallery")).Expect(0);
        var text = _cli.Run("search", "-g", "people", _cli.File("photos/p41-b.jpg")).Expect(0).Output;
        Assert.Contains("path exact (the whole gallery)", text, StringComparison.Ordinal);
        Assert.Contains("Without a floor every place on the list is filled", text, StringComparison.Ordinal);
        Assert.Contains(
            "cannot be said: the probe was compared with too few people (it takes 300, or 100 of one gallery) (the 6 subjects of gallery "
                + "'people')",
            _cli.Run("search", "-g", "people", _cli.File("photos/p41-b.jpg"), "--floor", "0.3").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("p41", text, StringComparison.Ordinal);
        Assert.Contains("not a positive identification", text, StringComparison.Ordinal);
        // A range of rates, and whom they were measured on.
        Assert.Contains(" … ", text, StringComparison.Ordinal);
        Assert.Contains("measured on lfw-a only: pairs of different people at random", text, StringComparison.Ordinal);
        Assert.Contains("it tells nothing of children, profile views", text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "match", text.Replace("matchengine", "", StringComparison.OrdinalIgnoreCase), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Enrolling_again_changes_nothing()
    {
        var names = WriteDataSet();
        _cli.Run(EnrolArguments()).Expect(0);
        var before = _cli.Run("gallery", "show", "people", "--json").Expect(0).Output;
        var again = _cli.Run(EnrolArguments("--json")).Expect(0).Json;
        Assert.Equal((0, 2 * names.Count), (again.GetProperty("enrolled").GetInt32(), again.GetProperty("duplicates").GetInt32()));
        var after = JsonDocument.Parse(_cli.Run("gallery", "show", "people", "--json").Expect(0).Output).RootElement;
        Assert.Equal(
            JsonDocument.Parse(before).RootElement.GetProperty("encounters").GetInt32(), after.GetProperty("encounters").GetInt32());
        Assert.Equal(names.Count, after.GetProperty("subjects").GetInt32());
    }

    [Fact]
    public void What_cannot_be_enrolled_is_told_file_by_file()
    {
        WriteDataSet();
        File.WriteAllText(_cli.File("photos/broken.jpg"), "this is no picture");
        var whole = File.ReadAllBytes(_cli.File("photos/p30-a.jpg"));
        File.WriteAllBytes(_cli.File("photos/short.jpg"), whole[..(whole.Length / 2)]);
        File.Copy(Matchengine.Sample(4), _cli.File("photos/group.jpg"));
        using (var blank = new MatchEngine.Faces.Images.Image(200, 200))
            File.WriteAllBytes(_cli.File("photos/blank.png"), MatchEngine.Faces.Images.ImageEncoder.ToPng(blank));
        using (var huge = File.Create(_cli.File("photos/huge.jpg")))
            huge.SetLength(MatchEngine.Faces.Images.ImageLimits.Default.MaxBytes + 1);
        File.AppendAllLines(_cli.File("metadata.csv"),
            [
                "photos/broken.jpg,x,gallery,,", "photos/short.jpg,x,gallery,,", "photos/group.jpg,x,gallery,,",
                "photos/blank.png,x,gallery,,", "photos/huge.jpg,x,gallery,,", "photos/none.jpg,x,gallery,,"]);
        var report = _cli.Run(EnrolArguments("--json")).Expect(1).Json;
        Assert.Equal((12, 6), (report.GetProperty("enrolled").GetInt32(), report.GetProperty("failed").GetInt32()));
        var reasons = report.GetProperty("failures").EnumerateArray()
            .ToDictionary(
                failure => Path.GetFileName(failure.GetProperty("file").GetString()!),
                failure => failure.GetProperty("reason").GetString());
        Assert.Equal("unsupported_format", reasons["broken.jpg"]);
        Assert.Equal("undecodable", reasons["short.jpg"]);
        Assert.Equal("multiple_faces", reasons["group.jpg"]);
        Assert.Equal("no_face", reasons["blank.png"]);
        Assert.Equal("too_large", reasons["huge.jpg"]);
        Assert.Equal("unreadable", reasons["none.jpg"]);
    }

    [Fact]
    public void Each_face_of_a_group_photo_can_be_enrolled_and_the_one_that_scored_is_shown()
    {
        _cli.Run("enroll", "-g", "group", Matchengine.Sample(4), Matchengine.Sample(6), "--faces", "each").Expect(0);
        var faces = _cli.Run("detect", Matchengine.Sample(4), "--json").Expect(0).Json.GetProperty("faces").EnumerateArray().ToList();
        Portraits.Write(_cli.File("photos"));
        var first = _cli.Run("search", "-g", "group", _cli.File("photos/p41-b.jpg"), "--json").Expect(0).Json.GetProperty("candidates")[0];
        // p41 is the second largest face of sample 4.
        Assert.Equal("sample4#2", first.GetProperty("subjectId").GetString());
        Assert.Equal(faces[1].GetProperty("box").GetProperty("x").GetDouble(), first.GetProperty("box").GetProperty("x").GetDouble(), 0.2);
    }

    [Fact]
    public void A_probe_of_several_faces_is_refused_unless_one_is_chosen()
    {
        WriteDataSet();
        _cli.Run(EnrolArguments()).Expect(0);
        var refused = _cli.Run("search", "-g", "people", Matchengine.Sample(4), "--json").Expect(2);
        Assert.Equal("multiple_faces", refused.Json.GetProperty("error").GetProperty("reason").GetString());
        Assert.Equal("p40", FirstOf("largest"));
        Assert.Equal("p41", FirstOf("2"));
        Assert.Equal("no_such_face", _cli.Run("search", "-g", "people", Matchengine.Sample(4), "--face", "40", "--json").Expect(2).Json
            .GetProperty("error").GetProperty("reason").GetString());

        string? FirstOf(string face) => _cli.Run("search", "-g", "people", Matchengine.Sample(4), "--face", face, "--json").Expect(0).Json
            .GetProperty("candidates")[0].GetProperty("subjectId").GetString();
    }

    [Fact]
    public void A_probe_may_come_through_standard_input()
    {
        WriteDataSet();
        _cli.Run(EnrolArguments()).Expect(0);
        var list = _cli.Run(File.ReadAllBytes(_cli.File("photos/p60-b.jpg")), ["search", "-g", "people", "-", "--json"]).Expect(0).Json;
        Assert.Equal("p60", list.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
    }

    [Fact]
    public void Nothing_is_left_of_a_probe_and_nothing_is_made_outside_the_data_folder()
    {
        WriteDataSet();
        _cli.Run(EnrolArguments("--where", "kind=gallery")).Expect(0);
        var before = Directory.GetFileSystemEntries(_cli.Folder).Order().ToArray();
        var probe = File.ReadAllBytes(_cli.File("photos/p61-b.jpg"));
        _cli.Run("search", "-g", "people", _cli.File("photos/p61-b.jpg"), "--json").Expect(0);
        Assert.Equal(before, Directory.GetFileSystemEntries(_cli.Folder).Order());
        // A stretch of the compressed pixels cannot stand anywhere by chance.
        var trace = probe.AsSpan(probe.Length / 2, 48).ToArray();
        foreach (var file in Directory.EnumerateFiles(_cli.Data, "*", SearchOption.AllDirectories))
            Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(trace) < 0, file);
    }

    [Fact]
    public void London_is_found_by_its_smiles()
    {
        var metadata = TestData.Require("london-faces/metadata.csv");
        var report = _cli.Run("enroll", "-g", "london", "--metadata", metadata, "--where", "expression=neutral", "--json").Expect(0).Json;
        Assert.Equal(102, report.GetProperty("enrolled").GetInt32());
        foreach (var subject in (string[])["001", "066", "173"])
        {
            var list = _cli.Run(
                "search", "-g", "london",
                Path.Combine(Path.GetDirectoryName(metadata)!, "smiling", subject + ".jpg"), "--json").Expect(0).Json;
            Assert.Equal(subject, list.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        }
    }

    [Fact]
    public void A_killed_enrolment_that_is_started_again_ends_like_an_undisturbed_one()
    {
        var names = WriteDataSet();
        _cli.Run("enroll", "-g", "undisturbed", "--metadata", _cli.File("metadata.csv")).Expect(0);
        var random = new Random(3);
        for (var kill = 0; kill < 3; kill++)
        {
            using var process = _cli.Start(EnrolArguments("--workers", "1"));
            // Anywhere between the start of the runtime and the last commit.
            process.WaitForExit(random.Next(100, 1500));
            process.Kill();
            process.WaitForExit();
        }
        _cli.Run(EnrolArguments()).Expect(0);
        var (disturbed, undisturbed) = (Show("people"), Show("undisturbed"));
        Assert.Equal(
            (names.Count, 2 * names.Count), (disturbed.GetProperty("subjects").GetInt32(), disturbed.GetProperty("templates").GetInt32()));
        Assert.Equal(undisturbed.GetProperty("encounters").GetInt32(), disturbed.GetProperty("encounters").GetInt32());
        foreach (var name in names)
            Assert.Equal(Candidates("undisturbed", name).Replace("'undisturbed'", "'people'"), Candidates("people", name));

        JsonElement Show(string gallery) => _cli.Run("gallery", "show", gallery, "--json").Expect(0).Json;
        string Candidates(string gallery, string name) =>
            _cli.Run("search", "-g", gallery, _cli.File($"photos/{name}-b.jpg"), "--json").Expect(0).Json
                .GetProperty("candidates").GetRawText();
    }
}
