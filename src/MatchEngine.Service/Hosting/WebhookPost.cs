using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using MatchEngine.Frs.Webhooks;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// Sends webhooks. A connection is made to an address that was looked at, and to no other one: a name that leads elsewhere a moment later
/// leads nowhere. No redirection is followed, no proxy asked, no cookie kept, and of an answer nothing but its head is read.
/// </summary>
internal sealed class WebhookPost : IWebhookPost, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;

    /// <summary>Makes one that asks the system for the addresses of a name.</summary>
    public WebhookPost() : this(Dns.GetHostAddressesAsync)
    {
    }

    internal WebhookPost(Func<string, CancellationToken, Task<IPAddress[]>> resolve) =>
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16,
            // A connection that is kept would be of an address that was looked at long ago.
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = Patience,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(
                context.InitialRequestMessage.RequestUri!, context.DnsEndPoint, resolve, cancellationToken),
        }) { Timeout = Patience };

    /// <inheritdoc/>
    public async Task<WebhookOutcome> SendAsync(
        Uri url, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new WebhookOutcome((int)answer.StatusCode, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookOutcome(null, "timeout");
        }
        catch (HttpRequestException e)
        {
            return new WebhookOutcome(null, e.InnerException is RefusedTargetException ? "refused-target" : "unreachable");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async ValueTask<Stream> ConnectAsync(
        Uri url, DnsEndPoint named, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        var addresses = await resolve(named.Host, cancellationToken);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, address => WebhookTargets.Admits(url, address)))
            throw new RefusedTargetException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, named.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The name leads where a webhook may not lead.</summary>
    private sealed class RefusedTargetException() : IOException("the name leads where no webhook may lead");
}
