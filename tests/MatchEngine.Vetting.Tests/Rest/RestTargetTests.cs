using MatchEngine.Vetting.Rest;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using MatchEngine.Vetting.Tests.Targets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Vetting.Tests.Rest;

public sealed class RestTargetContractTests : TargetContract
{
    internal override Task<ISystemUnderTest> OpenAsync(FakeService service) => RestTargetTests.OpenAsync(service);
}

public class RestTargetTests
{
    internal static async Task<ISystemUnderTest> OpenAsync(FakeService service)
    {
        var server = await FakeRestServer.StartAsync(service);
        return new WithServer(await RestTarget.OpenAsync(server.Address, FakeHttpServer.Options, CancellationToken.None), server);
    }

    [Fact]
    public async Task A_gallery_that_is_not_there_is_made()
    {
        var made = 0;
        await using var server = await FakeHttpServer.StartAsync(app =>
        {
            app.MapGet("/v1/galleries/vetting", () => made > 0
                ? Results.Json(new { name = "vetting", owner = "o", model = "m", profile = "default" })
                : Results.Json(
                    new { code = "gallery_not_found", detail = "no", status = 404 },
                    contentType: "application/problem+json", statusCode: 404));
            app.MapPost("/v1/galleries", () =>
            {
                made++;
                return Results.Json(new { name = "vetting", owner = "o", model = "m", profile = "default" }, statusCode: 201);
            });
        });
        await using var target = await RestTarget.OpenAsync(server.Address, FakeHttpServer.Options, CancellationToken.None);
        Assert.Equal(1, made);
        Assert.Equal("m", (await target.IdentifyAsync(CallTerms.Usual, CancellationToken.None)).Value?.Model);
    }

    [Fact]
    public async Task A_service_that_refuses_the_gallery_cannot_be_used()
    {
        await using var server = await FakeHttpServer.StartAsync(app => app.MapGet("/v1/galleries/vetting", () => Results.Json(
            new { code = "forbidden", detail = "not for this account", status = 403 },
            contentType: "application/problem+json", statusCode: 403)));
        var error = await Assert.ThrowsAsync<TargetUnusableException>(() =>
            RestTarget.OpenAsync(server.Address, FakeHttpServer.Options, CancellationToken.None));
        Assert.Contains("not for this account", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_asked() => await Assert.ThrowsAsync<TargetUnusableException>(() =>
        RestTarget.OpenAsync(new Uri("http://127.0.0.1:9"), new TargetOptions(), CancellationToken.None));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"candidates\":null}")]
    [InlineData("{\"candidates\":[null]}")]
    [InlineData("{\"candidates\":[{\"rank\":1}]}")]
    [InlineData("{\"candidates\":[{\"rank\":1,\"subjectId\":\"a\",\"score\":1e999}]}")]
    [InlineData("{\"candidates\":[{\"rank\":1,\"subjectId\":\"a\",\"score\":\"high\"}]}")]
    public async Task A_list_that_breaks_its_own_description_is_a_broken_answer(string list)
    {
        var exchange = await AnsweredAsync(list);
        Assert.Equal((FailureKind.BrokenAnswer, 200), (exchange.Failure?.Kind, exchange.Received!.Status));
    }

    [Fact]
    public async Task What_is_missing_beside_the_candidates_is_just_missing()
    {
        var exchange = await AnsweredAsync(
            """
            {"candidates":[{"rank":1,"subjectId":"a","biographics":null}],"notices":[null],"disclaimer":null,"strangersExpected":null}
            """);
        Assert.True(exchange.Answered(out var answer), exchange.Failure?.Detail);
        Assert.Equal((1, "a", null), (answer.Candidates[0].Rank, answer.Candidates[0].Subject, answer.Candidates[0].Score));
        Assert.Empty(answer.Notices);
        Assert.Null(answer.StrangersExpected);
    }

    private static async Task<Exchange<SearchAnswer>> AnsweredAsync(string list)
    {
        await using var server = await FakeHttpServer.StartAsync(app =>
        {
            app.MapGet(
                "/v1/galleries/vetting", () => Results.Json(new { name = "vetting", owner = "o", model = "m", profile = "default" }));
            app.MapPost("/v1/searches", () => Results.Text(list, "application/json"));
        });
        await using var target = await RestTarget.OpenAsync(server.Address, FakeHttpServer.Options, CancellationToken.None);
        return await target.SearchAsync(new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, CancellationToken.None);
    }

    [Fact]
    public async Task A_gallery_without_a_model_cannot_be_used()
    {
        await using var server = await FakeHttpServer.StartAsync(app => app.MapGet("/v1/galleries/vetting", () => Results.Json(new { })));
        await Assert.ThrowsAsync<TargetUnusableException>(() =>
            RestTarget.OpenAsync(server.Address, FakeHttpServer.Options, CancellationToken.None));
    }

    [Fact]
    public async Task A_percentage_is_told_as_the_cosine_that_it_is()
    {
        await using var server = await FakeHttpServer.StartAsync(app =>
        {
            app.MapGet("/v1/galleries/vetting", () => Results.Json(new { name = "vetting", owner = "o", model = "m", profile = "vendor" }));
            app.MapPost("/v1/searches", () => Results.Json(new
            {
                searchId = "1",
                candidates = new[] { new { rank = 1, subjectId = "a", scorePercent = 87.5, biographics = new { name = "A" } } },
            }));
        });
        await using var target = await RestTarget.OpenAsync(server.Address, FakeHttpServer.Options, CancellationToken.None);
        var list = await target.SearchAsync(new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, CancellationToken.None);
        Assert.True(list.Answered(out var answer), list.Failure?.Detail);
        Assert.Equal(0.75, answer.Candidates[0].Score);
        Assert.Equal(["name"], answer.Candidates[0].Biographics);
        Assert.Null(answer.Disclaimer);
    }
}
