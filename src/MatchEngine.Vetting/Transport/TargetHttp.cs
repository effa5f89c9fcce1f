using System.Net.Sockets;
using System.Text.Json;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>
/// The way to a target over HTTP: connections to machines in reach alone, answers bounded in size and time, every call recorded. It
/// follows no redirect, uses no proxy, keeps no cookie, unpacks nothing, and repeats nothing.
/// </summary>
internal sealed class TargetHttp : IDisposable
{
    private readonly TargetOptions _options;

    /// <summary>Makes the way; nothing is sent yet.</summary>
    /// <param name="address">The service's address.</param>
    /// <param name="options">Reach, trust, bounds.</param>
    /// <param name="credential">What puts a credential into a request; it runs before the request is recorded.</param>
    /// <exception cref="ArgumentException">The address is not one of HTTP.</exception>
    /// <exception cref="TargetUnusableException">The certificate cannot be read.</exception>
    public TargetHttp(Uri address, TargetOptions options, Action<HttpRequestMessage, string>? credential = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
            || address.UserInfo.Length > 0)
            throw new ArgumentException(
                "a service has an address such as https://localhost:8443, without user and password", nameof(address));
        (_options, Address) = (options, new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + '/'));
        Client = new HttpClient(
            new CredentialHandler(new Recorder(Sockets(options), options.MaxAnswerBytes), options.Credentials, credential))
        {
            BaseAddress = Address, Timeout = options.Timeout,
        };
    }

    /// <summary>The service's address, which ends in a slash.</summary>
    public Uri Address { get; }

    /// <summary>Sends, for the caller of the call that is being made.</summary>
    public HttpClient Client { get; }

    /// <summary>Makes a call and says what became of it.</summary>
    /// <param name="terms">Who asks, and when it was meant to be asked.</param>
    /// <param name="ask">Asks and reads the answer; what it throws for one that cannot be used is a <see cref="TargetAnswerException"/>
    /// or a <see cref="JsonException"/>.</param>
    /// <param name="refused">What an exception of the adapter's own says of a refusal; null for another one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Exchange<T>> CallAsync<T>(
        CallTerms terms, Func<CancellationToken, Task<T>> ask, Func<Exception, TargetFailure?>? refused,
        CancellationToken cancellationToken)
        where T : class
    {
        // Seen by what sends for this call, and by nobody beside it.
        var recording = Recording.Current = new Recording(terms.Caller);
        var running = RunningCall.Start(_options.Time, terms);
        try
        {
            var value = await ask(cancellationToken).ConfigureAwait(false);
            return new Exchange<T>(recording.Sent, recording.Received, running.End(), value);
        }
        catch (Exception error) when (Failure(error, refused, cancellationToken) is { } failure)
        {
            return new Exchange<T>(recording.Sent, recording.Received, running.End(), failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    private static TargetFailure? Failure(Exception error, Func<Exception, TargetFailure?>? refused, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested && error is OperationCanceledException)
            return null;
        if (refused?.Invoke(error) is { } told)
            return told;
        return Causes(error).Select(Known).FirstOrDefault(failure => failure is not null);
    }

    private static TargetFailure? Known(Exception error) => error switch
    {
        TargetAnswerException answer => answer.Failure,
        AnswerTooLargeException => new TargetFailure(FailureKind.AnswerTooLarge, null, error.Message),
        TargetOutOfReachException => new TargetFailure(FailureKind.Unreachable, "out_of_reach", error.Message),
        OperationCanceledException => new TargetFailure(FailureKind.TimedOut, null, "no whole answer came within the time"),
        JsonException => new TargetFailure(FailureKind.BrokenAnswer, null, ToldText.Of(error.Message)),
        HttpRequestException or SocketException or IOException =>
            new TargetFailure(FailureKind.Unreachable, null, ToldText.Of(error.Message)),
        _ => null,
    };

    // The innermost says it best, where it is known: a client wraps what the connection said.
    private static IEnumerable<Exception> Causes(Exception error)
    {
        var chain = new List<Exception>();
        for (var cause = error; cause is not null; cause = cause.InnerException)
            chain.Add(cause);
        return chain.Any(one => one is TargetAnswerException or AnswerTooLargeException or TargetOutOfReachException)
            ? Enumerable.Reverse(chain)
            : chain;
    }

    private static SocketsHttpHandler Sockets(TargetOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = (context, token) => ConnectAsync(options.Reach, context, token),
        };
        if (options.TrustedCertificateFile is { } file)
            handler.SslOptions.CertificateChainPolicy = TrustedCertificate.Policy(file);
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(
        Reach reach, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await reach.ResolveAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
