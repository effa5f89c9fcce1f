using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>What the checks of conduct expect of a target.</summary>
public sealed record ConductOptions
{
    /// <summary>The disclaimer that was agreed on, word for word; null to expect the words of the first list on every other.</summary>
    public string? Disclaimer { get; init; }

    /// <summary>Whether a list of one candidate is forbidden, as it is for 1:many searches of federal services.</summary>
    public bool ForbidsSingleCandidate { get; init; } = true;

    /// <summary>How many calls are made side by side where a check needs load.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>How many searches a check under load makes.</summary>
    public int SearchesUnderLoad { get; init; } = 40;

    /// <summary>How many bytes the file has that is oversized.</summary>
    public int OversizedBytes { get; init; } = 24 << 20;

    /// <summary>
    /// What the ids of enrolled subjects begin with. A run that is gone on with keeps its own, and removes whom it left behind.
    /// </summary>
    public string Tag { get; init; } = "vet-" + Guid.NewGuid().ToString("N")[..8];

    /// <summary>Which machines may be examined.</summary>
    public Reach Reach { get; init; } = new(Agreement: null);

    /// <summary>A certificate that is trusted in place of the system's; null for these.</summary>
    public string? TrustedCertificateFile { get; init; }

    /// <summary>The run's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
