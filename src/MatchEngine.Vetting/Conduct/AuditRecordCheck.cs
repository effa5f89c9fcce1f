using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A search leaves a record that says why.</summary>
internal sealed class AuditRecordCheck() : ConductCheck(
    "audit-record", "Every search is recorded with its purpose, and the record can be read.", "PIA-054, Principles",
    Ability.Search, Ability.SearchRecord)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var purpose = new SearchPurpose($"VETTING-{session.Options.Tag}", "Whether searches are recorded", "Vetting unit");
        var list = await steps.ListAsync(
            "a search for a case of its own", new SearchQuery(session.NextPerson().Person.Probe) { Purpose = purpose },
            cancellationToken).ConfigureAwait(false);
        if (list.SearchId is not { } search)
            return CheckOutcome.Fail("the answer has no id by which the search could be found");
        var read = await steps.AskAsync(
            "its record", session.Target.ReadRecordAsync(search, CallTerms.Usual, cancellationToken)).ConfigureAwait(false);
        if (read.Failure is { } failure)
            return failure.IsRefusal
                ? CheckOutcome.Fail($"there is no record of it: {failure.Code ?? failure.Kind.ToString()}")
                : CheckOutcome.NotTestable($"the record was not answered: {failure.Kind}");
        if (!session.Target.Abilities.Has(Ability.Purpose))
            return CheckOutcome.NotTestable($"there is a record, and {session.Target.Abilities.WhyNot(Ability.Purpose)}");
        return read.Value!.Purpose?.Contains(purpose.CaseNumber, StringComparison.Ordinal) == true
            ? CheckOutcome.Pass("the record names the case that the search named")
            : CheckOutcome.Fail("the record does not name the case that the search named");
    }
}
