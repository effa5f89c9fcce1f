using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class VetCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>The first people of the London set, two photos each.</summary>
    private string London(int people)
    {
        var set = Path.GetDirectoryName(TestData.Require("london-faces/metadata.csv"))!;
        var folder = Directory.CreateDirectory(_cli.File("london")).FullName;
        File.Copy(Path.Combine(set, "dataset.json"), Path.Combine(folder, "dataset.json"));
        string[] lines = File.ReadAllLines(Path.Combine(set, "metadata.csv"));
        var rows = lines.Skip(1)
            .Where(row => row.StartsWith("neutral/", StringComparison.Ordinal) || row.StartsWith("smiling/", StringComparison.Ordinal))
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

    private JsonObject Report(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(_cli.File(folder), "identification", "report.json")))!.AsObject();

    private string[] Vet(string data, string target, string folder, params string[] more) =>
    [
        "vet", "--target", target, "--data-set", data, "--protocol", "london-neutral-smiling", "--parts", "accuracy",
        "--comparisons", "6", "--timeout", "120",
        "--out", _cli.File(folder), .. more,
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

        _cli.Run(
            "eval", "identify", "--data-set", data, "--protocol", "london-neutral-smiling", "--faces",
            "only", "--min-quality", "35", "--out",
            _cli.File("eval")).Expect(0);
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(_cli.File("eval"), "report.json")))!.AsObject();
        foreach (var key in new[]
        {
            "comparisonsDigest", "gallerySubjects", "matedSearches", "nonMatedSearches", "failedProbes", "leftOut",
        })
            Assert.Equal(expected["counts"]![key]?.ToJsonString(), here["counts"]![key]?.ToJsonString());
        Assert.Equal(expected["identification"]!["ranks"]!.ToJsonString(), here["identification"]!["ranks"]!.ToJsonString());
        Assert.Equal(expected["identification"]!["cmc"]!.ToJsonString(), here["identification"]!["cmc"]!.ToJsonString());
        // Templates of the engine are quantised, and scores are told to four decimals.
        foreach (var (one, other) in expected["identification"]!["lowestMates"]!.AsArray().OrderBy(Probe, StringComparer.Ordinal)
            .Zip(here["identification"]!["lowestMates"]!.AsArray().OrderBy(Probe, StringComparer.Ordinal)))
            Assert.Equal(one!["score"]!.GetValue<double>(), other!["score"]!.GetValue<double>(), 0.002);

        static string Probe(JsonNode? row) => row!["probe"]!.GetValue<string>();
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
    public void Values_that_make_no_sense_are_refused(string option, string value) => _cli.Run(
        ["vet", "--target", "matchengine:", "--data-set", Small(), "--out", _cli.File("out"), option, value]).Expect(2);

    private string Small()
    {
        var folder = Directory.CreateDirectory(_cli.File("small")).FullName;
        File.WriteAllText(Path.Combine(folder, "metadata.csv"), "image,subject\na.jpg,a\nb.jpg,a\n");
        File.WriteAllText(Path.Combine(folder, "dataset.json"), JsonSerializer.Serialize(new { name = "small" }));
        return folder;
    }
}
