using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A probe of two people is not taken for one silently.</summary>
internal sealed class SeveralFacesCheck() : ConductCheck(
    "several-faces",
    "A probe is a photo of one face: one of two people is refused, or the answer says what was done about it.",
    "PIA-054, Collection of probe photos", Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var (left, right) = (session.NextPerson().Person.Probe, session.NextPerson().Person.Probe);
        var exchange = await steps.SearchAsync(
            "two people beside each other", new SearchQuery(AlteredPhotos.SideBySide(left, right)),
            cancellationToken).ConfigureAwait(false);
        return exchange.Answered(out var list) && list.Notices.Count > 0
            ? CheckOutcome.Pass($"it was answered with a notice: {list.Notices[0]}")
            : Unfit.Judge(exchange);
    }
}
