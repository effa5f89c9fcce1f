namespace MatchEngine.Galleries.Duplicates;

/// <summary>What came of some subjects of a gallery, one after the other in the byte order of their ids.</summary>
/// <param name="Through">The last of them. A search that begins behind it goes on where this page ends.</param>
/// <param name="Subjects">How many subjects they are.</param>
/// <param name="Templates">How many templates of theirs were searched with.</param>
/// <param name="Pairs">The pairs that were found, by falling score. Each pair of a whole search stands on one page, once.</param>
public sealed record DuplicatePage(string Through, int Subjects, int Templates, IReadOnlyList<DuplicatePair> Pairs);
