namespace MatchEngine.Client.Tests;

public class RetriesTests
{
    private const string Gallery =
        """
        {"name":"people","owner":"o","model":"m","profile":"default","approved":true,"maySearch":true,"needsApproval":false,
         "retention":null,"subjects":0,"encounters":0,"templates":0,"created":"2026-01-01T00:00:00Z"}
        """;

    private const string Busy =
        """{"type":"urn:x","title":"t","status":503,"detail":"all workers are busy","code":"queue_full","requestId":"r"}""";

    private static ServiceConnection Connect(ScriptedService service, int retries = 3) => ServiceConnection.Open(
        service.Address, "me_key", new ServiceConnectionOptions { Retries = retries, RetryDelay = TimeSpan.FromMilliseconds(1) });

    private static ScriptedService.Answer Fails(int status, string? wait = null) =>
        new(status, Busy.Replace("503", $"{status}", StringComparison.Ordinal), wait, "application/problem+json");

    [Theory]
    [InlineData(429), InlineData(502), InlineData(503), InlineData(504)]
    public async Task A_reading_that_fails_for_the_moment_is_made_again(int status)
    {
        using var service = new ScriptedService(Fails(status), Fails(status), new(200, Gallery));
        using var connection = Connect(service);
        Assert.Equal("people", (await connection.Client.GetGalleryAsync("people", TestContext.Current.CancellationToken)).Name);
        Assert.Equal(3, service.Requests.Count);
        Assert.All(service.Requests, asked => Assert.Equal("Bearer me_key", asked.Authorization));
    }

    [Theory]
    [InlineData(400), InlineData(403), InlineData(404), InlineData(409), InlineData(422), InlineData(500)]
    public async Task What_would_fail_again_is_asked_once(int status)
    {
        using var service = new ScriptedService(Fails(status), new(200, Gallery));
        using var connection = Connect(service);
        var error = await Assert.ThrowsAnyAsync<ServiceException>(
            () => connection.Client.GetGalleryAsync("people", TestContext.Current.CancellationToken));
        Assert.Equal(status, error.StatusCode);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        using var service = new ScriptedService(Fails(503, "1"), new(200, Gallery));
        using var connection = Connect(service);
        await connection.Client.GetGalleryAsync("people", TestContext.Current.CancellationToken);
        var asked = service.Requests.ToArray();
        // Without it the second would come after a millisecond or two.
        Assert.True(asked[1].Time - asked[0].Time >= TimeSpan.FromMilliseconds(900), $"{asked[1].Time - asked[0].Time}");
    }

    [Fact]
    public async Task A_post_goes_again_under_the_same_key_and_another_call_has_another_one()
    {
        using var service = new ScriptedService(Fails(503), new(201, Gallery), new(201, Gallery));
        using var connection = Connect(service);
        await connection.Client.CreateGalleryAsync(new GalleryRequest { Name = "people" }, TestContext.Current.CancellationToken);
        await connection.Client.CreateGalleryAsync(new GalleryRequest { Name = "people" }, TestContext.Current.CancellationToken);
        var keys = service.Requests.Select(asked => asked.Key).ToArray();
        Assert.Equal(3, keys.Length);
        Assert.True(Guid.TryParse(keys[0], out _));
        Assert.Equal(keys[0], keys[1]);
        Assert.NotEqual(keys[0], keys[2]);
        Assert.Single(service.Requests.Select(asked => asked.Body).Distinct());
    }

    [Fact]
    public async Task What_changes_something_and_has_no_key_is_never_made_twice()
    {
        using var service = new ScriptedService(Fails(503), new(200, Gallery));
        using var connection = Connect(service);
        await Assert.ThrowsAnyAsync<ServiceException>(() => connection.Client.ChangeGalleryAsync(
            "people", new GalleryChange { Profile = "vendor" }, TestContext.Current.CancellationToken));
        Assert.Equal("PATCH", Assert.Single(service.Requests).Method);
        Assert.Null(service.Requests.Single().Key);
    }

    [Theory]
    [InlineData("GET", false, true), InlineData("HEAD", false, true), InlineData("PUT", false, true), InlineData("DELETE", false, true)]
    [InlineData("POST", false, false), InlineData("POST", true, true), InlineData("PATCH", false, false)]
    public void By_method_and_key(string method, bool hasKey, bool expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://localhost");
        if (hasKey)
            request.Headers.Add(ServiceClient.IdempotencyHeader, "k");
        Assert.Equal(expected, Retries.IsRepeatable(request));
    }

    [Fact]
    public async Task After_the_last_repetition_the_service_s_own_words_are_told()
    {
        using var service = new ScriptedService(Fails(503), Fails(503), Fails(503));
        using var connection = Connect(service, retries: 2);
        var error = await Assert.ThrowsAsync<ServiceException<ProblemResponse>>(() => connection.Client.SearchAsync(
            new SearchRequest { Image = [1] }, TestContext.Current.CancellationToken));
        Assert.Equal(("queue_full", "all workers are busy"), (error.Result.Code, error.Result.Detail));
        Assert.Equal(3, service.Requests.Count);
    }

    [Fact]
    public async Task None_are_made_where_none_are_wanted()
    {
        using var service = new ScriptedService(Fails(503));
        using var connection = Connect(service, retries: 0);
        await Assert.ThrowsAnyAsync<ServiceException>(
            () => connection.Client.GetGalleryAsync("people", TestContext.Current.CancellationToken));
        Assert.Single(service.Requests);
    }
}
