namespace MatchEngine.Vectors;

/// <summary>What a list's scores were computed from.</summary>
public enum ScorePrecision
{
    /// <summary>The quantised bodies of probe and templates: within about 0.001 of the embeddings' cosine for 512-d faces.</summary>
    Int8,

    /// <summary>The float16 copies of probe and templates: within about 0.0001 of the embeddings' cosine.</summary>
    Float16,

    /// <summary>Float16 copies of those templates that have one, bodies of the others.</summary>
    Mixed,
}
