using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A list that is bounded both ways keeps both bounds.</summary>
internal sealed class LengthAndFloorCheck() : ConductCheck(
    "length-and-floor",
    "A list can be bounded by length and score at once, such as the twenty highest unless they score below a floor.",
    "PIA-054, Similarity scores", Ability.Search, Ability.ScoreFloor, Ability.ListLength, Ability.CandidateScore)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var probe = await FloorProbe.FindAsync(steps, session.NextPerson(), 3, 10, cancellationToken).ConfigureAwait(false);
        // Once the length cuts, once the floor does.
        foreach (var length in (int[])[2, 20])
        {
            var list = await steps.ListAsync(
                $"a list of {length} with a floor", new SearchQuery(probe.Probe) { ListLength = length, ScoreFloor = probe.Floor },
                cancellationToken).ConfigureAwait(false);
            if (list.Candidates.Count > length)
                return CheckOutcome.Fail($"{list.Candidates.Count} candidates where {length} were asked for with a floor");
            if (list.Candidates.Count(one => one.Score < probe.Floor) is > 0 and var below)
                return CheckOutcome.Fail($"{below} of {list.Candidates.Count} candidates are below the floor of {probe.Floor:0.0000}");
            if (list.Candidates.Count + list.Withheld < Math.Min(length, probe.Above.Count))
                return CheckOutcome.Fail(
                    $"{list.Candidates.Count} candidates where {probe.Above.Count} score above the floor and {length} were asked for");
        }
        return CheckOutcome.Pass($"at a floor of {probe.Floor:0.0000} lists of 2 and of 20 keep both bounds");
    }
}
