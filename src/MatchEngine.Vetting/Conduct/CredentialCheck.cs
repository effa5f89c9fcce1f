using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Only who may, may.</summary>
/// <param name="id">The check's id.</param>
/// <param name="requirement">What is required.</param>
/// <param name="caller">Who tries it.</param>
internal sealed class CredentialCheck(string id, string requirement, Caller caller) : ConductCheck(
    id, requirement, "PIA-054, Principles", Ability.Search, Ability.Credentials)
{
    /// <summary>Without a credential.</summary>
    public static CredentialCheck Demanded { get; } = new(
        "credential-demanded", "Who sends no credential is told nothing.", Caller.Nobody);

    /// <summary>With one that was never given out.</summary>
    public static CredentialCheck WrongRefused { get; } = new(
        "wrong-credential", "Who sends a credential that was never given out is told nothing.", Caller.Stranger);

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var query = new SearchQuery(session.NextPerson().Person.Probe);
        await steps.ListAsync("a search with the examiner's credential", query, cancellationToken).ConfigureAwait(false);
        var (terms, target) = (new CallTerms { Caller = caller }, session.Target);
        List<(string What, Exchange Exchange)> tried =
            [("a search", await steps.SearchAsync("the same without it", query, cancellationToken, terms).ConfigureAwait(false))];
        if (target.Abilities.Has(Ability.Enrol))
            tried.Add(("an enrolment", await steps.AskAsync("an enrolment", target.EnrolAsync(
                new EnrolmentQuery(session.NextSubject("unauthorised"), session.NextPerson().Person.Enrolled), terms, cancellationToken))
                .ConfigureAwait(false)));
        if (target.Abilities.Has(Ability.Compare))
            tried.Add(("a comparison", await steps.AskAsync("a comparison", target.CompareAsync(
                new ComparisonQuery((PhotoInput)query.Probe, (PhotoInput)query.Probe), terms, cancellationToken)).ConfigureAwait(false)));
        if (tried.Where(one => one.Exchange.Failure is null).Select(one => one.What).ToList() is [_, ..] done)
            return CheckOutcome.Fail($"{string.Join(" and ", done)} went through");
        return tried.Select(one => one.Exchange.Failure!).FirstOrDefault(failure => !failure.IsRefusal) is { } other
            ? CheckOutcome.NotTestable($"not answered: {other.Kind}")
            : CheckOutcome.Pass($"{string.Join(", ", tried.Select(one => one.What))}: refused");
    }
}
