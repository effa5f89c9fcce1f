using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>What is examined is what was named, from the start to the end.</summary>
internal sealed class ModelCheck() : ConductCheck(
    "model-and-version",
    "The service says which model and version it uses, on every list the same, and at the end of the examination as at its start.",
    "PIA-054, Safeguards before use", Ability.Model)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        if (session.StartExchange is { } start)
            steps.Show("what it is, at the start", start);
        var atEnd = await steps.ValueAsync(
            "what it is, at the end", session.Target.IdentifyAsync(CallTerms.Usual, cancellationToken)).ConfigureAwait(false);
        if (session.IdentityAtStart is not { } atStart)
            return CheckOutcome.NotTestable("it did not say what it is at the start");
        if ((atStart.Product, atStart.Version, atStart.Model) != (atEnd.Product, atEnd.Version, atEnd.Model))
            return CheckOutcome.Fail($"at the start {Words(atStart)}, at the end {Words(atEnd)}");
        var named = session.Seen.Lists.Select(list => list.Answer.Model).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (named.Count > 1 || (atStart.Model is { } model && named.Count == 1 && named[0] != model))
            return CheckOutcome.Fail($"it says that its model is {atStart.Model}, and lists name {string.Join(" and ", named)}");
        return atStart.Model is null && named.Count == 0
            ? CheckOutcome.Fail("neither the service nor its lists name a model")
            : CheckOutcome.Pass($"{Words(atStart)}; the same at the end and on all {session.Seen.Lists.Count} lists");
    }

    private static string Words(TargetIdentity identity) =>
        $"{identity.Product ?? "no product"} {identity.Version ?? "(no version told)"}, model {identity.Model ?? "(none told)"}";
}
