using System.Text.Json;

namespace MatchEngine.Client.Tests;

public class PagingTests
{
    private static string Page(string? next, params string[] subjects) => JsonSerializer.Serialize(new
    {
        subjects = subjects.Select(id => new { id, biographics = new { }, encounters = Array.Empty<string>(), provider = (string?)null }),
        next,
    });

    [Fact]
    public async Task Pages_are_read_to_the_last_one()
    {
        using var service = new ScriptedService(new(200, Page("b", "a", "b")), new(200, Page("c", "c")), new(200, Page(null)));
        using var connection = ServiceConnection.Open(service.Address, "me_key");
        var found = new List<string>();
        await foreach (var subject in connection.Client.AllSubjectsAsync("people", TestContext.Current.CancellationToken))
            found.Add(subject.Id);
        Assert.Equal(["a", "b", "c"], found);
        Assert.Equal(
            ["/v1/galleries/people/subjects", "/v1/galleries/people/subjects?after=b", "/v1/galleries/people/subjects?after=c"],
            service.Requests.Select(asked => asked.Path));
    }

    [Fact]
    public async Task Numbers_are_places_too()
    {
        const string Event =
            """
            {"sequence":7,"time":"2026-01-01T00:00:00Z","kind":"search","actor":"a","organisation":null,"payload":{},"expires":null,
             "previousHash":"p","hash":"h"}
            """;
        using var service = new ScriptedService(
            new(200, $$"""{"events":[{{Event}}],"next":7}"""), new(200, """{"events":[],"next":null}"""));
        using var connection = ServiceConnection.Open(service.Address, "me_key");
        var found = new List<long>();
        await foreach (var written in connection.Client.AllAuditAsync(cancellationToken: TestContext.Current.CancellationToken))
            found.Add(written.Sequence);
        Assert.Equal([7], found);
        Assert.Equal(["/v1/audit", "/v1/audit?after=7"], service.Requests.Select(asked => asked.Path));
    }

    [Fact]
    public async Task Who_stops_reading_asks_for_no_further_page()
    {
        using var service = new ScriptedService(new(200, Page("b", "a", "b")), new(200, Page(null)));
        using var connection = ServiceConnection.Open(service.Address, "me_key");
        await foreach (var _ in connection.Client.AllSubjectsAsync("people", TestContext.Current.CancellationToken))
            break;
        Assert.Single(service.Requests);
    }
}
