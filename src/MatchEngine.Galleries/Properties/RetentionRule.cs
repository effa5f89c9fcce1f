using System.Globalization;

namespace MatchEngine.Galleries.Properties;

/// <summary>When encounters of a gallery expire.</summary>
/// <param name="Days">After how many days, at least 1.</param>
/// <param name="Basis">From when the days are counted.</param>
public sealed record RetentionRule(int Days, RetentionBasis Basis = RetentionBasis.Enrolled)
{
    /// <summary>The key of an encounter's metadata that holds the date of capture, ISO 8601.</summary>
    public const string CaptureKey = "captured_on";

    /// <summary>How a date of capture is written.</summary>
    public const string CaptureFormat = "2026-01-31, or 2026-01-31T09:30:00Z with the difference from UTC";

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

    /// <summary>
    /// What is wrong with the date of capture in an encounter's metadata, in words; null when it can be read, lies no day after
    /// <paramref name="now"/>, or is not there. Who enrols is told: a date that nobody can read would let a photo be kept longer.
    /// </summary>
    /// <param name="metadata">The encounter's metadata.</param>
    /// <param name="now">The time that it is.</param>
    public static string? CaptureProblem(IReadOnlyDictionary<string, string> metadata, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!metadata.ContainsKey(CaptureKey))
            return null;
        return CaptureOf(metadata) switch
        {
            null => $"{CaptureKey} is the date of capture, written like {CaptureFormat}",
            // A date without a time begins at midnight UTC, and where the photo was taken it may be tomorrow already.
            { } captured when captured > now.AddDays(1) => $"{CaptureKey} lies in the future",
            _ => null,
        };
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
