using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Where candidates have scores, all have.</summary>
internal sealed class ScoresPresentCheck() : ConductCheck(
    "scores-present", "Every candidate of a list comes with its score, which is a number of the stated scale.",
    "PIA-054, Return", Ability.Search, Ability.CandidateScore)
{
    protected override Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var scale = session.Target.Abilities.Scores;
        return Task.FromResult(LookingBack.On(session, steps, "with scores", list =>
        {
            if (list.Candidates.Count(one => one.Score is not { } score || !double.IsFinite(score)) is > 0 and var without)
                return $"{without} of {list.Candidates.Count} candidates have no score";
            // As rounding tells it.
            var beyond = list.Candidates.Count(one => one.Score < scale.Low - 1e-3 || one.Score > scale.High + 1e-3);
            return beyond > 0 ? $"{beyond} of {list.Candidates.Count} scores are beyond {scale.Low} … {scale.High}" : null;
        }));
    }
}
