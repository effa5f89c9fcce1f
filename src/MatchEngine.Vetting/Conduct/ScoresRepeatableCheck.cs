using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>The same pair scores the same.</summary>
internal sealed class ScoresRepeatableCheck() : ConductCheck(
    "scores-repeatable", "The same probe and the same subject score the same each time.", NoSource, Ability.Search, Ability.CandidateScore)
{
    private const int Times = 3;

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var query = new SearchQuery(session.NextPerson().Person.Probe);
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        var (compared, widest) = (0, 0.0);
        for (var time = 0; time < Times; time++)
        {
            var list = await steps.ListAsync($"the same probe, time {time + 1}", query, cancellationToken).ConfigureAwait(false);
            foreach (var one in list.Candidates.Where(one => one.Score is not null).DistinctBy(one => one.Subject))
                if (!scores.TryAdd(one.Subject, one.Score!.Value))
                    (compared, widest) = (compared + 1, Math.Max(widest, Math.Abs(one.Score.Value - scores[one.Subject])));
        }
        return compared == 0
            ? CheckOutcome.NotTestable("no subject was listed twice with a score")
            : widest > 0
                ? CheckOutcome.Fail($"scores of the same pair differ by up to {widest:0.######} between {Times} searches")
                : CheckOutcome.Pass($"{compared} scores that were told again are the same to the last digit told");
    }
}
