using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A floor keeps out who is below it, and nobody else.</summary>
internal sealed class ScoreFloorCheck() : ConductCheck(
    "score-floor",
    "A list can be bounded by a score: nobody below it is listed, and whoever is above it stays.",
    "PIA-054, Similarity scores", Ability.Search, Ability.ScoreFloor, Ability.CandidateScore)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var probe = await FloorProbe.FindAsync(steps, session.NextPerson(), 3, 10, cancellationToken).ConfigureAwait(false);
        var floored = await steps.ListAsync(
            "the same with a floor", new SearchQuery(probe.Probe) { ScoreFloor = probe.Floor }, cancellationToken).ConfigureAwait(false);
        var below = floored.Candidates.Count(one => one.Score < probe.Floor);
        if (below > 0)
            return CheckOutcome.Fail($"{below} of {floored.Candidates.Count} candidates are below the floor of {probe.Floor:0.0000}");
        var missing = probe.Above.Count(one => floored.Candidates.All(other => other.Subject != one.Subject));
        return missing > 0
            ? CheckOutcome.Fail(
                $"{missing} of {probe.Above.Count} who score above {probe.Floor:0.0000} are missing from the list with that floor")
            : CheckOutcome.Pass(
                $"{floored.Candidates.Count} of {probe.Whole.Candidates.Count} candidates stay at a floor "
                    + $"of {probe.Floor:0.0000}, none of them below it");
    }
}
