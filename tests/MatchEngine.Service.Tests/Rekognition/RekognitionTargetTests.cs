using System.Net.Http.Json;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Vetting.Rekognition;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Service.Tests.Rekognition;

/// <summary>The dialect as the vetting bench meets it: <c>rekognition:URL</c>.</summary>
public sealed class RekognitionTargetTests(TestService service) : VettedDialect(service, whole: 100), IClassFixture<TestService>
{
    protected override bool TakesTheLargest => true;

    protected override async Task<string> CredentialAsync(HttpClient account, string key)
    {
        var made = await account.PostAsJsonAsync("/v1/signing-credentials", new { name = "vetting" }).Json(201);
        return $"{made.GetProperty("details").GetProperty("accessKeyId").GetString()} {made.GetProperty("secretAccessKey").GetString()}";
    }

    protected override async Task<ISystemUnderTest> OpenAsync(TargetOptions options) =>
        await RekognitionTarget.OpenAsync(Service.Address, options, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_collection_that_is_not_there_is_made_and_says_what_it_is()
    {
        using var admin = Service.Admin();
        var options = new TargetOptions
        {
            Gallery = "made-by-the-bench", Credentials = new TargetCredentials(await CredentialAsync(admin, Service.FirstKey), null),
        };
        await using var target = await OpenAsync(options);
        var told = (await target.IdentifyAsync(CallTerms.Usual, TestContext.Current.CancellationToken)).Value!;
        Assert.Equal(("fake", "0"), (told.Model, told.Settings["faces"]));
    }
}
