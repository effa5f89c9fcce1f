using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MatchEngine.Service.Access;
using MatchEngine.Service.Rekognition;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rekognition;

/// <summary>An answer of the dialect.</summary>
internal sealed record Answered(int Status, JsonElement Body, HttpResponseMessage Message)
{
    public string? Type => Body.TryGetProperty("__type", out var type) ? type.GetString() : null;

    public string? Header(string name) => Message.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>
/// Sends signed requests, and such as are wrong in one place. That the signature itself is right, the vectors and AWS's own client say.
/// </summary>
/// <param name="client">Sends to the service; it is this one's from now on.</param>
/// <param name="authority">The service's host and port.</param>
/// <param name="time">The client's own clock.</param>
/// <param name="accessKeyId">The credential's id.</param>
/// <param name="secret">Its secret.</param>
internal sealed class SigningClient(HttpClient client, string authority, TimeProvider time, string accessKeyId, string secret) : IDisposable
{
    /// <summary>The client of a credential of a service of a test.</summary>
    public SigningClient(TestService service, string accessKeyId, string secret)
        : this(service.Client(null), service.Address.Authority, service.Get<WallClock>().Time, accessKeyId, secret)
    {
    }

    /// <summary>What each request says beside its operation.</summary>
    public Dictionary<string, string> Headers { get; } = new()
    {
        ["x-matchengine-case"] = "C-1", ["x-matchengine-basis"] = "18 USC 1956", ["x-matchengine-requester"] = "Agent Smith",
    };

    public string AccessKeyId => accessKeyId;

    /// <summary>The client of a new credential.</summary>
    /// <param name="service">The service.</param>
    /// <param name="keyed">A client with the key of the account.</param>
    /// <param name="wanted">What is asked for, beside the name.</param>
    public static async Task<SigningClient> OfAsync(TestService service, HttpClient keyed, object? wanted = null)
    {
        var made = await keyed.PostAsJsonAsync("/v1/signing-credentials", wanted ?? new { name = "for the test" }).Json(201);
        return new SigningClient(
            service, made.GetProperty("details").GetProperty("accessKeyId").GetString()!,
            made.GetProperty("secretAccessKey").GetString()!);
    }

    /// <summary>The client of a new account of an organisation.</summary>
    public static async Task<SigningClient> OfAsync(TestService service, string organisation, params string[] roles)
    {
        using var keyed = service.As(organisation, roles);
        return await OfAsync(service, keyed);
    }

    /// <summary>An operation that is answered.</summary>
    public async Task<JsonElement> CallAsync(string operation, object body)
    {
        var answer = await SendAsync(operation, body);
        Assert.True(answer.Status == 200, $"{operation}: {answer.Status} {answer.Body}");
        return answer.Body;
    }

    /// <summary>The type of the error of an operation that is refused.</summary>
    public async Task<string?> RefusedAsync(string operation, object body)
    {
        var answer = await SendAsync(operation, body);
        Assert.Equal(400, answer.Status);
        return answer.Type;
    }

    /// <summary>Sends a request.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="body">Its members.</param>
    /// <param name="change">Changes the signed request before it is sent.</param>
    /// <param name="sign">Changes the headers before they are signed.</param>
    public async Task<Answered> SendAsync(
        string operation, object body, Action<HttpRequestMessage>? change = null, Action<SortedDictionary<string, string>>? sign = null)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        var signed = time.GetUtcNow().ToString(SignatureV4.TimeFormat, CultureInfo.InvariantCulture);
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = authority, ["x-amz-date"] = signed, ["x-amz-target"] = "RekognitionService." + operation,
        };
        foreach (var (name, value) in Headers)
            headers[name] = value;
        sign?.Invoke(headers);
        signed = headers["x-amz-date"];
        var scope = new CredentialScope(signed[..8], "eu-central-1", "rekognition");
        var signature = SignatureV4.Sign(
            Encoding.ASCII.GetBytes(secret), scope, signed,
            SignatureV4.CanonicalRequest("POST", "/", [], [.. headers], SignatureV4.Hash(bytes)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", RekognitionProtocol.ContentType);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={accessKeyId}/{scope.Day}/{scope.Region}/{scope.Service}/aws4_request, "
                + $"SignedHeaders={string.Join(';', headers.Keys)}, Signature={signature}");
        change?.Invoke(request);
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answered((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response);
    }

    public void Dispose() => client.Dispose();
}
