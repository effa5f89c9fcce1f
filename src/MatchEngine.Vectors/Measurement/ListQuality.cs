namespace MatchEngine.Vectors.Measurement;

/// <summary>
/// How close an engine's lists come to the exhaustive ones: the one reckoning for this engine's paths and for other engines.
/// </summary>
/// <param name="Recall">The share of the exhaustive lists' subjects that was found.</param>
/// <param name="RecallAboveFloor">The share of those at or above the score floor that was found; null where no list has any.</param>
/// <param name="Mated">The searches whose mate the exhaustive search ranks first.</param>
/// <param name="MatesLost">Those of them in which the engine does not.</param>
public readonly record struct ListQuality(double Recall, double? RecallAboveFloor, int Mated, int MatesLost)
{
    /// <summary>Holds lists against the exhaustive ones.</summary>
    /// <param name="searches">The searches.</param>
    public static ListQuality Of(IEnumerable<Search> searches)
    {
        ArgumentNullException.ThrowIfNull(searches);
        int found = 0, wanted = 0, foundAbove = 0, wantedAbove = 0, mated = 0, lost = 0;
        foreach (var search in searches)
        {
            var truth = search.Truth.Take(search.AboveFloor).ToList();
            wantedAbove += truth.Count;
            foundAbove += truth.Intersect(search.Found).Count();
            wanted += search.Truth.Count;
            found += search.Truth.Intersect(search.Found).Count();
            if (search.Truth is not [var best, ..] || best != search.Mate)
                continue;
            mated++;
            lost += search.Found is [var first, ..] && first == search.Mate ? 0 : 1;
        }
        return new ListQuality(
            wanted == 0 ? 1 : found / (double)wanted, wantedAbove == 0 ? null : foundAbove / (double)wantedAbove, mated, lost);
    }

    /// <summary>One search: subjects in rank order.</summary>
    /// <param name="Truth">The exhaustive list.</param>
    /// <param name="AboveFloor">How many of its subjects score the floor or more.</param>
    /// <param name="Mate">The probe's subject.</param>
    /// <param name="Found">The engine's list.</param>
    public readonly record struct Search(IReadOnlyList<long> Truth, int AboveFloor, long Mate, IReadOnlyList<long> Found);
}
