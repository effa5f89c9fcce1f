using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Nobody searches without saying why.</summary>
internal sealed class PurposeCheck() : ConductCheck(
    "purpose-demanded", "A search that names no case, no legal basis and nobody who asks for it is refused.", "PIA-054, Submission",
    Ability.Search, Ability.Purpose)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var query = new SearchQuery(session.NextPerson().Person.Probe);
        await steps.ListAsync("a search with a purpose", query, cancellationToken).ConfigureAwait(false);
        var without = await steps.SearchAsync("the same without one", query with { Purpose = null }, cancellationToken)
            .ConfigureAwait(false);
        return without.Failure switch
        {
            null => CheckOutcome.Fail("a search without a purpose was answered like one with it"),
            { IsRefusal: true } refused => CheckOutcome.Pass($"it was refused: {refused.Code ?? refused.Kind.ToString()}"),
            var other => CheckOutcome.NotTestable($"it was not answered: {other.Kind}"),
        };
    }
}
