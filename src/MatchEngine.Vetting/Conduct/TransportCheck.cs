using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>What goes over a network is encrypted, to whom it is meant for.</summary>
internal sealed class TransportCheck() : ConductCheck(
    "transport",
    "The service is reached over TLS 1.2 or later, with a certificate that is trusted, in date and of its name.",
    "PIA-054, Safeguards before use; RFC 8996")
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(15);

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        if (session.Target.Address is not { } address)
            return CheckOutcome.NotTestable("it is not reached over a network");
        if (address.Scheme != Uri.UriSchemeHttps)
            return address.IsLoopback
                ? CheckOutcome.NotTestable("it is reached within this machine, without TLS")
                : CheckOutcome.Fail("it is reached over a network without TLS");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(Time);
        try
        {
            return Judge(await TlsHandshake.MakeAsync(address, session.Options, ended.Token).ConfigureAwait(false), session.Options.Time);
        }
        catch (System.Security.Authentication.AuthenticationException error)
        {
            return CheckOutcome.Fail($"no handshake of TLS 1.2 or later came about: {ToldText.Of(error.Message)}");
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or TargetOutOfReachException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return CheckOutcome.NotTestable($"no handshake was made: {ToldText.Of(error.Message)}");
        }
    }

    private static CheckOutcome Judge(TlsHandshake made, TimeProvider time)
    {
        var said = $"{made.Protocol}, {made.CipherSuite}, certificate of {ToldText.Of(made.Subject, 100)} until {made.NotAfter:yyyy-MM-dd}";
        if (made.Protocol is not (System.Security.Authentication.SslProtocols.Tls12 or System.Security.Authentication.SslProtocols.Tls13))
            return CheckOutcome.Fail(said);
        if (made.NotAfter < time.GetUtcNow())
            return CheckOutcome.Fail($"{said}: out of date");
        return made.Errors == System.Net.Security.SslPolicyErrors.None
            ? CheckOutcome.Pass(said)
            : CheckOutcome.Fail($"{said}: {made.Errors}");
    }
}
