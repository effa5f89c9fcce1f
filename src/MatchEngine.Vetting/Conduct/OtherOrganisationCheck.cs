using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>What is another organisation's is out of reach.</summary>
internal sealed class OtherOrganisationCheck() : ConductCheck(
    "other-organisation",
    "An account of another organisation reaches neither the record of a search nor the subjects of this one.",
    "PIA-054, OBIM IDENT/HART", Ability.Search, Ability.OtherOrganisation)
{
    private static readonly CallTerms Other = new() { Caller = Caller.OtherOrganisation };

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var (person, target) = (session.NextPerson(), session.Target);
        var own = await steps.ListAsync("a search of one's own", new SearchQuery(person.Person.Enrolled), cancellationToken)
            .ConfigureAwait(false);
        var reached = new List<string>();
        var tried = new List<string>();
        if (target.Abilities.Has(Ability.SearchRecord) && own.SearchId is { } search)
        {
            tried.Add("the record of the search");
            var record = await steps.AskAsync(
                "its record, asked for by the other", target.ReadRecordAsync(search, Other, cancellationToken)).ConfigureAwait(false);
            if (record.Failure is null)
                reached.Add("the record of a search");
        }
        tried.Add("subjects on a list");
        var list = await steps.SearchAsync(
            "the same search by the other", new SearchQuery(person.Person.Enrolled), cancellationToken, Other).ConfigureAwait(false);
        if (list.Value?.Candidates.Any(one => session.People.Any(enrolled => enrolled.Subject == one.Subject)) == true)
            reached.Add("subjects on a list");
        if (target.Abilities.Has(Ability.Remove) && target.Abilities.Has(Ability.Enrol))
        {
            tried.Add("the removal of a subject");
            await RemovalAsync(session, steps, person, reached, cancellationToken).ConfigureAwait(false);
        }
        return reached.Count > 0
            ? CheckOutcome.Fail($"the other organisation reaches {string.Join(" and ", reached)}")
            : CheckOutcome.Pass($"out of reach: {string.Join(", ", tried)}");
    }

    // What the answer says counts less than whether the subject is gone.
    private static async Task RemovalAsync(
        ConductSession session, CheckSteps steps, EnrolledPerson person, List<string> reached, CancellationToken cancellationToken)
    {
        var subject = await steps.EnrolAsync("others", person.Person.Enrolled, cancellationToken).ConfigureAwait(false);
        var wasListed = await IsListedAsync("whether it is there").ConfigureAwait(false);
        var removal = await steps.AskAsync(
            "its removal by the other", session.Target.RemoveAsync(subject, Other, cancellationToken)).ConfigureAwait(false);
        if (wasListed ? !await IsListedAsync("whether it is still there").ConfigureAwait(false) : removal.Failure is null)
            reached.Add("the removal of a subject");
        else
            await steps.AskAsync(
                "its removal by its owner", session.Target.RemoveAsync(subject, CallTerms.Usual, cancellationToken)).ConfigureAwait(false);

        async Task<bool> IsListedAsync(string what) =>
            (await steps.ListAsync(what, new SearchQuery(person.Person.Enrolled), cancellationToken).ConfigureAwait(false))
            .Candidates.Any(one => one.Subject == subject);
    }
}
