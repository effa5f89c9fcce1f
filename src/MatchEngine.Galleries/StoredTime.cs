using System.Globalization;

namespace MatchEngine.Galleries;

/// <summary>
/// Times as databases of ours keep them: UTC in ISO 8601 to the millisecond, so that their order as texts is their order in time.
/// </summary>
public static class StoredTime
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The text of a time, of which what is finer than a millisecond is cut off.</summary>
    public static string Write(DateTimeOffset time) =>
        time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>The time of a text that <see cref="Write"/> gave.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.ParseExact(
            text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>The time without what <see cref="Write"/> does not keep of it.</summary>
    public static DateTimeOffset Kept(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
