namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>How all pairs of a set are compared.</summary>
public sealed record AllPairsOptions
{
    /// <summary>
    /// Up to which FMR impostor comparisons are kept one by one, for rates by slice and subject;
    /// as far as <see cref="MaximumKept"/> allows.
    /// </summary>
    public double KeptFmr { get; init; } = 0.1;

    /// <summary>
    /// How many impostor comparisons are kept at the most, give or take a few per cent. The histogram holds all of them in any case.
    /// </summary>
    public long MaximumKept { get; init; } = 16_000_000;

    /// <summary>How many mated comparisons may be held; each is kept one by one.</summary>
    public long MaximumMated { get; init; } = 50_000_000;

    /// <summary>
    /// A file into which the state is saved every <see cref="CheckpointInterval"/>, and from which a run that was cancelled goes on; null
    /// for none. It is deleted when the run is complete.
    /// </summary>
    public string? Checkpoint { get; init; }

    /// <summary>How often the state is saved.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);
}
