namespace MatchEngine.Galleries.Search;

/// <summary>Time spent on a search, stage by stage.</summary>
/// <param name="Decode">From bytes to upright pixels.</param>
/// <param name="Detect">Detection and landmarks.</param>
/// <param name="Embed">Alignment and embedding.</param>
/// <param name="Search">Comparison with the gallery and reading the candidates; the first search of an opened gallery also loads its
/// templates.</param>
/// <param name="Total">All of it, from the call to the list.</param>
public readonly record struct SearchTimes(TimeSpan Decode, TimeSpan Detect, TimeSpan Embed, TimeSpan Search, TimeSpan Total)
{
    /// <summary>Assessing the probe's quality.</summary>
    public TimeSpan Assess { get; init; }
}
