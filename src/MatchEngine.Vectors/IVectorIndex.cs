namespace MatchEngine.Vectors;

/// <summary>
/// An index in memory: both sides of it. Who only searches asks for an <see cref="IVectorSearcher"/>, and who only follows changes for an
/// <see cref="IVectorWriter"/>.
/// </summary>
public interface IVectorIndex : IVectorSearcher, IVectorWriter;
