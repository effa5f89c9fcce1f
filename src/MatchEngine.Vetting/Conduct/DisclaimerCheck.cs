using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>The disclaimer stands on every list, in the same words.</summary>
internal sealed class DisclaimerCheck() : ConductCheck(
    "disclaimer",
    "Every list says, word for word the same, that it is a lead, no positive identification and no sole ground to act.",
    "PIA-054, Return", Ability.Search, Ability.Disclaimer)
{
    protected override Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var lists = session.Seen.Lists;
        var words = session.Options.Disclaimer
            ?? lists.Select(list => list.Answer.Disclaimer).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
        if (lists.Count == 0)
            return Task.FromResult(CheckOutcome.NotTestable("no list was given"));
        var broken = lists.Where(list => words is null || list.Answer.Disclaimer != words).ToList();
        foreach (var list in broken.Count > 0 ? broken.Take(4) : lists.Take(1))
            steps.Show(list.What, list.Exchange);
        return Task.FromResult(broken.Count == 0
            ? CheckOutcome.Pass($"all {lists.Count} lists say: {ToldText.Of(words)}")
            : CheckOutcome.Fail($"{broken.Count} of {lists.Count} lists come without the disclaimer, or in other words"));
    }
}
