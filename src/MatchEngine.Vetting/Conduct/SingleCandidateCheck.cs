using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>No list has one name.</summary>
internal sealed class SingleCandidateCheck() : ConductCheck(
    "no-single-candidate",
    "A 1:many search never answers with one candidate alone, even where one alone is above the floor.",
    "PIA-054, Return", Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        if (!session.Options.ForbidsSingleCandidate)
            return CheckOutcome.NotTestable("the terms of this examination do not forbid it");
        var tempted = await TemptAsync(session, steps, cancellationToken).ConfigureAwait(false);
        var lists = session.Seen.Lists;
        var alone = lists.Where(list => list.Answer.Candidates.Count == 1).ToList();
        foreach (var list in alone.Take(4))
            steps.Show(list.What, list.Exchange);
        if (alone.Count > 0)
            return CheckOutcome.Fail($"{alone.Count} of {lists.Count} lists have one candidate");
        return lists.Count == 0
            ? CheckOutcome.NotTestable("no list was given")
            : CheckOutcome.Pass($"none of {lists.Count} lists has one candidate{(tempted ? ", nor one whose floor left one alone" : "")}");
    }

    // A floor between the first and the second.
    private static async Task<bool> TemptAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        if (!session.Target.Abilities.Has(Ability.ScoreFloor) || !session.Target.Abilities.Has(Ability.CandidateScore))
            return false;
        try
        {
            var probe = await FloorProbe.FindAsync(steps, session.NextPerson(), 1, 1, cancellationToken).ConfigureAwait(false);
            var list = await steps.SearchAsync(
                "a floor that leaves one", new SearchQuery(probe.Probe) { ScoreFloor = probe.Floor },
                cancellationToken).ConfigureAwait(false);
            return list.Failure is null;
        }
        catch (CheckAbandonedException)
        {
            return false;
        }
    }
}
