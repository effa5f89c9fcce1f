namespace MatchEngine.Frs.Searching;

/// <summary>A page of searches.</summary>
/// <param name="Searches">The searches, newest first.</param>
/// <param name="Next">Give this as <c>before</c> for the next page; null at the end.</param>
public sealed record SearchPage(IReadOnlyList<RecordedSearch> Searches, string? Next)
{
    /// <summary>A page of what a store gave.</summary>
    internal static SearchPage Of(IReadOnlyList<RecordedSearch> searches, int wanted) =>
        new(searches, searches.Count == wanted ? searches[^1].Id : null);
}
