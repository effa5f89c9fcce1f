namespace MatchEngine.Interchange.Records;

/// <summary>10.014 FIP. Pixels from the upper left corner, which is (0, 0).</summary>
/// <param name="Left">LHC.</param>
/// <param name="Right">RHC.</param>
/// <param name="Top">TVC.</param>
/// <param name="Bottom">BVC.</param>
/// <param name="HeadPosition">BBC: how much of the subject the box holds; null when not stated.</param>
public sealed record FaceBoundingBox(int Left, int Right, int Top, int Bottom, string? HeadPosition);

/// <summary>10.015 FPFI.</summary>
/// <param name="Boundary">BYC: C circle, E ellipse, P polygon.</param>
/// <param name="Points">The points that define it, in pixels.</param>
public sealed record FacePath(string Boundary, IReadOnlyList<(int X, int Y)> Points);

/// <summary>A subfield of 10.024 SQS.</summary>
/// <param name="Value">QVU: 0 … 100, 254 no attempt, 255 failed; null when illegible.</param>
/// <param name="Vendor">QAV: the algorithm's vendor.</param>
/// <param name="Algorithm">QAP: the vendor's product number.</param>
public sealed record QualityScore(int? Value, string? Vendor, string? Algorithm);

/// <summary>10.025 SPA, in degrees.</summary>
/// <param name="Yaw">−180 … 180.</param>
/// <param name="Pitch">−90 … 90.</param>
/// <param name="Roll">−180 … 180.</param>
/// <param name="YawUncertainty">0 … 90.</param>
/// <param name="PitchUncertainty">0 … 90.</param>
/// <param name="RollUncertainty">0 … 90.</param>
public sealed record PoseAngles(int Yaw, int Pitch, int Roll, int? YawUncertainty, int? PitchUncertainty, int? RollUncertainty);

/// <summary>A subfield of 10.029 FFP or 10.032 3DF.</summary>
/// <param name="Kind">FPT: 1 MPEG-4, 2 anthropometric.</param>
/// <param name="Code">FPC: which point.</param>
/// <param name="X">HCX.</param>
/// <param name="Y">HCY.</param>
/// <param name="Z">HCZ, of 3DF.</param>
public sealed record FeaturePoint(string Kind, string Code, int X, int Y, int? Z);

/// <summary>A subfield of 10.033 FEC.</summary>
/// <param name="Code">FCC: which feature, e.g. EYETOP.</param>
/// <param name="Points">The outline in pixels.</param>
public sealed record FeatureContour(string Code, IReadOnlyList<(int X, int Y)> Points);

/// <summary>A subfield of 10.045 OCC.</summary>
/// <param name="Opacity">OCY: how much shows through; null when not stated.</param>
/// <param name="Kind">OCT: what hides, e.g. H hat.</param>
/// <param name="Points">The outline in pixels.</param>
public sealed record Occlusion(string? Opacity, string Kind, IReadOnlyList<(int X, int Y)> Points);
