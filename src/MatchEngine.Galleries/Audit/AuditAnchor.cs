namespace MatchEngine.Galleries.Audit;

/// <summary>
/// What a purge leaves in place of the events it removed: for each run of them the numbers and the hashes at both ends, so that the events
/// before and after still verify as one chain. Anchors are kept for good.
/// </summary>
/// <param name="UpTo">Events that expired up to this time were removed.</param>
/// <param name="Runs">The runs, by rising number.</param>
public sealed record AuditAnchor(DateTimeOffset UpTo, IReadOnlyList<AuditRun> Runs)
{
    /// <summary>The most runs of one anchor; a purge with more writes several.</summary>
    public const int MaxRuns = 500;
}

/// <summary>Neighbouring events that a purge removed.</summary>
/// <param name="First">The number of the first one.</param>
/// <param name="Last">The number of the last one.</param>
/// <param name="Before">The previous hash of the first one.</param>
/// <param name="Hash">The hash of the last one: the previous hash of the event after it.</param>
public sealed record AuditRun(long First, long Last, string Before, string Hash);
