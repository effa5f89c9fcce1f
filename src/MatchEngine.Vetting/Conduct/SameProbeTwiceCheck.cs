using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>The same probe gives the same list.</summary>
internal sealed class SameProbeTwiceCheck() : ConductCheck(
    "same-probe-twice",
    "The same probe gives the same subjects in the same ranks, as long as the gallery is the same.", NoSource, Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var query = new SearchQuery(session.NextPerson().Person.Probe);
        var first = await steps.ListAsync("a probe", query, cancellationToken).ConfigureAwait(false);
        var again = await steps.ListAsync("the same probe again", query, cancellationToken).ConfigureAwait(false);
        var (a, b) = (Subjects(first), Subjects(again));
        return a.SequenceEqual(b)
            ? CheckOutcome.Pass($"{a.Count} candidates are the same in the same order")
            : CheckOutcome.Fail(
                $"{a.Count} and {b.Count} candidates, of which {a.Zip(b).Count(pair => pair.First == pair.Second)} are in the same place");
    }

    private static List<string> Subjects(SearchAnswer list) => [.. list.Candidates.Select(one => one.Subject)];
}
