using System.Globalization;
using System.Text.RegularExpressions;

namespace MatchEngine.Galleries.Filters;

/// <summary>
/// A condition on one key of a subject's biographics, such as <c>sex=F</c> or <c>birth&gt;=1980</c>.
/// </summary>
/// <remarks>
/// <para>Two numbers are compared as numbers, two dates as dates. A date is written as in ISO 8601, to the year, the month or the day; a
/// condition is about as much of a date as it names: <c>birth=1980</c> and <c>birth&lt;=1980</c> hold for 1980-05-17, <c>birth&gt;1980</c>
/// does not. A date that says less than the condition asks for meets none. Any other text is equal or not: the case of letters plays
/// no part.</para>
/// <para>A subject without the key meets no condition on it, not even <c>!=</c>: nothing is known of it.</para>
/// </remarks>
public sealed partial class FilterCondition : IEquatable<FilterCondition>
{
    /// <summary>The greatest number of characters of a key or a value.</summary>
    public const int MaxLength = 200;

    private static readonly (string Text, FilterComparison Comparison)[] Operators =
    [
        (">=", FilterComparison.GreaterOrEqual), ("<=", FilterComparison.LessOrEqual), ("!=", FilterComparison.NotEqual),
        ("=", FilterComparison.Equal), (">", FilterComparison.Greater), ("<", FilterComparison.Less),
    ];

    private readonly decimal? _number;
    private readonly string? _date;

    private FilterCondition(string key, FilterComparison comparison, string value)
    {
        (Key, Comparison, Value) = (key, comparison, value);
        (_number, _date) = (Number(value), Date(value));
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>The comparison.</summary>
    public FilterComparison Comparison { get; }

    /// <summary>What the subject's value is compared with.</summary>
    public string Value { get; }

    /// <summary>Reads a condition: a key, one of <c>= != &lt; &lt;= &gt; &gt;=</c>, and a value. Blanks around them do not count.</summary>
    /// <exception cref="FormatException">It is none; the message says why, and how one is written.</exception>
    public static FilterCondition Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOfAny(['=', '!', '<', '>']);
        var (sign, comparison) = at < 0 ? default : Operators.FirstOrDefault(
            known => text.AsSpan(at).StartsWith(known.Text, StringComparison.Ordinal));
        if (sign is null)
            throw new FormatException(
                $"'{Shortened(text)}' is no condition: write KEY=VALUE, such as sex=F or birth>=1980 (= != < <= > >=)");
        var (key, value) = (text[..at].Trim(), text[(at + sign.Length)..].Trim());
        if (key.Length == 0 || value.Length == 0)
            throw new FormatException($"'{Shortened(text)}' lacks its {(key.Length == 0 ? "key" : "value")}: write KEY{sign}VALUE");
        if (key.Length > MaxLength || value.Length > MaxLength)
            throw new FormatException($"'{Shortened(text)}' is too long: a key or a value has {MaxLength} characters at most");
        var condition = new FilterCondition(key, comparison, value);
        return comparison is FilterComparison.Equal or FilterComparison.NotEqual
            || condition._number is not null || condition._date is not null
            ? condition
            : throw new FormatException(
                $"'{Shortened(text)}': {sign} wants a number or a date (1980, 1980-05 or 1980-05-17), and '{Shortened(value)}' is neither");
    }

    /// <summary>Whether a value meets it.</summary>
    /// <param name="value">The subject's value; null: it has none.</param>
    public bool Admits(string? value)
    {
        if (value is null)
            return false;
        if (_number is { } number && Number(value) is { } own)
            return Holds(own.CompareTo(number));
        if (_date is not null && Date(value) is { } date)
            return date.Length >= _date.Length && Holds(string.CompareOrdinal(date[.._date.Length], _date));
        return Comparison switch
        {
            FilterComparison.Equal => IsSame(value),
            FilterComparison.NotEqual => !IsSame(value),
            _ => false,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Key + Operators.First(known => known.Comparison == Comparison).Text + Value;

    /// <inheritdoc/>
    public bool Equals(FilterCondition? other) =>
        other is not null && (Key, Comparison, Value) == (other.Key, other.Comparison, other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FilterCondition);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Comparison, Value);

    private bool Holds(int order) => Comparison switch
    {
        FilterComparison.Equal => order == 0,
        FilterComparison.NotEqual => order != 0,
        FilterComparison.Less => order < 0,
        FilterComparison.LessOrEqual => order <= 0,
        FilterComparison.Greater => order > 0,
        _ => order >= 0,
    };

    private bool IsSame(string value) => value.AsSpan().Trim().Equals(Value, StringComparison.OrdinalIgnoreCase);

    private static decimal? Number(string text) =>
        decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite
                | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // A date and time is a date.
    private static string? Date(string text) => IsoDate().Match(text.Trim()) is { Success: true } match ? match.Groups["date"].Value : null;

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";

    [GeneratedRegex(@"^(?<date>\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)(T[\d:.,+Z-]*)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex IsoDate();
}
