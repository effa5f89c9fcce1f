using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Sqlite;

namespace MatchEngine.Cli.Tests.Galleries;

/// <summary><c>gallery duplicates</c>, on six people who are each enrolled under two names.</summary>
public sealed class GalleryDuplicatesTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Who_is_enrolled_under_two_names_is_told_as_a_pair_with_both_encounters_and_the_search_is_audited()
    {
        SqliteDataFolder.OpenAudit(_cli.Data).Dispose();
        var names = Enrol();

        var found = _cli.Run("gallery", "duplicates", "g", "--floor", "0.6", "--json").Expect(0).Json;

        Assert.Equal(
            names.Select(name => ($"{name}-a", $"{name}-b")).Order(),
            found.GetProperty("pairs").EnumerateArray().Select(Pair).Order());
        Assert.Equal((12, names.Count), (found.GetProperty("subjects").GetInt32(), found.GetProperty("groups").GetArrayLength()));
        Assert.Equal("too-few-comparisons", found.GetProperty("strangersExpected").GetProperty("reason").GetString());
        Assert.False(string.IsNullOrEmpty(found.GetProperty("disclaimer").GetString()));
        var text = _cli.Run("gallery", "duplicates", "g", "--floor", "0.6").Expect(0).Output;
        Assert.Contains("6 pairs within g from score 0.6000 on, in 6 groups; 12 subjects", text, StringComparison.Ordinal);
        Assert.Contains("cannot be said", text, StringComparison.Ordinal);
        _cli.Run("gallery", "duplicates", "g", "--floor", "1").Expect(1);
        using var log = SqliteDataFolder.OpenAudit(_cli.Data);
        var ended = log.Read().Where(written => written.Kind == AuditKinds.DuplicatesEnded).Select(Payload).ToList();
        Assert.Equal([6, 6, 0], ended.Select(payload => payload.GetProperty("pairs").GetInt32()));
        Assert.Equal(3, log.Read().Count(written => written.Kind == AuditKinds.DuplicatesSought));
    }

    [Fact]
    public void Two_galleries_are_compared_subject_by_subject()
    {
        var names = Portraits.Write(_cli.File("photos"));
        foreach (var (gallery, photo) in new[] { ("a", "a"), ("b", "b") })
            _cli.Run(["enroll", "-g", gallery, .. names.Select(name => _cli.File($"photos/{name}-{photo}.jpg"))]).Expect(0);

        var found = _cli.Run("gallery", "duplicates", "--between", "a", "b", "--floor", "0.6", "--json").Expect(0).Json;

        Assert.Equal(
            names.Select(name => ($"{name}-a", $"{name}-b")).Order(),
            found.GetProperty("pairs").EnumerateArray().Select(Pair).Order());
        Assert.Equal(
            ["a", "b"], found.GetProperty("groups")[0].GetProperty("group").EnumerateArray()
                .Select(member => member.GetProperty("gallery").GetString()));
        Assert.Contains("for one with itself", _cli.Run("gallery", "duplicates", "--between", "a", "a").Expect(2).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_gone_on_with_where_it_was_cut_off_and_only_with_the_same_comparison()
    {
        Enrol();
        var (whole, cut) = (_cli.File("whole.jsonl"), _cli.File("cut.jsonl"));
        _cli.Run("gallery", "duplicates", "g", "--floor", "0.6", "--out", whole).Expect(0);
        var lines = File.ReadAllLines(whole);
        Assert.Equal("duplicates", Line(lines[0]).GetProperty("kind").GetString());
        Assert.Equal(6, lines.Count(line => line.StartsWith("{\"score\"", StringComparison.Ordinal)));
        var end = Line(lines[^1]);
        Assert.Equal(
            (12, 6, 6),
            (end.GetProperty("subjects").GetInt32(), end.GetProperty("pairs").GetInt32(), end.GetProperty("groups").GetInt32()));

        // As a kill leaves it: pairs of subjects that were not finished, and half a line.
        File.WriteAllText(cut, string.Join('\n', lines[..4]) + "\n" + lines[4][..20]);
        _cli.Run("gallery", "duplicates", "g", "--out", cut, "--resume").Expect(0);
        Assert.Equal(lines, File.ReadAllLines(cut));

        // Half of the gallery was done.
        var sixth = Line(lines.First(line => line.Contains("\"through\"", StringComparison.Ordinal)));
        Assert.Equal("p61-b", sixth.GetProperty("through").GetString());
        File.WriteAllText(cut, lines[0] + "\n{\"through\":\"p40-b\",\"subjects\":6,\"templates\":6}\n");
        var resumed = _cli.Run("gallery", "duplicates", "g", "--out", cut, "--resume", "--json").Expect(0).Json;
        Assert.Equal((12, 3), (resumed.GetProperty("subjects").GetInt32(), resumed.GetProperty("pairCount").GetInt32()));

        Refuses("finished", "g", "--out", whole, "--resume");
        Refuses("is there already", "g", "--floor", "0.6", "--out", whole);
        Refuses("not there", "g", "--out", _cli.File("none.jsonl"), "--resume");
        Refuses("name it with --out", "g", "--resume");
        File.WriteAllText(cut, lines[0] + "\n");
        Refuses("another comparison", "g", "--floor", "0.5", "--out", cut, "--resume");
        File.WriteAllText(cut, "{\"kind\":\"other\"}\n");
        Refuses("holds no duplicates", "g", "--out", cut, "--resume");
        File.WriteAllText(cut, "no json\n");
        Refuses("holds no duplicates", "g", "--out", cut, "--resume");
        File.WriteAllText(cut, "");
        Refuses("holds no duplicates", "g", "--out", cut, "--resume");
    }

    [Fact]
    public void Without_a_floor_a_small_gallery_asks_for_one()
    {
        Enrol();
        var error = _cli.Run("gallery", "duplicates", "g").Expect(2).Error;
        Assert.Contains("too few people", error, StringComparison.Ordinal);
        Assert.Contains("give a score floor", error, StringComparison.Ordinal);
        Refuses("either", "g", "--floor", "0.5", "--floor-strangers", "3");
        Refuses("within −1 … 1", "g", "--floor", "2");
        Refuses("name a gallery");
    }

    private void Refuses(string message, params string[] arguments) => Assert.Contains(
        message, _cli.Run(["gallery", "duplicates", .. arguments]).Expect(2).Error, StringComparison.Ordinal);

    private IReadOnlyList<string> Enrol()
    {
        var names = Portraits.Write(_cli.File("photos"));
        _cli.Run("enroll", "-g", "g", _cli.File("photos")).Expect(0);
        return names;
    }

    private static (string, string) Pair(JsonElement pair) => (Subject(pair, "first"), Subject(pair, "second"));

    private static string Subject(JsonElement pair, string side)
    {
        Assert.EndsWith(
            pair.GetProperty(side).GetProperty("subjectId").GetString() + ".jpg", pair.GetProperty(side).GetProperty("image").GetString(),
            StringComparison.Ordinal);
        return pair.GetProperty(side).GetProperty("subjectId").GetString()!;
    }

    private static JsonElement Line(string line) => JsonDocument.Parse(line).RootElement;

    private static JsonElement Payload(AuditEvent written) => JsonDocument.Parse(written.Payload).RootElement;
}
