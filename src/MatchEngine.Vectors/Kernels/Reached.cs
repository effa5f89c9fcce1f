namespace MatchEngine.Vectors.Kernels;

/// <summary>A comparison whose score reached the probe's limit.</summary>
/// <param name="Probe">The number of the probe in its block.</param>
/// <param name="Row">The number of the row in the run of rows.</param>
/// <param name="Dot">Their integer dot product.</param>
internal readonly record struct Reached(int Probe, int Row, int Dot);
