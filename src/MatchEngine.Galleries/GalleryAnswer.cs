using MatchEngine.Galleries.Filters;
using MatchEngine.Galleries.Stores;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries;

/// <summary>What one gallery answers to the faces of a probe.</summary>
/// <param name="Answers">The index's answers, one a face.</param>
/// <param name="Size">The templates in the gallery when it was searched.</param>
/// <param name="Found">The encounters of all hits, by the ids of their templates.</param>
internal sealed record GalleryAnswer(
    IReadOnlyList<IndexAnswer> Answers, long Size, IReadOnlyDictionary<long, FoundEncounter> Found)
{
    /// <summary>How many of its subjects can be the probe's person: none where that subject was left out.</summary>
    public int PossibleMates { get; init; } = 1;

    /// <summary>Whom the search was made among; null: everybody.</summary>
    public BiographicFilter? Filter { get; init; }

    /// <summary>How many subjects that was; null where a filter is absent and nobody counted.</summary>
    public long? Among { get; init; }

    /// <summary>What the tails of its own people have in common, where it is so small that this is of help; else null.</summary>
    public TailPrior? Prior { get; init; }
}
