using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

/// <summary>
/// Answers that were kept, for who sends a request again or fetches later: whatever closes a list closes them, as it closes the search
/// itself.
/// </summary>
public sealed class KeptAnswersTests(SwitchedService service) : IClassFixture<SwitchedService>
{
    public enum Closed
    {
        FoundImproper, CaseDeleted, PermissionWithdrawn, SubjectRemoved, EncounterExpired,
    }

    [Theory]
    [InlineData(Closed.FoundImproper, 403)]
    [InlineData(Closed.CaseDeleted, 404)]
    [InlineData(Closed.PermissionWithdrawn, 404)]
    [InlineData(Closed.SubjectRemoved, 404)]
    [InlineData(Closed.EncounterExpired, 404)]
    public async Task A_list_that_is_closed_is_told_neither_again_nor_later(Closed how, int status)
    {
        var gallery = $"kept-{how.ToString().ToLowerInvariant()}";
        using var admin = service.Admin();
        using var owner = service.As("owners", Role.GalleryOwner);
        using var supervisor = service.As("searchers", Role.Supervisor);
        await admin.CreateGalleryAsync(gallery, new { owner = "owners", approved = true, retention = new { days = 1 } });
        await owner.EnrolAsync(gallery, "A", FakeImage.Picture(gallery, new FakeFace(1)));
        await owner.EnrolAsync(gallery, "B", FakeImage.Picture(gallery + "b", new FakeFace(2)));
        await owner.ShareAsync(service, gallery, "searchers", new { fields = new[] { "name" } });
        var (agent, _) = service.Searcher();
        using var _ = agent;
        await admin.PostAsJsonAsync("/v1/sandbox/clock", new { advance = "PT23H" }).Json();
        var at = await SendAsync(agent, gallery, "Idempotency-Key", gallery).Json();
        var later = (await SendAsync(agent, gallery, "Prefer", "respond-async").Json(202)).GetProperty("id").GetString();
        var ended = await EndedAsync(agent, later!);
        var again = await SendAsync(agent, gallery, "Idempotency-Key", gallery).Json();
        Assert.Equal(at.GetProperty("searchId").GetString(), again.GetProperty("searchId").GetString());

        await CloseAsync();
        Assert.Equal(status, (int)(await SendAsync(agent, gallery, "Idempotency-Key", gallery)).StatusCode);
        using var told = await agent.GetAsync(ended.GetProperty("result").GetString());
        Assert.Equal(status, (int)told.StatusCode);
        Assert.DoesNotContain("subjectId", await told.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        async Task CloseAsync()
        {
            switch (how)
            {
                case Closed.FoundImproper:
                    foreach (var search in await SearchesAsync())
                        await supervisor.PutAsJsonAsync($"/v1/reviews/{search}", new { finding = "improper" }).Json();
                    return;
                case Closed.CaseDeleted:
                    var id = (await agent.GetAsync($"/v1/cases?number={gallery}").Json()).GetProperty("cases")[0]
                        .GetProperty("id").GetString();
                    await agent.PutAsync($"/v1/cases/{id}/closure", null).Json();
                    await supervisor.DeleteAsync($"/v1/cases/{id}").Json(204);
                    return;
                case Closed.PermissionWithdrawn:
                    await owner.DeleteAsync($"/v1/galleries/{gallery}/permissions/searchers").Json(204);
                    return;
                case Closed.SubjectRemoved:
                    await owner.DeleteAsync($"/v1/galleries/{gallery}/subjects/B").Json(204);
                    return;
                default:
                    await admin.PostAsJsonAsync("/v1/sandbox/clock", new { advance = "PT2H" }).Json();
                    return;
            }
        }

        async Task<List<string>> SearchesAsync() =>
            [.. (await agent.GetAsync($"/v1/searches?caseNumber={gallery}").Json()).GetProperty("searches").EnumerateArray()
                .Select(search => search.GetProperty("searchId").GetString()!)];
    }

    /// <summary>Room for answers is an account's: what waits goes on when another batch's answers are fetched or given up.</summary>
    [Fact]
    public async Task A_batch_that_waits_for_room_goes_on_when_another_ones_answers_are_fetched()
    {
        await using var small = new SmallRoom();
        await small.ReadyAsync();
        using var admin = small.Admin();
        await admin.CreateGalleryAsync("g");
        var encounters = new List<string>();
        for (var i = 0; i < 3; i++)
            encounters.Add((await admin.EnrolAsync("g", $"S{i}", FakeImage.Picture($"{i}", new FakeFace(i))))
                .GetProperty("photos")[0].GetProperty("encounterId").GetString()!);
        var first = await SubmitAsync();
        await EndedAsync(admin, first);
        // Its answers fill the room.
        var second = await SubmitAsync();
        await Task.Delay(500);
        Assert.Equal("running", await StateAsync(second));
        await admin.GetAsync($"/v1/search-batches/{first}/results?after=0").Json();
        // Whoever asks for the headers alone has received nothing.
        using (var head = new HttpRequestMessage(HttpMethod.Head, $"/v1/search-batches/{first}/results?after=3"))
            (await admin.SendAsync(head)).Dispose();
        Assert.Equal(3, (await admin.GetAsync($"/v1/search-batches/{first}/results").Json()).GetProperty("results").GetArrayLength());
        await admin.GetAsync($"/v1/search-batches/{first}/results?after=3").Json();
        Assert.Equal("done", (await EndedAsync(admin, second)).GetProperty("state").GetString());

        async Task<string> SubmitAsync() => (await admin.PostAsJsonAsync("/v1/search-batches", new
        {
            galleries = new[] { "g" }, purpose = Requests.Purpose, encounters = encounters.Select(id => new { encounterId = id }),
        }).Json(202)).GetProperty("id").GetString()!;

        async Task<string?> StateAsync(string id) => (await admin.GetAsync($"/v1/operations/{id}").Json()).GetProperty("state").GetString();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string gallery, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/searches")
        {
            Content = Requests.Form(
                new
                {
                    galleries = new[] { gallery },
                    purpose = new { caseNumber = gallery, basis = "18 USC 1956", requester = "Agent Smith" },
                },
                ("image", SwitchedService.Probe, "p")),
        };
        request.Headers.Add(header, value);
        return client.SendAsync(request);
    }

    private static async Task<JsonElement> EndedAsync(HttpClient client, string operation)
    {
        for (var waiting = 0; waiting < 1500; waiting++)
        {
            var told = await client.GetAsync($"/v1/operations/{operation}").Json();
            if (told.GetProperty("state").GetString() is not ("queued" or "running"))
                return told;
            await Task.Delay(20);
        }
        Assert.Fail($"operation {operation} does not end");
        return default;
    }

    private sealed class SmallRoom : TestService
    {
        internal override void Replace(Microsoft.Extensions.DependencyInjection.IServiceCollection services)
        {
            base.Replace(services);
            // A list of three has some kilobytes.
            Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(
                services, Settings().ToOptions() with { KeptAnswerBytes = 2000 });
        }
    }
}
