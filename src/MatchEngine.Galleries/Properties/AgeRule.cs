using System.Globalization;

namespace MatchEngine.Galleries.Properties;

/// <summary>
/// What becomes of photos of children. An age comes from the recorded date of birth or the operator's word; it is never guessed from the
/// photo.
/// </summary>
/// <param name="Under">Whoever is younger is a child, in years, 1 … <see cref="MaxAge"/>.</param>
/// <param name="Enrolment">What becomes of the enrolment of a child's photo.</param>
/// <param name="Search">What becomes of a search or comparison with a child's photo.</param>
public sealed record AgeRule(int Under, AgeAction Enrolment, AgeAction Search)
{
    /// <summary>The highest age, in years.</summary>
    public const int MaxAge = 130;

    /// <summary>The key of metadata and biographics that holds the date of birth, ISO 8601, or the year alone.</summary>
    public const string BirthKey = "birth";

    /// <summary>
    /// The age of the person in a photo when it was taken (<see cref="RetentionRule.CaptureKey"/>; where that is not known, now): the least
    /// of what the operator says and of what is recorded. Of a year of birth alone the youngest that it can be; null where nobody says
    /// anything.
    /// </summary>
    /// <param name="stated">The operator's word, in years, or null.</param>
    /// <param name="metadata">What came with the photo.</param>
    /// <param name="biographics">What is recorded of the subject already, or null.</param>
    /// <param name="now">The time that it is.</param>
    public static int? Of(
        int? stated, IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, string>? biographics, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var taken = RetentionRule.CaptureOf(metadata) is { } captured && captured < now ? captured : now;
        int?[] said = [stated, .. new[] { metadata, biographics }.Select(held => Recorded(held, DateOnly.FromDateTime(taken.UtcDateTime)))];
        return said.Min();
    }

    /// <summary>What is wrong with the date of birth in a photo's metadata, in words; null when it can be read, or is not there.</summary>
    /// <param name="metadata">What came with the photo.</param>
    public static string? BirthProblem(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.ContainsKey(BirthKey) && Recorded(metadata, DateOnly.MaxValue) is null
            ? $"{BirthKey} is a date written like 2015-02-01, or a year: here an age is read from it"
            : null;
    }

    /// <summary>Whether somebody of this age is a child; false where no age is known.</summary>
    public bool IsChild(int? age) => age < Under;

    private static int? Recorded(IReadOnlyDictionary<string, string>? held, DateOnly taken)
    {
        if (held is null || !held.TryGetValue(BirthKey, out var text))
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born))
            return Years(born, taken);
        // The last day of the year: whoever may be a child is one.
        return DateOnly.TryParseExact(text, "yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var year)
            ? Years(new DateOnly(year.Year, 12, 31), taken)
            : null;
    }

    private static int Years(DateOnly born, DateOnly taken) => Math.Max(
        0, taken.Year - born.Year - ((taken.Month, taken.Day).CompareTo((born.Month, born.Day)) < 0 ? 1 : 0));
}

/// <summary>What becomes of a child's photo.</summary>
public enum AgeAction
{
    /// <summary>It is taken, and the answer warns.</summary>
    Warn,

    /// <summary>It is refused.</summary>
    Refuse,
}
