using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Service.Pages;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>A browser without a script: cookies, forms with their hidden token, and answers as they come.</summary>
internal sealed partial class PageClient : IDisposable
{
    public const string Password = "correct horse battery";

    private readonly HttpClient _client;

    public PageClient(TestService service) => _client = new HttpClient(
        new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = service.Address };

    /// <summary>A new account of an organisation, signed in.</summary>
    public static async Task<PageClient> SignedInAsync(TestService service, string organisation, params string[] roles)
    {
        service.Get<IOrganisations>().Add(BookChange.None, organisation, organisation);
        var name = $"{string.Join('-', roles)}-{Guid.NewGuid():N}";
        service.Get<IAccounts>().Add(BookChange.None, name, organisation, roles, Password);
        var client = new PageClient(service);
        using var answer = await client.SendAsync("/sign-in", ("name", name), ("password", Password));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _client.GetAsync(path);

    public async Task<string> TextAsync(string path)
    {
        using var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>The token of a page's forms.</summary>
    public async Task<string> TokenAsync(string page = "/keys")
    {
        using var answer = await GetAsync(page);
        var found = Token().Match(await answer.Content.ReadAsStringAsync());
        Assert.True(found.Success, $"{page} has no form");
        return WebUtility.HtmlDecode(found.Groups[1].Value);
    }

    /// <summary>Sends a form as a page of ours would.</summary>
    public async Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] fields)
    {
        var token = await TokenAsync(path.StartsWith("/sign-in", StringComparison.Ordinal) ? "/sign-in" : "/keys");
        return await _client.PostAsync(path, new FormUrlEncodedContent(
            [new("token", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]));
    }

    /// <summary>Sends a form with files.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        string path, bool fragment, (string Name, byte[] Bytes, string File)[] files, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new StringContent(await TokenAsync()), "token" } };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        foreach (var (name, bytes, file) in files)
            form.Add(new ByteArrayContent(bytes), name, file);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        if (fragment)
            request.Headers.Add(WebPages.FragmentHeader, "1");
        return await _client.SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request);

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
