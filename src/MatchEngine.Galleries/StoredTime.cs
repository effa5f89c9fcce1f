using System.Globalization;

namespace MatchEngine.Galleries;

/// <summary>
/// Times as databases of ours keep them: UTC in ISO 8601 to the millisecond, so that their order as texts is their order in time.
/// </summary>
public static class StoredTime
{
    /// <summary>The text of a time, of which what is finer than a millisecond is cut off.</summary>
    public static string Write(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time of a text.</summary>
    /// <exception cref="FormatException">The text is no time.</exception>
    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>The time without what <see cref="Write"/> does not keep of it.</summary>
    public static DateTimeOffset Kept(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
