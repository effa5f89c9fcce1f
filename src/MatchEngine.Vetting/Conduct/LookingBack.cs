using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Checks that ask nothing of their own, but look at every list that others were given.</summary>
internal static class LookingBack
{
    private const int Shown = 4;

    /// <summary>Looks at every list.</summary>
    /// <param name="session">The examination.</param>
    /// <param name="steps">Takes the lists that decided.</param>
    /// <param name="kept">What lists are that keep the requirement, in words.</param>
    /// <param name="wrong">What is wrong with a list; null for nothing.</param>
    public static CheckOutcome On(ConductSession session, CheckSteps steps, string kept, Func<SearchAnswer, string?> wrong)
    {
        var lists = session.Seen.Lists;
        var broken = lists.Select(list => (List: list, Wrong: wrong(list.Answer))).Where(one => one.Wrong is not null).ToList();
        foreach (var (list, _) in broken.Take(Shown))
            steps.Show(list.What, list.Exchange);
        if (broken.Count > 0)
            return CheckOutcome.Fail($"{broken.Count} of {lists.Count} lists: {broken[0].Wrong}");
        var counted = lists.Count(list => list.Answer.Candidates.Count > 1);
        if (lists is [var first, ..])
            steps.Show(first.What, first.Exchange);
        return counted == 0
            ? CheckOutcome.NotTestable("no list of several candidates was given")
            : CheckOutcome.Pass($"all {lists.Count} lists are {kept}");
    }
}
