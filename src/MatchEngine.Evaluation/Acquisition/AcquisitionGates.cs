namespace MatchEngine.Evaluation.Acquisition;

/// <summary>Which photos a system takes: rates hold for a system with these gates and no other.</summary>
/// <param name="Faces">Which face of a photo with several; <c>only</c> refuses such a photo.</param>
/// <param name="MinimumQuality">The least quality of a face; null where any was taken.</param>
public sealed record AcquisitionGates(string Faces, double? MinimumQuality);
