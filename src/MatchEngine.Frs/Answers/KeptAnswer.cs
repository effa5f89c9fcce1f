namespace MatchEngine.Frs.Answers;

/// <summary>An answer as it left the service.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">The headers that belong to it, by name.</param>
/// <param name="Body">Its bytes.</param>
public sealed record KeptAnswer(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The search whose candidates it tells; null where it tells none. Whoever gives it asks first whether they may be told
    /// still (<see cref="Searching.CandidateAccess.RequireTold"/>).</summary>
    public string? Search { get; init; }
}
