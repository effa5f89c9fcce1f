using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

public class QueryNamesTests(TestService service) : IClassFixture<TestService>
{
    [Theory]
    [InlineData("/v1/audit?top=5", "'top' is not known here; did you mean count; known are kind, actor, ")]
    [InlineData("/v1/audit?untill=2026-01-01T00:00:00Z", "'untill' is not known here; did you mean until; known are ")]
    [InlineData("/v1/audit?count=many", "'count' is a whole number; 'many' stands there")]
    [InlineData("/v1/audit?after=1.5", "'after' is a whole number; '1.5' stands there")]
    [InlineData("/v1/audit?since=yesterday", "'since' is a time such as 2026-01-31T09:30:00Z; 'yesterday' stands there")]
    [InlineData("/v1/audit?newestFirst=yes", "'newestFirst' is true or false; 'yes' stands there")]
    [InlineData("/v1/audit?count=1&count=2", "'count' stands 2 times in the query; one is taken")]
    [InlineData("/v1/session?key=1", "'key' is not known here; nothing is taken here")]
    [InlineData("/v1/galleries/none?gallery=other", "'gallery' is not known here; nothing is taken here")]
    [InlineData("/v1/approvals?state=pendng", "'state': 'pendng' is not known here; did you mean pending; known are ")]
    public async Task What_is_not_known_in_a_query_is_refused_with_what_is(string address, string expected)
    {
        using var admin = service.As("asking", Role.ServiceAuditor, Role.Administrator, Role.Supervisor);
        var problem = await admin.GetAsync(address).Json(400);
        Assert.Equal("bad_value", problem.GetProperty("code").GetString());
        Assert.StartsWith(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_known_is_taken_in_any_case_of_letters()
    {
        using var admin = service.As("asking", Role.ServiceAuditor, Role.Administrator, Role.Supervisor);
        var page = await admin.GetAsync("/v1/audit?Count=1&newestFirst=true&since=2020-01-01").Json();
        Assert.Equal(1, page.GetProperty("events").GetArrayLength());
    }

    /// <summary>Pages keep what a link of somebody's brings along, such as a campaign's tag.</summary>
    [Fact]
    public async Task Pages_and_health_are_not_asked()
    {
        using var client = service.Client(null);
        foreach (var address in (string[])["/health?x=1", "/sign-in?x=1"])
            Assert.Equal(200, (int)(await client.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
    }
}
