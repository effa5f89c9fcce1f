using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Sqlite;

namespace MatchEngine.Cli.Tests.Galleries;

/// <summary><c>gallery check</c> and what an enrolment warns of, on six people with two photos each.</summary>
public sealed class GalleryCheckTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_photo_under_a_wrong_name_is_warned_of_when_it_is_enrolled_and_found_again_by_a_check()
    {
        SqliteDataFolder.OpenAudit(_cli.Data).Dispose();
        var names = Portraits.Write(_cli.File("photos"));
        foreach (var name in names)
            foreach (var photo in new[] { "a", "b" })
            {
                Directory.CreateDirectory(_cli.File($"people/{name}"));
                File.Copy(_cli.File($"photos/{name}-{photo}.jpg"), _cli.File($"people/{name}/{name}-{photo}.jpg"));
            }
        _cli.Run("enroll", "-g", "g", "--subject-from", "folder", _cli.File("people")).Expect(0);
        var clean = _cli.Run("gallery", "check", "g", "--json").Expect(0).Json;
        Assert.Equal((6, 0, 0), (clean.GetProperty("subjects").GetInt32(), Remarks(clean).Count, Pairs(clean)));

        // The first one's photo, cut a little, under the second one's name.
        Directory.CreateDirectory(_cli.File($"wrong/{names[1]}"));
        var wrong = _cli.File($"wrong/{names[1]}/wrong.jpg");
        File.WriteAllBytes(wrong, [.. File.ReadAllBytes(_cli.File($"photos/{names[0]}-a.jpg")), 0]);
        var enrolled = _cli.Run("enroll", "-g", "g", "--subject-from", "folder", _cli.File("wrong"), "--json").Expect(0);

        Assert.Equal(
            ["inconsistent_subject", "looks_like"],
            enrolled.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("reason").GetString()));
        Assert.Contains($"looks like subject '{names[0]}' too", enrolled.Error, StringComparison.Ordinal);
        var found = _cli.Run("gallery", "check", "g", "--json").Expect(1).Json;
        var remark = Assert.Single(Remarks(found));
        Assert.Equal("inconsistent_subject", remark.GetProperty("kind").GetString());
        Assert.Equal(names[1], remark.GetProperty("subject").GetString());
        Assert.Equal(wrong, remark.GetProperty("image").GetString());
        Assert.False(string.IsNullOrEmpty(found.GetProperty("disclaimer").GetString()));
        // Six people are too few to say from where on two look alike.
        Assert.Contains("too few", found.GetProperty("limits").GetProperty("looksLikeUnsaid").GetString(), StringComparison.Ordinal);
        var text = _cli.Run("gallery", "check", "g").Expect(1).Output;
        Assert.Contains("1 photos unlike their subject's others, 0 far poorer", text, StringComparison.Ordinal);

        using var log = SqliteDataFolder.OpenAudit(_cli.Data);
        Assert.Equal(3, log.Read().Count(written => written.Kind == AuditKinds.ConsistencyChecked));
        Assert.Equal(
            [0, 1, 1],
            log.Read().Where(written => written.Kind == AuditKinds.ConsistencyCheckEnded)
                .Select(written => JsonDocument.Parse(written.Payload).RootElement.GetProperty("remarks").GetInt32()));
    }

    [Fact]
    public void Without_the_check_nothing_is_warned_of()
    {
        var names = Portraits.Write(_cli.File("photos"));
        _cli.Run("enroll", "-g", "g", _cli.File($"photos/{names[0]}-a.jpg")).Expect(0);
        var enrolled = _cli.Run("enroll", "-g", "g", "--no-check", _cli.File($"photos/{names[0]}-b.jpg"), "--json").Expect(0);
        Assert.Empty(enrolled.Json.GetProperty("warnings").EnumerateArray());
    }

    private static List<JsonElement> Remarks(JsonElement report) => [.. report.GetProperty("remarks").EnumerateArray()];

    private static int Pairs(JsonElement report) => report.GetProperty("looksLike").GetArrayLength();
}
