using MatchEngine.Galleries.Filters;

namespace MatchEngine.Galleries.Search;

/// <summary>What came of the search of one gallery.</summary>
/// <param name="Name">The gallery.</param>
/// <param name="Rule">The list rule that it was searched by, with the floor that was chosen where one was.</param>
/// <param name="Size">Templates in it when it was searched.</param>
/// <param name="Paths">How the answers were found, each way once.</param>
/// <param name="IsExhaustive">Whether the whole gallery was searched, with each face.</param>
/// <param name="FloorGaveWay">Whether candidates below the floor are listed, because too few reached it.</param>
/// <param name="Withheld">How many subjects were found and are not listed, because there are fewer than the rule demands.</param>
public sealed record SearchedGallery(
    string Name,
    ListRule Rule,
    long Size,
    IReadOnlyList<string> Paths,
    bool IsExhaustive,
    bool FloorGaveWay,
    int Withheld)
{
    /// <summary>Whom the search was made among; null: everybody.</summary>
    public BiographicFilter? Filter { get; init; }

    /// <summary>How many of the gallery's subjects met the filter and were searched; null without one.</summary>
    public long? Among { get; init; }
}
