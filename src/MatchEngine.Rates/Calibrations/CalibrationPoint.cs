namespace MatchEngine.Rates.Calibrations;

/// <summary>A row of a calibration.</summary>
/// <param name="Score">The threshold.</param>
/// <param name="FalseMatches">Comparisons of different people with this score or more.</param>
/// <param name="Low">The lower limit of a 95 % interval of the rate, by person; null where it was not computed or fewer than
/// <see cref="Calibration.MinimumErrors"/> false matches stand behind it.</param>
/// <param name="High">The upper limit.</param>
public sealed record CalibrationPoint(double Score, long FalseMatches, double? Low = null, double? High = null);
