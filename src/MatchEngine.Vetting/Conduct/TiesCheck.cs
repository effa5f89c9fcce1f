using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Who scores the same stays in one order, and both or neither are above a floor.</summary>
internal sealed class TiesCheck() : ConductCheck(
    "ties",
    "Subjects with equal scores are all listed, in the same order each time: no tie is broken by chance.",
    NoSource, Ability.Search, Ability.Enrol)
{
    private const int Times = 3;

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var person = session.NextPerson();
        var twin = await steps.EnrolAsync("twin", person.Person.Enrolled, cancellationToken).ConfigureAwait(false);
        try
        {
            string[] pair = [person.Subject, twin];
            var orders = new List<string>();
            for (var time = 0; time < Times; time++)
            {
                var list = await steps.ListAsync(
                    "a probe of two subjects with one photo", new SearchQuery(person.Person.Probe),
                    cancellationToken).ConfigureAwait(false);
                var both = list.Candidates.Where(one => pair.Contains(one.Subject)).OrderBy(one => one.Rank).ToList();
                if (both.Count < 2)
                    return CheckOutcome.Fail($"{both.Count} of two subjects with the same photo are on the list");
                if (both[0].Score != both[1].Score)
                    return CheckOutcome.Fail($"two subjects with the same photo score {both[0].Score:0.0000} and {both[1].Score:0.0000}");
                orders.Add(both[0].Subject);
            }
            return orders.Distinct(StringComparer.Ordinal).Count() == 1
                ? CheckOutcome.Pass($"two subjects with the same photo stood in the same order {Times} times")
                : CheckOutcome.Fail($"two subjects with the same photo changed places within {Times} searches");
        }
        finally
        {
            if (session.Target.Abilities.Has(Ability.Remove))
                await steps.AskAsync(
                    "removal of the further subject",
                    session.Target.RemoveAsync(twin, CallTerms.Usual, cancellationToken)).ConfigureAwait(false);
        }
    }
}
