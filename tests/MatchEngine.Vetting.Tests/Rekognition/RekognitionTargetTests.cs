using MatchEngine.Vetting.Rekognition;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using MatchEngine.Vetting.Tests.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Vetting.Tests.Rekognition;

public sealed class RekognitionTargetContractTests : TargetContract
{
    protected override double Told(double score) => Math.Round(FakeRekognitionServer.Similarity(score), 4);

    internal override Task<ISystemUnderTest> OpenAsync(FakeService service) => RekognitionTargetTests.OpenAsync(service);
}

public class RekognitionTargetTests
{
    internal static async Task<ISystemUnderTest> OpenAsync(FakeService service)
    {
        var server = await FakeRekognitionServer.StartAsync(service);
        return new WithServer(
            await RekognitionTarget.OpenAsync(server.Address, FakeRekognitionServer.Options, CancellationToken.None), server);
    }

    [Fact]
    public async Task What_the_interface_lacks_is_said()
    {
        await using var target = await OpenAsync(new FakeService());
        Assert.Equal(
            [Ability.EnrolTemplate, Ability.SearchTemplate, Ability.StrangersExpected, Ability.SearchRecord],
            target.Abilities.Missing.Keys.Order());
        Assert.Equal(new ScoreScale(0, 100, IsNegatedDistance: false), target.Abilities.Scores);
    }

    [Fact]
    public async Task Without_id_and_secret_nothing_is_asked()
    {
        var error = await Assert.ThrowsAsync<TargetUnusableException>(() => RekognitionTarget.OpenAsync(
            new Uri("http://127.0.0.1:9"), new TargetOptions { Credentials = new TargetCredentials("oneword", null) },
            CancellationToken.None));
        Assert.Contains("access key id", error.Message, StringComparison.Ordinal);
    }

    /// <summary>By hand from the API reference: errors of the actions, common errors, and a type behind the name of a model.</summary>
    [Theory]
    [InlineData("InvalidParameterException", "There are no faces in the image. Should be at least 1.", FailureKind.NoFace)]
    [InlineData("InvalidParameterException", "Request has invalid parameters", FailureKind.Refused)]
    [InlineData("com.amazonaws.rekognition#ImageTooLargeException", "Image size is too large", FailureKind.TooLarge)]
    [InlineData("InvalidImageFormatException", "Request has invalid image format", FailureKind.UnreadableImage)]
    [InlineData("ProvisionedThroughputExceededException", "Provisioned rate exceeded", FailureKind.TooManyRequests)]
    [InlineData("AccessDeniedException", "not authorized", FailureKind.Forbidden)]
    [InlineData("UnrecognizedClientException", "The security token included in the request is invalid.", FailureKind.Unauthorised)]
    [InlineData("InternalServerError", "Amazon Rekognition experienced a service issue", FailureKind.TargetFault)]
    public async Task An_error_is_told_in_the_words_of_the_port(string type, string message, FailureKind kind)
    {
        var first = true;
        await using var server = await FakeHttpServer.StartAsync(app => app.MapPost("/", () =>
        {
            var fails = !first;
            first = false;
            return fails
                ? Results.Json(new Dictionary<string, string> { ["__type"] = type, ["Message"] = message }, statusCode: 400)
                : Results.Json(new { FaceModelVersion = "7.0", FaceCount = 0 });
        }));
        await using var target = await RekognitionTarget.OpenAsync(server.Address, FakeRekognitionServer.Options, CancellationToken.None);
        var failure = (await target.SearchAsync(
            new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, TestContext.Current.CancellationToken)).Failure!;
        Assert.Equal((kind, message), (failure.Kind, failure.Detail));
    }

    [Theory]
    [InlineData("""{"FaceMatches":[{"Face":{"FaceId":"a"},"Similarity":1e999}]}""")]
    [InlineData("""{"FaceMatches":[{"Similarity":99}]}""")]
    [InlineData("""{"FaceMatches":[{"Face":{},"Similarity":99}]}""")]
    [InlineData("[[[")]
    public async Task A_list_that_cannot_be_used_is_a_broken_answer(string list)
    {
        await using var server = await FakeHttpServer.StartAsync(app => app.MapPost("/", (HttpRequest request) =>
            request.Headers["X-Amz-Target"] == "RekognitionService.SearchFacesByImage"
                ? Results.Text(list, "application/x-amz-json-1.1")
                : Results.Json(new { FaceModelVersion = "7.0" })));
        await using var target = await RekognitionTarget.OpenAsync(server.Address, FakeRekognitionServer.Options, CancellationToken.None);
        var exchange = await target.SearchAsync(
            new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, TestContext.Current.CancellationToken);
        Assert.Equal(FailureKind.BrokenAnswer, exchange.Failure?.Kind);
    }

    /// <summary>A list written by hand from the API reference's example of SearchFacesByImage.</summary>
    [Fact]
    public async Task A_list_as_the_reference_shows_it_is_read()
    {
        await using var server = await FakeHttpServer.StartAsync(app => app.MapPost("/", (HttpRequest request) =>
            request.Headers["X-Amz-Target"] == "RekognitionService.SearchFacesByImage"
                ? Results.Text(
                    """
                    {
                      "FaceMatches": [
                        { "Face": { "BoundingBox": { "Height": 0.06, "Left": 0.43, "Top": 0.35, "Width": 0.05 }, "Confidence": 99.9,
                                    "ExternalImageId": "anna", "FaceId": "38271d79-7bc2-5efb-b752-398a8d575b85", "ImageId": "d5" },
                          "Similarity": 99.9764175415039 },
                        { "Face": { "Confidence": 99.9, "FaceId": "f2489050-020e-5c14-8693-63339847a59d" }, "Similarity": 81.5 }
                      ],
                      "FaceModelVersion": "7.0", "SearchedFaceBoundingBox": { "Height": 0.09 }, "SearchedFaceConfidence": 99.8
                    }
                    """, "application/x-amz-json-1.1")
                : Results.Json(new { FaceModelVersion = "7.0" })));
        await using var target = await RekognitionTarget.OpenAsync(server.Address, FakeRekognitionServer.Options, CancellationToken.None);
        var list = (await target.SearchAsync(
            new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, TestContext.Current.CancellationToken)).Value!;
        Assert.Equal(
            [(1, "anna", 99.9764175415039), (2, "f2489050-020e-5c14-8693-63339847a59d", 81.5)],
            list.Candidates.Select(one => (one.Rank, one.Subject, one.Score!.Value)));
        Assert.Equal(("7.0", null, null), (list.Model, list.Disclaimer, list.SearchId));
    }
}
