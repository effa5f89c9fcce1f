using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MatchEngine.Client;

/// <summary>
/// The operations of the service's REST interface, generated from its OpenAPI document. <see cref="ServiceConnection"/> makes one with
/// address, key, trust and retries; a client over another <see cref="HttpClient"/> works as well.
/// </summary>
public partial class ServiceClient
{
    /// <summary>The header by which the service knows the repetition of a request that it has answered.</summary>
    public const string IdempotencyHeader = "Idempotency-Key";

    // Called once a logical call; the handlers that repeat it send the same request again, and with it the same key.
    [SuppressMessage("Performance", "CA1822", Justification = "The generated half declares it as a member of the instance.")]
    partial void PrepareRequest(HttpClient client, HttpRequestMessage request, StringBuilder urlBuilder)
    {
        if (request.Method == HttpMethod.Post)
            request.Headers.TryAddWithoutValidation(IdempotencyHeader, Guid.NewGuid().ToString());
    }

    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
