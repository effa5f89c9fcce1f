namespace MatchEngine.Vectors.Sketches;

/// <summary>
/// What was measured, on a gallery's own templates, of the error of its sketches. <see cref="SketchBasis"/> says what follows from it.
/// </summary>
/// <param name="ResidualLimit">R: the longest residual of a row whose sketch is relied on; the vectors have length 1.</param>
/// <param name="QuantisationLimit">The largest quantisation error (a length) of a row whose sketch is relied on.</param>
/// <param name="ResidualMean">r̄: the root mean square of the residuals' lengths.</param>
/// <param name="ResidualDeviation">v: the standard deviation of the residuals' lengths, widened to what mates show.</param>
/// <param name="ScoreSpread">The root mean square of the scores of strangers.</param>
/// <param name="ResidualSpread">ρ: the root mean square of x̂·r_q/|r_q| among strangers.</param>
/// <param name="CodeError">D: the mean squared error of a code, in squared steps.</param>
/// <param name="Tail">The factor by which the error's tail exceeds a normal one of the computed spread.</param>
/// <param name="TrainedOn">The number of templates in the gallery when it was measured.</param>
internal sealed record SketchErrors(
    float ResidualLimit, float QuantisationLimit, float ResidualMean, float ResidualDeviation, float ScoreSpread,
    float ResidualSpread, float CodeError, float Tail, int TrainedOn);
