using System.Globalization;

namespace MatchEngine.Galleries.Properties;

/// <summary>When encounters of a gallery expire.</summary>
/// <param name="Days">After how many days, at least 1.</param>
/// <param name="Basis">From when the days are counted.</param>
public sealed record RetentionRule(int Days, RetentionBasis Basis = RetentionBasis.Enrolled)
{
    /// <summary>The key of an encounter's metadata that holds the date of capture, ISO 8601.</summary>
    public const string CaptureKey = "captured_on";

    /// <summary>The longest retention: a thousand years.</summary>
    public const int MaxDays = 365_250;

    /// <summary>After how many days.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not within 1 … <see cref="MaxDays"/>.</exception>
    public int Days { get; init; } = Days is >= 1 and <= MaxDays
        ? Days
        : throw new ArgumentOutOfRangeException(nameof(Days), Days, $"encounters are kept for 1 to {MaxDays} days");

    /// <summary>
    /// Whether an encounter has expired. An encounter whose date of capture is wanted and is not known, or lies after its enrolment, is
    /// counted from its enrolment.
    /// </summary>
    /// <param name="enrolled">When it was enrolled.</param>
    /// <param name="metadata">The encounter's metadata.</param>
    /// <param name="now">The time that it is.</param>
    public bool HasExpired(DateTimeOffset enrolled, IReadOnlyDictionary<string, string> metadata, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var from = Basis == RetentionBasis.Captured && CaptureOf(metadata) is { } captured && captured < enrolled ? captured : enrolled;
        // A difference of two times always exists; a time that lies a thousand years after another need not.
        return now - from >= TimeSpan.FromDays(Days);
    }

    /// <summary>When a photo was taken, by its metadata; null where that is not told, or not as a date.</summary>
    internal static DateTimeOffset? CaptureOf(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(CaptureKey, out var text)
        && DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}

/// <summary>From when the age of an encounter is counted.</summary>
public enum RetentionBasis
{
    /// <summary>Its enrolment.</summary>
    Enrolled,

    /// <summary>The capture of its photo.</summary>
    Captured,
}
