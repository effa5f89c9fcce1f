using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>What is said of strangers on a list is true.</summary>
internal sealed class StrangersCheck() : ConductCheck(
    "expected-strangers",
    "A list with a floor says how many strangers to expect on it, and over many lists of people who are not enrolled there are so many.",
    NoSource, Ability.Search, Ability.ScoreFloor, Ability.CandidateScore, Ability.StrangersExpected)
{
    private const double Chance = 0.001;
    private const int FewestLists = 5, MostLists = 60;

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var strangers = new List<PhotoInput>();
        while (strangers.Count <= MostLists && session.NextStranger() is { } stranger)
            strangers.Add(stranger);
        if (strangers.Count <= FewestLists)
            return CheckOutcome.NotTestable($"{strangers.Count} photos of people who are not enrolled are too few");
        var whole = await steps.ListAsync("a stranger, without a floor", new SearchQuery(strangers[0]), cancellationToken)
            .ConfigureAwait(false);
        var scores = whole.Candidates.Select(one => one.Score).OfType<double>().OrderDescending().ToList();
        if (scores.Count < 4)
            return CheckOutcome.NotTestable($"a list of {scores.Count} candidates is too short to choose a floor from");
        var floor = scores[scores.Count / 4];
        var (observed, lists, low, high) = (0, 0, 0.0, 0.0);
        foreach (var list in await steps.ListsAsync(
            strangers.Skip(1).Select(probe => ("a stranger, with the floor", new SearchQuery(probe) { ScoreFloor = floor })),
            cancellationToken).ConfigureAwait(false))
        {
            if (list.StrangersExpected is not { } expected)
                return list.StrangersUnsaid is { } reason
                    ? CheckOutcome.NotTestable($"a list with a floor says why it does not say how many to expect: {reason}")
                    : CheckOutcome.Fail("a list with a floor does not say how many strangers to expect");
            if (!(expected.Value >= 0 && double.IsFinite(expected.Value + (expected.Low ?? 0) + (expected.High ?? 0))))
                return CheckOutcome.Fail($"a list with a floor says that {expected.Value} strangers are to be expected");
            observed += list.Candidates.Count + list.Withheld;
            (lists, low, high) = (lists + 1, low + (expected.Low ?? expected.Value), high + (expected.High ?? expected.Value));
        }
        var said = $"{observed} strangers on {lists} lists, {low:0.#} … {high:0.#} were said to be expected";
        if (high < 3)
            return CheckOutcome.NotTestable($"{said}: too few to tell");
        return IsChance(observed, low, high) ? CheckOutcome.Pass(said) : CheckOutcome.Fail(said);
    }

    // Strangers of one probe resemble each other, so that counts spread more than Poisson's:
    // twice as many or half as many are not yet wrong.
    private static bool IsChance(int observed, double low, double high) =>
        (observed <= 2 * high || 1 - MathNet.Numerics.Distributions.Poisson.CDF(high, observed - 1) > Chance)
            && (observed >= low / 2 || MathNet.Numerics.Distributions.Poisson.CDF(Math.Max(low, 1e-9), observed) > Chance);
}
