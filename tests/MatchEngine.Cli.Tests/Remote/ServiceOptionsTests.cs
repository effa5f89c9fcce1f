using System.Text.Json;

namespace MatchEngine.Cli.Tests.Remote;

/// <summary>The verbs that ask a service: what they print, and how they end, is what they print and how they end without one.</summary>
public sealed class ServiceOptionsTests(RunningService service, Matchengine local)
    : IClassFixture<RunningService>, IClassFixture<Matchengine>
{
    private static readonly string[] Purpose = ["--case", "C-1", "--basis", "18 USC 1028", "--requester", "J. Doe"];

    private string[] Photos()
    {
        var folder = local.File("photos");
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            foreach (var number in (int[])[1, 2, 6])
                File.Copy(Matchengine.Sample(number), Path.Combine(folder, $"person{number}.jpg"));
            File.WriteAllText(Path.Combine(folder, "broken.jpg"), "no picture");
        }
        return [folder, "--faces", "largest"];
    }

    [Fact]
    public void Enrol_search_and_compare_print_and_end_as_they_do_without_a_service()
    {
        string[] enrol = ["enroll", "--gallery", "both", .. Photos(), "--json"];
        var (here, there) = (local.Run(enrol).Expect(1).Json, local.Run([.. enrol, .. service.Options]).Expect(1).Json);
        Assert.Equal(Names(here), Names(there));
        foreach (var count in (string[])["enrolled", "encounters", "duplicates", "failed"])
            Assert.Equal(here.GetProperty(count).GetInt64(), there.GetProperty(count).GetInt64());
        Assert.Equal(
            here.GetProperty("failures")[0].GetProperty("reason").GetString(),
            there.GetProperty("failures")[0].GetProperty("reason").GetString());
        // Again: nothing new.
        Assert.Equal(
            there.GetProperty("enrolled").GetInt64(),
            local.Run([.. enrol, .. service.Options]).Expect(1).Json.GetProperty("duplicates").GetInt64());

        string[] search = ["search", Matchengine.Sample(1), "--gallery", "both", "--face", "largest", "--top", "2"];
        (here, there) = (
            local.Run([.. search, "--json"])
                .Expect(0).Json, local.Run([.. search, .. service.Options, .. Purpose, "--json"]).Expect(0).Json);
        Assert.Subset(Names(there), Names(here));
        Assert.Equal("person1", there.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        Assert.Subset(Names(there.GetProperty("candidates")[0]), Names(here.GetProperty("candidates")[0]));
        Assert.Equal(
            here.GetProperty("candidates").EnumerateArray().Select(one => Math.Round(one.GetProperty("score").GetDouble(), 3)),
            there.GetProperty("candidates").EnumerateArray().Select(one => Math.Round(one.GetProperty("score").GetDouble(), 3)));
        Assert.Equal("deleted", there.GetProperty("receipt").GetProperty("status").GetString());

        // The same table: heads, ranks, scores, rates.
        var (tableHere, tableThere) = (
            local.Run(search).Expect(0).Output, local.Run([.. search, .. service.Options, .. Purpose]).Expect(0).Output);
        var rows = Rows(tableHere);
        Assert.Equal(3, rows.Count);
        Assert.Equal(rows, Rows(tableThere));
        Assert.Contains("FMR: the share of pairs", tableThere, StringComparison.Ordinal);
        Assert.Contains("not a positive identification", tableThere, StringComparison.OrdinalIgnoreCase);

        string[] compare = ["compare", Matchengine.Sample(1), Matchengine.Sample(1), "--face", "largest"];
        (here, there) = (
            local.Run([.. compare, "--json"]).Expect(0).Json,
            local.Run([.. compare, .. service.Options, .. Purpose, "--json"]).Expect(0).Json);
        Assert.Subset(Names(there), Names(here));
        Assert.Equal(here.GetProperty("score").GetDouble(), there.GetProperty("score").GetDouble(), 3);
        Assert.Equal(
            local.Run(compare).Expect(0).Output.Split('\n')[0],
            local.Run([.. compare, .. service.Options, .. Purpose]).Expect(0).Output.Split('\n')[0]);
    }

    [Fact]
    public void What_the_service_refuses_ends_with_its_code_and_words()
    {
        var refused = local.Run(
            ["search", Matchengine.Sample(1), "--gallery", "none", "--face", "largest", "--json", .. service.Options, .. Purpose])
                .Expect(2);
        Assert.Equal("not_found", refused.Json.GetProperty("error").GetProperty("reason").GetString());
        Assert.Contains("'none'", refused.Error, StringComparison.Ordinal);
        // The profile of the service asks for a purpose.
        local.Run(["enroll", "--gallery", "why", .. Photos(), .. service.Options]);
        Assert.Equal(
            "purpose_required",
            local.Run(["search", Matchengine.Sample(1), "--gallery", "why", "--face", "largest", "--json", .. service.Options]).Expect(2)
                .Json.GetProperty("error").GetProperty("reason").GetString());
        // No face at all: what a probe is refused for here.
        var empty = local.File("empty.jpg");
        File.WriteAllText(empty, "no picture");
        Assert.Equal(
            local.Run(["compare", empty, empty, "--json"]).Expect(2).Json.GetProperty("error").GetProperty("reason").GetString(),
            local.Run(["compare", empty, empty, "--json", .. service.Options, .. Purpose]).Expect(2).Json
                .GetProperty("error").GetProperty("reason").GetString());
    }

    [Fact]
    public void A_service_that_is_not_there_is_said_so()
    {
        var refused = local.Run(
            ["compare", Matchengine
                .Sample(1), Matchengine.Sample(1), "--json", "--service", "http://127.0.0.1:9", "--key-file", service.KeyFile])
            .Expect(2);
        Assert.Equal("service_unreachable", refused.Json.GetProperty("error").GetProperty("reason").GetString());
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--service needs --key-file", "search", "p.jpg", "--gallery", "g", "--service", "http://localhost")]
    [InlineData("--key-file goes with --service", "search", "p.jpg", "--gallery", "g", "--key-file", "k")]
    [InlineData("--case goes with --service", "compare", "a.jpg", "b.jpg", "--case", "C")]
    [InlineData(
        "--exact does not go with --service", "search", "p.jpg", "--gallery", "g", "--exact", "--service", "http://x", "--key-file", "k")]
    [InlineData("--model does not go with --service", "compare", "a", "b", "--model", "m", "--service", "http://x", "--key-file", "k")]
    [InlineData(
        "--workers does not go with --service", "enroll", "a", "-g", "g", "--workers", "2", "--service", "http://x", "--key-file", "k")]
    public void Options_that_do_not_go_together_are_refused(string expected, params string[] arguments) =>
        Assert.Contains(expected, local.Run(arguments).Expect(2).Error, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_holds_no_key_is_not_sent()
    {
        var file = local.File("letter");
        File.WriteAllText(file, "Dear sir\nor madam");
        Assert.Contains(
            "no API key",
            local.Run(["compare", Matchengine.Sample(1), Matchengine.Sample(1), "--service", service.Address, "--key-file", file]).Expect(2)
                .Error, StringComparison.Ordinal);
    }

    private static HashSet<string> Names(JsonElement told) => [.. told.EnumerateObject().Select(member => member.Name)];

    /// <summary>The table's lines without the photo, whose reference is a path here and none there.</summary>
    private static List<string> Rows(string output) =>
    [
        .. output.Split('\n')
            .Where(line => line.Contains("person", StringComparison.Ordinal) || line.Contains("strangers ", StringComparison.Ordinal))
            .Where(line => line.TrimStart().Length > 0
                && (char.IsDigit(line.TrimStart()[0]) || line.TrimStart().StartsWith("rank", StringComparison.Ordinal)))
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeWhile(
                word => !word.Contains("jpg", StringComparison.Ordinal) && word != "(face"))),
    ];
}
