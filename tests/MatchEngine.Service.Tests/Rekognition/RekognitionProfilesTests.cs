using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rekognition;

/// <summary>What is told of a score is what the profile tells, on the dialect's scale.</summary>
public sealed class RekognitionProfilesTests(OwnProfilesService service) : IClassFixture<OwnProfilesService>
{
    [Fact]
    public async Task Where_ranks_alone_are_told_there_is_no_similarity_and_no_threshold_but_0()
    {
        using var client = await CollectedAsync("alone", "ranks");
        var refused = await SearchAsync(client, "alone", null);
        Assert.Equal(("AccessDeniedException", "not_offered"), (refused.Type, refused.Header("x-matchengine-code")));
        var matches = (await SearchAsync(client, "alone", 0)).Body.GetProperty("FaceMatches");
        Assert.Equal(3, matches.GetArrayLength());
        Assert.All(matches.EnumerateArray(), match => Assert.False(match.TryGetProperty("Similarity", out _)));
    }

    [Fact]
    public async Task A_percentage_is_told_on_the_same_scale_as_a_score()
    {
        using var client = await CollectedAsync("shares", "percents");
        var score = FakeExtractor.Embedding(1, 0).Zip(FakeExtractor.Embedding(1, 3), (a, b) => a * b).Sum();
        var best = (await SearchAsync(client, "shares", 0)).Body.GetProperty("FaceMatches")[0].GetProperty("Similarity").GetDouble();
        Assert.Equal(SimilarityScale.Of(score), best, 1);
    }

    private static Task<Answered> SearchAsync(SigningClient client, string collection, double? threshold)
    {
        var image = new { Bytes = Convert.ToBase64String(FakeImage.Of(new FakeFace(1, Variation: 3))) };
        return client.SendAsync("SearchFacesByImage", threshold is { } some
            ? new { CollectionId = collection, Image = image, FaceMatchThreshold = some }
            : new { CollectionId = collection, Image = image });
    }

    private async Task<SigningClient> CollectedAsync(string name, string profile)
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync(name, new { profile });
        foreach (var person in (int[])[1, 2, 3])
            await admin.EnrolAsync(name, $"{person}", FakeImage.Picture("", new FakeFace(person)));
        return await SigningClient.OfAsync(service, admin);
    }
}
