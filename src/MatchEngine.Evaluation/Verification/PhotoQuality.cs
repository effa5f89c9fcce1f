namespace MatchEngine.Evaluation.Verification;

/// <summary>What one quality measure says of the photos of a data set.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Of">Quality by photo, higher is better; photos that are absent have none.</param>
public sealed record PhotoQuality(string Measure, IReadOnlyDictionary<string, double> Of);
