using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Nothing hangs and nothing breaks.</summary>
internal sealed class AnswersInTimeCheck() : ConductCheck(
    "answers-in-time", "Every request of the battery is answered or refused, within the time and in words that can be read.", NoSource,
    Ability.PromptAnswers)
{
    protected override Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var unanswered = session.Seen.Unanswered;
        foreach (var (what, exchange) in unanswered.Take(6))
            steps.Show(what, exchange);
        return Task.FromResult(unanswered.Count == 0
            ? CheckOutcome.Pass($"all {session.Seen.Made} requests")
            : CheckOutcome.Fail($"{unanswered.Count} of {session.Seen.Made} requests: " + string.Join(
                ", ", unanswered.CountBy(one => one.Exchange.Failure!.Kind).Select(kind => $"{kind.Value} {kind.Key}"))));
    }
}
