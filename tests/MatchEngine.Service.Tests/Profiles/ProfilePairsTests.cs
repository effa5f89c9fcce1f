using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Profiles;

/// <summary>
/// Every two shipped profiles in one request, each in both orders, their galleries named and not, empty and filled: the answer is what a
/// second, simple reading of the two files makes of it.
/// </summary>
public sealed class ProfilePairsTests(TestService service) : IClassFixture<TestService>
{
    private static readonly byte[] Probe = FakeImage.Of(new FakeFace(1, Variation: 3));

    [Theory]
    [InlineData(true, new[] { 0, 1, 3 })]
    // Terms that were not accepted, and training that was not had.
    [InlineData(false, new[] { 0, 3 })]
    public async Task Any_two_profiles_together_give_what_a_simple_reading_of_both_says(bool isPrepared, int[] sizes)
    {
        var organisation = $"pairs-{isPrepared}".ToLowerInvariant();
        using var owner = service.As($"{organisation}-owner", Role.GalleryOwner, Role.ServiceAdministrator);
        using var agent = service.As(organisation, Role.Agent);
        var galleries = new List<ProfileReading.Filled>();
        foreach (var profile in Profile.Names)
        {
            foreach (var people in sizes)
                galleries.Add(await MakeAsync(owner, $"{organisation}-{profile}-{people}", profile, people));
        }
        Assert.Equal(11 * sizes.Length, galleries.Count);
        if (isPrepared)
            await PrepareAsync(owner, agent, organisation, galleries);

        ProfileReading.Asked[] requests = isPrepared
            ? [new(null, null, true), new(1, null, true), new(null, 0.5f, true)]
            : [new(null, null, false)];
        var (lists, refusals) = (0, 0);
        for (var i = 0; i < galleries.Count; i++)
        {
            await owner.ShareAsync(service, galleries[i].Name, organisation);
            for (var j = i + 1; j < galleries.Count; j++)
            {
                await owner.ShareAsync(service, galleries[j].Name, organisation);
                foreach (var order in (ProfileReading.Filled[][])[[galleries[i], galleries[j]], [galleries[j], galleries[i]]])
                {
                    // The first request of each pair; the others of every fourth, which meets each profile with each size often enough.
                    foreach (var asked in requests.Take((i + j) % 4 == 0 ? requests.Length : 1))
                        _ = await IsListAsync(agent, order, asked, isNamed: true) ? lists++ : refusals++;
                }
                ProfileReading.Filled[] all = [galleries[i], galleries[j]];
                foreach (var asked in requests.Take(1))
                    _ = await IsListAsync(
                        agent, [.. all.OrderBy(gallery => gallery.Name, StringComparer.Ordinal)], asked, isNamed: false)
                        ? lists++ : refusals++;
                await owner.DeleteAsync($"/v1/galleries/{galleries[j].Name}/permissions/{organisation}").Json(204);
            }
            await owner.DeleteAsync($"/v1/galleries/{galleries[i].Name}/permissions/{organisation}").Json(204);
        }
        Assert.True(lists > 300 && refusals > 50, $"{lists} lists, {refusals} refusals");
    }

    /// <summary>Searches, and compares with the simple reading.</summary>
    /// <returns>Whether there was a list to compare.</returns>
    private static async Task<bool> IsListAsync(
        HttpClient agent, ProfileReading.Filled[] galleries, ProfileReading.Asked asked, bool isNamed)
    {
        var what = $"{string.Join(" + ", galleries.Select(gallery => gallery.Name))}, {asked}, {(isNamed ? "named" : "not named")}";
        var refusals = galleries.Select(gallery => ProfileReading.Refusal(gallery.Profile, asked)).ToList();
        var willing = galleries.Where((_, place) => refusals[place] is null).ToList();
        using var answer = await agent.PostAsync("/v1/searches", Requests.Form(
            new
            {
                galleries = isNamed ? galleries.Select(gallery => gallery.Name) : null,
                listLength = asked.ListLength, scoreFloor = asked.Floor, purpose = Requests.Purpose,
            },
            ("image", Probe, "probe.jpg")));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        // One that is named and refuses ends the search; of those that are not named, all have to.
        if (isNamed ? willing.Count < galleries.Length : willing.Count == 0)
        {
            Assert.False(answer.IsSuccessStatusCode, what);
            Assert.True(refusals.First(refusal => refusal is not null) == body.GetProperty("code").GetString(), $"{what}: {body}");
            return false;
        }
        Assert.True(answer.IsSuccessStatusCode, $"{what}: {body}");
        foreach (var refusing in galleries.Except(willing))
            Assert.Contains(
                body.GetProperty("notices").EnumerateArray(),
                notice => notice.GetString()!.StartsWith($"gallery '{refusing.Name}': ", StringComparison.Ordinal));
        var expected = ProfileReading.List(willing, asked);
        var rows = body.GetProperty("candidates").EnumerateArray().ToList();
        Assert.True(
            expected.Select(row => (row.Gallery, row.Subject)).SequenceEqual(rows.Select(row => (
                row.GetProperty("gallery").GetString()!, row.GetProperty("subjectId").GetString()!))),
            $"{what}: expected {string.Join(", ", expected)}, got {body.GetProperty("candidates")}");
        foreach (var (row, candidate) in expected.Zip(rows))
        {
            Assert.Equal(row.Score, candidate.GetProperty("score").GetSingle(), 0.01f);
            Assert.True(
                candidate.GetProperty("biographics").GetRawText() == (row.IsTold ? """{"name":"A name"}""" : "{}"), $"{what}: {candidate}");
        }
        return true;
    }

    private async Task PrepareAsync(
        HttpClient owner, HttpClient agent, string organisation, IReadOnlyList<ProfileReading.Filled> galleries)
    {
        foreach (var gallery in galleries)
            await owner.ShareAsync(service, gallery.Name, organisation);
        await service.PrepareAsync(agent);
        foreach (var gallery in galleries)
            await owner.DeleteAsync($"/v1/galleries/{gallery.Name}/permissions/{organisation}").Json(204);
    }

    private static async Task<ProfileReading.Filled> MakeAsync(HttpClient owner, string name, string profile, int people)
    {
        await owner.CreateGalleryAsync(name, new { profile, approved = true });
        var scores = new Dictionary<string, float>();
        for (var person = 1; person <= people; person++)
        {
            var photo = FakeImage.Picture($"{name} {person}", new FakeFace(person));
            await owner.EnrolAsync(
                name, $"P{person}", photo,
                new { metadata = new { name = "A name" }, agreedTerms = profile == "smartlink" ? "1" : null });
            scores[$"P{person}"] = Embedding(photo).Zip(Embedding(Probe), (a, b) => a * b).Sum();
        }
        return new ProfileReading.Filled(name, profile, scores);
    }

    private static float[] Embedding(byte[] image) =>
        new FakeExtractor().Extract(image, new ExtractionRequest(FaceChoice.Largest)).Faces[0].Embedding;
}
