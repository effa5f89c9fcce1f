using System.Globalization;

namespace MatchEngine.Interchange.Fields;

/// <summary>Numbers and dates as fields write them, read leniently: what is none gives null.</summary>
internal static class Numbers
{
    public static int? Integer(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A local date, YYYYMMDD (clause B.1.2).</summary>
    public static DateOnly? Date(string? text) =>
        text?.Length == 8 && DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var value)
            ? value
            : null;

    /// <summary>A time in UTC, YYYYMMDDHHMMSSZ (clause B.1.4).</summary>
    public static DateTimeOffset? Utc(string? text) =>
        text?.Length == 15 && DateTimeOffset.TryParseExact(
            text, "yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value) ? value : null;

    public static string Date(DateOnly date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    public static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture);
}
