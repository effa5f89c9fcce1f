using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Scores fall with the rank.</summary>
internal sealed class ScoresMonotoneCheck() : ConductCheck(
    "scores-monotone", "A candidate of a better rank scores no less than one of a worse rank.", "PIA-054, Return",
    Ability.Search, Ability.CandidateScore)
{
    protected override Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken) =>
        Task.FromResult(LookingBack.On(session, steps, "with scores that fall with the rank", list =>
        {
            var ranked = list.Candidates.Where(one => one.Score is not null).OrderBy(one => one.Rank).ToList();
            var rise = ranked.Zip(ranked.Skip(1)).FirstOrDefault(pair => pair.Second.Score > pair.First.Score);
            return rise.First is null
                ? null
                : $"rank {rise.Second.Rank} scores {rise.Second.Score:0.0000}, rank {rise.First.Rank} before it {rise.First.Score:0.0000}";
        }));
}
