using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A file that is much too long is bounded.</summary>
internal sealed class OversizedFileCheck() : ConductCheck(
    "oversized-file", "A file of many megabytes is refused or searched; the service goes on answering.", NoSource, Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var photo = session.NextPerson().Person.Probe;
        var bytes = session.Options.OversizedBytes;
        var exchange = await session.Target.SearchAsync(
            new SearchQuery(AlteredPhotos.Padded(photo, bytes)), CallTerms.Usual, cancellationToken).ConfigureAwait(false);
        // Whatever becomes of the connection, it is no call that nobody answered.
        session.Seen.NotePending(exchange);
        steps.Show($"a photo with a tail, {bytes >> 20} MiB", exchange);
        if (exchange.Failure is { Kind: FailureKind.TargetFault } failure)
            return CheckOutcome.Fail($"the service failed over it: {failure.Code ?? failure.Detail}");
        if (!await steps.StillAnswersAsync(photo, cancellationToken).ConfigureAwait(false))
            return CheckOutcome.Fail("a good photo was not answered afterwards");
        return exchange.Failure switch
        {
            null => CheckOutcome.Pass($"{bytes >> 20} MiB were searched"),
            { IsRefusal: true } refused => CheckOutcome.Pass($"{bytes >> 20} MiB were refused: {refused.Code ?? refused.Kind.ToString()}"),
            // A server may close the connection on who sends too much (RFC 9110, 15.5.14).
            { Kind: FailureKind.Unreachable } =>
                CheckOutcome.Pass($"the connection was closed on {bytes >> 20} MiB, and a good photo was answered afterwards"),
            var other => CheckOutcome.Fail($"{bytes >> 20} MiB were not answered: {other.Kind}"),
        };
    }
}
