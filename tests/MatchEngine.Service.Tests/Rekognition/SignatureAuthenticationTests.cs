using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Rekognition;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rekognition;

/// <summary>Who gets in by a signature, and by what else nobody does.</summary>
public class SignatureAuthenticationTests(TestService service) : IClassFixture<TestService>
{
    private static readonly object Nothing = new { };

    [Fact]
    public async Task What_was_changed_after_it_was_signed_is_refused()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        await client.CallAsync("ListCollections", Nothing);
        foreach (var (change, type) in ((Action<HttpRequestMessage>, string)[])
        [
            (request => request.Content = Json("{ }"), "InvalidSignatureException"),
            (request => Replace(request, "x-amz-target", "RekognitionService.DeleteCollection"), "InvalidSignatureException"),
            (request => Replace(request, "x-matchengine-case", "C-2"), "InvalidSignatureException"),
            (request => request.Headers.Host = $"localhost:{service.Address.Port}", "InvalidSignatureException"),
            (request => Replace(request, "Authorization", Other(request.Headers.GetValues("Authorization").Single())),
                "InvalidSignatureException"),
            (request => request.Headers.Remove("x-matchengine-case"), "IncompleteSignatureException"),
            (request => request.Headers.Remove("Authorization"), "MissingAuthenticationTokenException"),
            (request => Replace(request, "Authorization", "Bearer " + service.FirstKey), "IncompleteSignatureException"),
            (request => request.RequestUri = new Uri("/?X-Amz-Signature=0", UriKind.Relative), "IncompleteSignatureException"),
            (request => request.RequestUri = new Uri("/?a=b", UriKind.Relative), "InvalidSignatureException"),
            (request => Replace(
                request, "Authorization",
                request.Headers.GetValues("Authorization").Single()
                    .Replace(client.AccessKeyId, "MEKAAAAAAAAAAAAAAAAA", StringComparison.Ordinal)),
                "UnrecognizedClientException"),
        ])
        {
            var answer = await client.SendAsync("ListCollections", Nothing, change);
            Assert.Equal((400, type), (answer.Status, answer.Type));
            Assert.Equal(type, answer.Header("x-amzn-ErrorType"));
            Assert.NotNull(answer.Header("x-amzn-RequestId"));
        }
    }

    [Fact]
    public async Task A_hash_that_is_said_of_the_body_has_to_be_its_hash_though_it_is_signed()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        var right = SignatureV4.Hash("{}"u8);
        Assert.Equal(
            200, (await client.SendAsync("ListCollections", Nothing, sign: headers => headers["x-amz-content-sha256"] = right)).Status);
        foreach (var wrong in (string[])[SignatureV4.Hash("{ }"u8), "UNSIGNED-PAYLOAD"])
            Assert.Equal(
                "InvalidSignatureException",
                (await client.SendAsync("ListCollections", Nothing, sign: headers => headers["x-amz-content-sha256"] = wrong)).Type);
    }

    [Fact]
    public async Task Host_time_and_operation_have_to_be_signed()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        foreach (var header in (string[])["host", "x-amz-target"])
            Assert.Equal(
                "IncompleteSignatureException",
                (await client.SendAsync("ListCollections", Nothing, sign: headers => headers.Remove(header))).Type);
    }

    /// <summary>What a request says of its purpose is signed, or is nobody's.</summary>
    [Theory]
    [InlineData("x-matchengine-basis")]
    [InlineData("X-MatchEngine-Case")]
    [InlineData("x-matchengine-approval")]
    public async Task Nobody_on_the_way_adds_a_purpose_or_an_approval(string header)
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        client.Headers.Clear();
        Assert.Equal(200, (await client.SendAsync("ListCollections", Nothing)).Status);
        var added = await client.SendAsync(
            "ListCollections", Nothing, change: request => request.Headers.TryAddWithoutValidation(header, "EVIL-1"));
        Assert.Equal((400, "IncompleteSignatureException"), (added.Status, added.Type));
    }

    [Fact]
    public async Task A_signature_is_good_for_five_minutes_either_way_and_a_credential_for_its_days()
    {
        var clock = new MovableClock();
        await using var moving = new ClockedService(clock);
        await moving.InitializeAsync();
        using var admin = moving.Admin();
        using var client = await SigningClient.OfAsync(moving, admin, new { name = "short", expiresInDays = 2 });
        foreach (var (minutes, type) in new[]
        {
            (-4.9, null), (4.9, null), (-5.1, "InvalidSignatureException"), (5.1, "InvalidSignatureException"),
        })
        {
            var time = clock.GetUtcNow().AddMinutes(minutes).ToString(SignatureV4.TimeFormat, CultureInfo.InvariantCulture);
            Assert.Equal(type, (await client.SendAsync("ListCollections", Nothing, sign: headers => headers["x-amz-date"] = time)).Type);
        }
        clock.Advance(TimeSpan.FromDays(1.9));
        await client.CallAsync("ListCollections", Nothing);
        clock.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal("UnrecognizedClientException", await client.RefusedAsync("ListCollections", Nothing));
    }

    [Fact]
    public async Task A_credential_is_listed_without_its_secret_and_works_until_it_is_revoked()
    {
        using var admin = service.Admin();
        var made = await admin.PostAsJsonAsync("/v1/signing-credentials", new { name = "listed" }).Json(201);
        var (id, secret) = (
            made.GetProperty("details").GetProperty("accessKeyId").GetString()!, made.GetProperty("secretAccessKey").GetString()!);
        using var client = new SigningClient(service, id, secret);
        await client.CallAsync("ListCollections", Nothing);
        var listed = await admin.GetAsync("/v1/signing-credentials").Json();
        Assert.DoesNotContain(secret, listed.GetRawText());
        Assert.NotEqual("null", listed.EnumerateArray().Single(one => one.GetProperty("accessKeyId").GetString() == id)
            .GetProperty("lastUsed").GetRawText());
        Assert.False(FolderBytes.Contain(service.Data, Encoding.UTF8.GetBytes(secret)));
        Assert.DoesNotContain(secret, service.Log.Text);
        await admin.DeleteAsync($"/v1/signing-credentials/{id}").Json(204);
        Assert.Equal("UnrecognizedClientException", await client.RefusedAsync("ListCollections", Nothing));
        await admin.DeleteAsync($"/v1/signing-credentials/{id}").Code(404);
    }

    [Fact]
    public async Task A_credential_does_no_more_than_the_key_that_made_it_and_ends_with_it_and_with_the_account()
    {
        var (account, key) = service.KeyOf("local", Role.Agent, Role.GalleryOwner);
        using var owner = service.Client(key);
        var narrow = await owner.PostAsJsonAsync("/v1/keys", new { name = "narrow", scopes = new[] { Role.Agent } }).Json(201);
        using var keyed = service.Client(narrow.GetProperty("key").GetString());
        await keyed.PostAsJsonAsync("/v1/signing-credentials", new { name = "more", scopes = new[] { Role.GalleryOwner } }).Code(403);
        using var client = await SigningClient.OfAsync(service, keyed);
        await client.CallAsync("ListCollections", Nothing);
        Assert.Equal("AccessDeniedException", await client.RefusedAsync("ListFaces", new { CollectionId = "g" }));
        await owner.DeleteAsync($"/v1/keys/{narrow.GetProperty("details").GetProperty("id").GetString()}").Json(204);
        Assert.Equal("UnrecognizedClientException", await client.RefusedAsync("ListCollections", Nothing));

        using var other = await SigningClient.OfAsync(service, owner);
        await other.CallAsync("ListCollections", Nothing);
        using var admin = service.Admin();
        await admin.PatchAsJsonAsync($"/v1/accounts/{account}", new { disabled = true }).Json();
        Assert.Equal("UnrecognizedClientException", await other.RefusedAsync("ListCollections", Nothing));
    }

    [Fact]
    public async Task Others_credentials_are_neither_listed_nor_revoked_but_by_who_keeps_the_account()
    {
        using var agent = service.As("makers", Role.Agent);
        var id = (await agent.PostAsJsonAsync("/v1/signing-credentials", new { name = "own" }).Json(201))
            .GetProperty("details").GetProperty("accessKeyId").GetString();
        foreach (var (organisation, role, keeps) in new[]
        {
            ("makers", Role.Agent, false), ("others", Role.Administrator, false), ("makers", Role.Administrator, true),
        })
        {
            using var client = service.As(organisation, role);
            Assert.Equal(
                keeps, (await client.GetAsync("/v1/signing-credentials").Json()).GetRawText().Contains(id!, StringComparison.Ordinal));
            if (keeps)
                await client.DeleteAsync($"/v1/signing-credentials/{id}").Json(204);
            else
                await client.DeleteAsync($"/v1/signing-credentials/{id}").Code(404);
        }
    }

    [Fact]
    public async Task A_signature_opens_the_dialect_alone()
    {
        using var admin = service.Admin();
        using var client = await SigningClient.OfAsync(service, admin);
        var answer = await client.SendAsync("ListCollections", Nothing, request =>
        {
            request.Method = HttpMethod.Get;
            request.Content = null;
            request.RequestUri = new Uri("/v1/galleries", UriKind.Relative);
        });
        Assert.Equal(401, answer.Status);
    }

    /// <summary>The same text with another last digit.</summary>
    private static string Other(string signed) => signed[..^1] + (signed[^1] == '0' ? '1' : '0');

    private static StringContent Json(string text) => new(text, Encoding.UTF8, RekognitionProtocol.ContentType);

    private static void Replace(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
