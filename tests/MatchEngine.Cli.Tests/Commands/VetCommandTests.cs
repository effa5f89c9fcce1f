using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class VetCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>The first people of the London set, two photos each.</summary>
    private string London(int people) => Part(
        "london-faces", people,
        image => image.StartsWith("neutral/", StringComparison.Ordinal) || image.StartsWith("smiling/", StringComparison.Ordinal));

    /// <summary>The first people of a set with all of their photos that are taken.</summary>
    private string Part(string name, int people, Func<string, bool> takes)
    {
        var set = Path.GetDirectoryName(TestData.Require($"{name}/metadata.csv"))!;
        var folder = Directory.CreateDirectory(_cli.File(name)).FullName;
        File.Copy(Path.Combine(set, "dataset.json"), Path.Combine(folder, "dataset.json"));
        string[] lines = File.ReadAllLines(Path.Combine(set, "metadata.csv"));
        var rows = lines.Skip(1).Where(row => takes(row.Split(',')[0]))
            .GroupBy(row => row.Split(',')[1]).OrderBy(own => own.Key, StringComparer.Ordinal)
            .Take(people).SelectMany(own => own).ToArray();
        File.WriteAllLines(Path.Combine(folder, "metadata.csv"), [lines[0], .. rows]);
        foreach (var photo in rows.Select(row => row.Split(',')[0]))
        {
            Directory.CreateDirectory(Path.Combine(folder, Path.GetDirectoryName(photo)!));
            File.Copy(Path.Combine(set, photo), Path.Combine(folder, photo));
        }
        return folder;
    }

    private JsonObject Report(string folder, string part = "identification") =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_cli.File(folder), part, "report.json")))!.AsObject();

    private string[] Vet(string data, string target, string folder, params string[] more) =>
    [
        "vet", "--target", target, "--data-set", data, "--parts", "accuracy", "--comparisons", "6", "--timeout", "120", "--no-pdf",
        "--out", _cli.File(folder), .. more is ["--protocol", ..] ? (string[])[] : ["--protocol", "london-neutral-smiling"], .. more,
    ];

    [Fact]
    public void The_engine_in_process_and_a_running_service_agree_to_the_last_digit_and_with_eval_identify_in_what_was_counted()
    {
        var data = London(12);
        using var service = new RunningService();
        _cli.Run(Vet(data, "matchengine:", "here")).Expect(0);
        _cli.Run(Vet(data, "matchengine:" + service.Address, "there", "--credential", service.KeyFile)).Expect(0);
        var (here, there) = (Report("here"), Report("there"));
        foreach (var key in new[] { "counts", "identification", "slices", "refusals", "differentials", "curves", "summary" })
            Assert.Equal(here[key]?.ToJsonString(), there[key]?.ToJsonString());
        foreach (var folder in new[] { "here", "there" })
            Assert.True(_cli.Run("vet", "check", _cli.File(folder), "--json").Expect(0).Json.GetProperty("whole").GetBoolean());

        AssertAsEvaluated(data, "london-neutral-smiling", here);
    }

    /// <summary>On a part of the set, whatever people and faults are in it; the whole is for a machine that has time.</summary>
    [Fact]
    public void With_lfw_the_figures_are_those_of_eval_identify_on_the_same_split()
    {
        var data = Part("lfw-a", 120, _ => true);
        // Lists of everybody, as eval's are: a mate beyond a list is missed.
        _cli.Run(Vet(data, "matchengine:", "here", "--protocol", "identification-open-set", "--list-length", "200")).Expect(0);
        AssertAsEvaluated(data, "identification-open-set", Report("here"));
    }

    /// <summary>The same searches of the same people by the gates of enrolment and search, found at the same ranks.</summary>
    private void AssertAsEvaluated(string data, string protocol, JsonObject vetted)
    {
        _cli.Run(
            "eval", "identify", "--data-set", data, "--protocol", protocol, "--faces", "only", "--min-quality", "35", "--out",
            _cli.File("eval")).Expect(0);
        var expected = Report("eval", "");
        foreach (var key in new[]
        {
            "comparisonsDigest", "gallerySubjects", "matedSearches", "nonMatedSearches", "failedProbes", "leftOut",
        })
            Assert.Equal(expected["counts"]![key]?.ToJsonString(), vetted["counts"]![key]?.ToJsonString());
        foreach (var key in new[] { "ranks", "cmc" })
            Assert.Equal(expected["identification"]![key]!.ToJsonString(), vetted["identification"]![key]!.ToJsonString());
        // Templates of the engine are quantised, and scores are told to four decimals.
        foreach (var (one, other) in Mates(expected).Zip(Mates(vetted)))
        {
            // A mate that was missed has no score in either.
            Assert.Equal(one!["score"] is null, other!["score"] is null);
            Assert.Equal(one["score"]?.GetValue<double>() ?? 0, other["score"]?.GetValue<double>() ?? 0, 0.002);
        }

        static IEnumerable<JsonNode?> Mates(JsonObject report) => report["identification"]!["lowestMates"]!.AsArray()
            .OrderBy(row => row!["probe"]!.GetValue<string>(), StringComparer.Ordinal);
    }

    [Fact]
    public void A_changed_byte_fails_the_check_and_two_dossiers_are_compared()
    {
        var data = London(8);
        var run = _cli.Run(Vet(data, "matchengine:", "a", "--json")).Expect(0).Json;
        Assert.Equal(6, run.GetProperty("verdicts").GetArrayLength());
        Assert.Equal("measured", run.GetProperty("verdicts")[2].GetProperty("standing").GetString());
        Assert.False(Directory.Exists(Path.Combine(_cli.File("a"), "run.gallery")));
        // The same command again: everything is in the journal, and the dossier is the same.
        _cli.Run(Vet(data, "matchengine:", "a")).Expect(0);
        _cli.Run(Vet(data, "matchengine:", "b")).Expect(0);
        var diff = _cli.Run("vet", "diff", _cli.File("a"), _cli.File("b"), "--replicates", "100", "--json").Expect(0).Json;
        Assert.Equal(0, diff.GetProperty("identity").GetArrayLength());
        // So few strangers support no threshold, and that is said.
        Assert.Contains("cannot be compared", diff.GetProperty("accuracy")[0].GetString(), StringComparison.Ordinal);

        var page = Path.Combine(_cli.File("a"), "dossier.html");
        var bytes = File.ReadAllBytes(page);
        bytes[^20] ^= 1;
        File.WriteAllBytes(page, bytes);
        var check = _cli.Run("vet", "check", _cli.File("a"), "--json").Expect(1).Json;
        Assert.Equal("dossier.html: the file was changed.", check.GetProperty("problems")[0].GetString());
        Assert.Contains(
            "dossier.html: the file was changed.", _cli.Run("vet", "check", _cli.File("a")).Expect(1).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("what:", "takes")]
    [InlineData("command:", "takes")]
    [InlineData("http://127.0.0.1:1/", "of which kind is it")]
    [InlineData("matchengine:nowhere", "no address of HTTP")]
    [InlineData("matchengine:http://127.0.0.1:1/", "name the file that holds it")]
    [InlineData("http:nothing.json", "nothing.json")]
    [InlineData("command:\"x", "not closed")]
    [InlineData("command:/no/such/program", "/no/such/program")]
    public void A_target_that_is_none_is_refused_before_anything_is_asked(string target, string said)
    {
        var data = Small();
        Assert.Contains(said, _cli.Run(Vet(data, target, "out")).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_machine_is_examined_only_when_its_owner_agreed()
    {
        var key = _cli.File("key");
        File.WriteAllText(key, "me_x\n");
        var refused = _cli.Run(Vet(Small(), "matchengine:http://192.0.2.1/", "out", "--credential", key, "--json")).Expect(2);
        Assert.Contains("--owner-agreed", refused.Error, StringComparison.Ordinal);
        Assert.Contains(
            "such as 2026-11-30", _cli.Run(Vet(Small(), "matchengine:", "out", "--owner-agreed", "somebody")).Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--list-length", "1")]
    [InlineData("--parts", "conduct")]
    [InlineData("--parts", "accuracy,what")]
    [InlineData("--errors", "2")]
    [InlineData("--valid-months", "0")]
    [InlineData("--comparisons", "-1")]
    [InlineData("--p99", "1e300")]
    [InlineData("--template-dimension", "8")]
    [InlineData("--gallery-sizes", "0")]
    [InlineData("--process-id", "2147483647")]
    public void Values_that_make_no_sense_are_refused(string option, string value) => _cli.Run(
        ["vet", "--target", "matchengine:", "--data-set", Small(), "--out", _cli.File("out"), option, value]).Expect(2);

    [Fact]
    public void A_data_sets_own_folder_gets_no_dossier() => Assert.Contains(
        "--out is the data set's own folder",
        _cli.Run("vet", "--target", "matchengine:", "--data-set", Small(), "--out", Small() + "/.").Expect(2).Error,
        StringComparison.Ordinal);

    [Fact]
    public void A_certificate_that_is_none_is_named()
    {
        var key = _cli.File("key");
        File.WriteAllText(key, "me_x\n");
        foreach (var file in new[] { "nothing.pem", "key" })
            Assert.Contains(
                file, _cli.Run(Vet(
                    Small(), "matchengine:https://127.0.0.1:1/", "out", "--credential", key, "--certificate", _cli.File(file)))
                    .Expect(2).Error,
                StringComparison.Ordinal);
    }

    private string Small()
    {
        var folder = Directory.CreateDirectory(_cli.File("small")).FullName;
        File.WriteAllText(Path.Combine(folder, "metadata.csv"), "image,subject\na.jpg,a\nb.jpg,a\n");
        File.WriteAllText(Path.Combine(folder, "dataset.json"), JsonSerializer.Serialize(new { name = "small" }));
        return folder;
    }
}
