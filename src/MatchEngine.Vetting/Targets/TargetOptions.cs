namespace MatchEngine.Vetting.Targets;

/// <summary>How a target is reached: what every adapter takes.</summary>
public sealed record TargetOptions
{
    /// <summary>The gallery under test, where a target has several.</summary>
    public string Gallery { get; init; } = "vetting";

    /// <summary>The credentials that the examiner was given.</summary>
    public TargetCredentials Credentials { get; init; } = TargetCredentials.None;

    /// <summary>How long a call may take, in all.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes of an answer are read; a longer one is a failure.</summary>
    public int MaxAnswerBytes { get; init; } = 8 << 20;

    /// <summary>Which machines may be examined.</summary>
    public Reach Reach { get; init; } = new(Agreement: null);

    /// <summary>A certificate (PEM or DER) that is trusted in place of the system's; null for these.</summary>
    public string? TrustedCertificateFile { get; init; }

    /// <summary>The run's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
