using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Half a file breaks nothing.</summary>
internal sealed class TruncatedPhotoCheck() : ConductCheck(
    "truncated-photo", "A photo that was cut off is refused or searched; the service does not fail over it.", NoSource, Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var photo = session.NextPerson().Person.Probe;
        var exchange = await steps.SearchAsync(
            "half of a photo's file", new SearchQuery(AlteredPhotos.Truncated(photo)), cancellationToken).ConfigureAwait(false);
        if (exchange.Failure is { IsRefusal: false } failure)
            return failure.Kind == FailureKind.TargetFault
                ? CheckOutcome.Fail($"the service failed over it: {failure.Code ?? failure.Detail}")
                : CheckOutcome.NotTestable($"it was not answered: {failure.Kind}");
        return await steps.StillAnswersAsync(photo, cancellationToken).ConfigureAwait(false)
            ? CheckOutcome.Pass(exchange.Failure is null
                ? "it was searched"
                : $"it was refused: {exchange.Failure.Code ?? exchange.Failure.Kind.ToString()}")
            : CheckOutcome.Fail("a good photo was not answered afterwards");
    }
}
