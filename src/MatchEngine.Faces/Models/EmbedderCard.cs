using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Faces.Models;

/// <summary>
/// What the rest of the house must know of the model that makes the embeddings.
/// A gallery is bound to one <see cref="Id"/> and <see cref="Digest"/>.
/// </summary>
/// <param name="Id">The card's id, the name of its file without <c>.json</c>.</param>
/// <param name="Digest">SHA-256 of the model file, 64 lower-case hexadecimal digits.</param>
/// <param name="Dimension">Length of an embedding.</param>
/// <param name="Calibrations">What its scores are worth, on whom; null when nobody has measured it.</param>
public sealed record EmbedderCard(string Id, string Digest, int Dimension, CalibrationSet? Calibrations);
