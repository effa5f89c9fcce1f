namespace MatchEngine.Vectors;

/// <summary>One row of an index's answer: the best template of a subject.</summary>
/// <param name="Id">The id of the template.</param>
/// <param name="Subject">The subject that the template belongs to.</param>
/// <param name="Score">The cosine of probe and template, −1 … 1.</param>
public readonly record struct IndexHit(long Id, long Subject, float Score);
