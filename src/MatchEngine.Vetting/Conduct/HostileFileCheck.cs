using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Files that mean harm are refused and do none.</summary>
internal sealed class HostileFileCheck() : ConductCheck(
    "hostile-file",
    "A file that is no photo, or declares what it is not, is refused; the service neither fails over it nor answers with candidates.",
    NoSource, Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var photo = session.NextPerson().Person.Probe;
        var (tried, unanswered) = (0, new List<string>());
        foreach (var (what, file) in AlteredPhotos.Hostile(photo))
        {
            var outcome = Unfit.Judge(await steps.SearchAsync(what, new SearchQuery(file), cancellationToken).ConfigureAwait(false));
            if (outcome.Verdict == Verdict.Fail)
                return CheckOutcome.Fail($"{what}: {outcome.Explanation}");
            if (outcome.Verdict == Verdict.NotTestable)
                unanswered.Add(what);
            tried++;
        }
        if (!await steps.StillAnswersAsync(photo, cancellationToken).ConfigureAwait(false))
            return CheckOutcome.Fail("a good photo was not answered afterwards");
        return unanswered.Count == 0
            ? CheckOutcome.Pass($"{tried} files were refused, and a good one was answered afterwards")
            : CheckOutcome.NotTestable($"not answered: {string.Join("; ", unanswered)}");
    }
}
