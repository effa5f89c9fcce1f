namespace MatchEngine.Galleries.Audit;

/// <summary>Which events of the audit log are wanted; what is null is not asked for.</summary>
public sealed record AuditFilter
{
    /// <summary>Only this kind.</summary>
    public string? Kind { get; init; }

    /// <summary>Only this actor.</summary>
    public string? Actor { get; init; }

    /// <summary>Only this organisation.</summary>
    public string? Organisation { get; init; }

    /// <summary>Only events that name this gallery in their payload's <c>galleries</c>.</summary>
    public string? Gallery { get; init; }

    /// <summary>Only events of this case: those whose payload has its number as <c>purpose.caseNumber</c>, and those about the case
    /// itself.</summary>
    public string? CaseNumber { get; init; }

    /// <summary>Only events from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only events before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}
