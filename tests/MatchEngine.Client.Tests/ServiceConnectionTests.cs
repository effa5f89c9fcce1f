namespace MatchEngine.Client.Tests;

public class ServiceConnectionTests
{
    [Theory]
    [InlineData("/relative"), InlineData("ftp://localhost/"), InlineData("file:///etc/passwd")]
    public void An_address_of_another_kind_is_refused(string address) => Assert.Throws<ArgumentException>(
        () => ServiceConnection.Open(new Uri(address, UriKind.RelativeOrAbsolute), "me_key"));

    [Theory]
    [InlineData(""), InlineData(" ")]
    public void A_key_is_needed(string key) =>
        Assert.Throws<ArgumentException>(() => ServiceConnection.Open(new Uri("https://localhost"), key));

    [Fact]
    public async Task What_is_not_said_is_not_sent()
    {
        using var service = new ScriptedService(new ScriptedService.Answer(500));
        using var connection = ServiceConnection.Open(service.Address, "me_key");
        await Assert.ThrowsAnyAsync<ServiceException>(() => connection.Client.SearchAsync(
            new SearchRequest { Image = [1, 2, 3], Galleries = ["people"] }, TestContext.Current.CancellationToken));
        Assert.Equal(
            """{"galleries":["people"],"image":"AQID"}""",
            service.Requests.Single().Body.Replace("\"includeOwnSubject\":false,", "", StringComparison.Ordinal)
                .Replace("\"examine\":false,", "", StringComparison.Ordinal));
    }

    /// <summary>Elsewhere is where the key must not go.</summary>
    [Fact]
    public async Task A_service_that_sends_elsewhere_is_not_followed()
    {
        using var elsewhere = new ScriptedService(new ScriptedService.Answer(200));
        using var service = new ScriptedService(new ScriptedService.Answer(307, Location: elsewhere.Address.ToString()));
        using var connection = ServiceConnection.Open(service.Address, "me_key");
        await Assert.ThrowsAnyAsync<ServiceException>(
            () => connection.Client.GetGalleryAsync("people", TestContext.Current.CancellationToken));
        Assert.Empty(elsewhere.Requests);
    }
}
