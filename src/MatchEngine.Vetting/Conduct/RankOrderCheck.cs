using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Ranks run from 1 without a gap, in the order of the list.</summary>
internal sealed class RankOrderCheck() : ConductCheck(
    "rank-order", "Candidates come in rank order, from 1 on, each subject once.", "PIA-054, Return", Ability.Search)
{
    protected override Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken) =>
        Task.FromResult(LookingBack.On(session, steps, "in rank order", Wrong));

    private static string? Wrong(SearchAnswer list)
    {
        var previous = 0;
        foreach (var (place, candidate) in list.Candidates.Index())
        {
            // Who ties may share a rank; whoever comes then has the rank of their place.
            if (candidate.Rank != place + 1 && candidate.Rank != previous)
                return $"rank {candidate.Rank} stands in place {place + 1}";
            previous = candidate.Rank;
        }
        var twice = list.Candidates.CountBy(one => one.Subject).Count(one => one.Value > 1);
        return twice > 0 ? $"{twice} subjects are listed more than once" : null;
    }
}
