using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class DuplicatePagesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Pairs_that_the_engine_finds_are_merged_kept_apart_or_their_photos_put_right_and_not_asked_for_again()
    {
        using var client = await PageClient.SignedInAsync(service, "twins", Role.GalleryOwner);
        using var program = service.As("twins", Role.GalleryOwner);
        (await client.SendAsync("/galleries", ("name", "twins"))).Dispose();
        var gallery = service.Get<OpenGalleries>().Get("twins");
        // Four people, each under two names.
        foreach (var (name, person) in new[] { "anna", "bert", "cleo", "dora" }.Select((name, i) => (name, i + 1)))
        {
            foreach (var twin in new[] { "", "-2" })
                await program.EnrolAsync("twins", name + twin, FakeImage.Picture(name + twin, new FakeFace(person)));
        }
        Assert.Contains(
            "Nobody has looked for duplicates yet", await client.TextAsync("/galleries/twins/duplicates"), StringComparison.Ordinal);
        using (var few = await client.SendAsync("/galleries/twins/duplicates", ("do", "start")))
            Assert.NotEqual(HttpStatusCode.Redirect, few.StatusCode);
        var page = await SoughtAsync(client);
        Assert.Equal(4, Regex.Count(page, "class=\"card twins\""));

        await DecideAsync(client, "into-one", "anna", "anna-2");
        Assert.Equal(2, gallery.FindSubject("anna")!.Encounters.Count);
        Assert.Null(gallery.FindSubject("anna-2"));
        await DecideAsync(client, "apart", "bert", "bert-2");
        await DecideAsync(client, "move-other", "cleo", "cleo-2", ("encounter-other", gallery.FindSubject("cleo-2")!.Encounters[0].Id));
        Assert.Null(gallery.FindSubject("cleo-2"));
        await DecideAsync(client, "remove-other", "dora", "dora-2", ("encounter-other", gallery.FindSubject("dora-2")!.Encounters[0].Id));
        Assert.Null(gallery.FindSubject("dora-2"));
        page = await client.TextAsync("/galleries/twins/duplicates");
        Assert.Contains("No pair waits", page, StringComparison.Ordinal);
        Assert.Contains("Kept apart, the last 1", page, StringComparison.Ordinal);
        using (var again = await client.SendAsync(
            "/galleries/twins/duplicates/decisions", ("do", "apart"), ("one", "bert"), ("other", "bert-2")))
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        // A new search does not ask for who is kept apart, until that is taken back.
        Assert.Equal(0, Regex.Count(await SoughtAsync(client), "class=\"card twins\""));
        await DecideAsync(client, "again", "bert", "bert-2");
        Assert.Equal(1, Regex.Count(await SoughtAsync(client), "class=\"card twins\""));
        var state = await program.GetAsync("/v1/galleries/twins/duplicates").Json();
        Assert.Equal(
            ("done", 1, 5),
            (state.GetProperty("state").GetString(), state.GetProperty("waiting").GetInt32(), state.GetProperty("subjects").GetInt32()));
        var pair = Assert.Single(state.GetProperty("pairs").EnumerateArray());
        Assert.Equal(("bert", "bert-2"), (pair.GetProperty("subject").GetString(), pair.GetProperty("other").GetString()));
        await program.PostAsJsonAsync(
            "/v1/galleries/twins/duplicates/decisions", new { subject = "bert-2", other = "bert", decision = "merge" }).Json(204);
        Assert.Equal(2, gallery.FindSubject("bert")!.Encounters.Count);
        await program.DeleteAsync("/v1/galleries/twins/duplicates/search").Code(409);

        Assert.Equal(
            ["duplicates.asked-again", "duplicates.ended", "duplicates.kept-apart", "duplicates.sought", "encounter.moved",
                "encounter.removed", "subject.merged"],
            service.Get<AuditLog>().Read(new AuditFilter { Gallery = "twins" }, count: 1000).Select(written => written.Kind).Distinct()
                .Where(kind => kind.StartsWith("duplicates", StringComparison.Ordinal) || kind is "encounter.moved" or "encounter.removed"
                    or "subject.merged").Order(StringComparer.Ordinal));
    }

    private static async Task DecideAsync(PageClient client, string what, string one, string other, params (string, string)[] more)
    {
        using var decided = await client.SendAsync(
            "/galleries/twins/duplicates/decisions", [("do", what), ("one", one), ("other", other), .. more]);
        Assert.Equal(HttpStatusCode.Redirect, decided.StatusCode);
    }

    private static async Task<string> SoughtAsync(PageClient client)
    {
        using (var started = await client.SendAsync("/galleries/twins/duplicates", ("do", "start"), ("floor", "0.9")))
            Assert.Equal("/galleries/twins/duplicates?done=duplicates-sought", started.Headers.Location!.OriginalString);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            var page = await client.TextAsync("/galleries/twins/duplicates");
            if (!page.Contains("Look again", StringComparison.Ordinal))
                return page;
            await Task.Delay(50, patience.Token);
        }
    }
}
