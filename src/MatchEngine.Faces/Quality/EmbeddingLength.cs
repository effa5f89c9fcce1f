namespace MatchEngine.Faces.Quality;

/// <summary>
/// What the length of an embedding says: networks give long vectors for faces they find much in (Meng et al., MagFace, CVPR 2021, train for
/// it; others learn it by themselves).
/// </summary>
/// <param name="Poor">The length whose quality score is 0.</param>
/// <param name="Good">The length whose quality score is 100, above <paramref name="Poor"/>.</param>
/// <param name="Limit">The least length that an operator should accept without a warning.</param>
public sealed record EmbeddingLength(double Poor, double Good, double Limit);
