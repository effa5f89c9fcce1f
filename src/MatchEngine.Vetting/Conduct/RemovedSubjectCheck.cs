using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Who was removed is gone.</summary>
internal sealed class RemovedSubjectCheck() : ConductCheck(
    "removed-subject", "A subject that was removed is on no list from then on.", "PIA-054, Principles",
    Ability.Search, Ability.Enrol, Ability.Remove)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var person = session.NextPerson().Person;
        var subject = await steps.EnrolAsync("removed", person.Enrolled, cancellationToken).ConfigureAwait(false);
        var before = await steps.ListAsync("before the removal", new SearchQuery(person.Enrolled), cancellationToken).ConfigureAwait(false);
        var wasListed = before.Candidates.Any(one => one.Subject == subject);
        await steps.ValueAsync("the removal", session.Target.RemoveAsync(subject, CallTerms.Usual, cancellationToken))
            .ConfigureAwait(false);
        foreach (var (what, photo) in ((string, PhotoInput)[])[
            ("the photo by which it was enrolled", person.Enrolled), ("another photo", person.Probe)])
        {
            var list = await steps.ListAsync(what, new SearchQuery(photo), cancellationToken).ConfigureAwait(false);
            if (list.Candidates.FirstOrDefault(one => one.Subject == subject) is { } found)
                return CheckOutcome.Fail($"{what} finds the removed subject at rank {found.Rank}");
        }
        return wasListed
            ? CheckOutcome.Pass("the subject was on the list before its removal and on none after it")
            : CheckOutcome.NotTestable("the subject was on no list before its removal either");
    }
}
