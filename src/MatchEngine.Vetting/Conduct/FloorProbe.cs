using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A list without a floor, and a floor that lies clearly between two of its scores.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Whole">The list without a floor.</param>
/// <param name="Floor">The floor: the middle of the widest gap between neighbours.</param>
/// <param name="Above">Who is above it.</param>
internal sealed record FloorProbe(PhotoInput Probe, SearchAnswer Whole, double Floor, IReadOnlyList<CandidateAnswer> Above)
{
    /// <summary>Searches for one.</summary>
    /// <param name="steps">The calls.</param>
    /// <param name="person">Whom to search for.</param>
    /// <param name="fewest">How many are above the floor at least.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CheckAbandonedException">The list has no such gap.</exception>
    public static async Task<FloorProbe> FindAsync(
        CheckSteps steps, EnrolledPerson person, int fewest, int most, CancellationToken cancellationToken)
    {
        var whole = await steps.ListAsync(
            "a list without a floor", new SearchQuery(person.Person.Probe), cancellationToken).ConfigureAwait(false);
        var ranked = whole.Candidates.Where(one => one.Score is not null).OrderByDescending(one => one.Score).ToList();
        var gap = Enumerable.Range(fewest, Math.Max(0, Math.Min(most, ranked.Count - 1) - fewest + 1))
            .Where(above => ranked[above - 1].Score > ranked[above].Score)
            .OrderByDescending(above => ranked[above - 1].Score - ranked[above].Score).Cast<int?>().FirstOrDefault()
            ?? throw new CheckAbandonedException(
                $"a list of {ranked.Count} candidates with scores has no floor with {fewest} to {most} above and one below it");
        return new FloorProbe(
            person.Person.Probe, whole, (ranked[gap - 1].Score!.Value + ranked[gap].Score!.Value) / 2, ranked[..gap]);
    }
}
