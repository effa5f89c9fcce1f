using MatchEngine.Galleries.Stores;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries;

/// <summary>What one gallery answers to the faces of a probe.</summary>
/// <param name="Answers">The index's answers, one a face.</param>
/// <param name="Size">The templates in the gallery when it was searched.</param>
/// <param name="Found">The encounters of all hits, by the ids of their templates.</param>
internal sealed record GalleryAnswer(
    IReadOnlyList<IndexAnswer> Answers, long Size, IReadOnlyDictionary<long, FoundEncounter> Found);
