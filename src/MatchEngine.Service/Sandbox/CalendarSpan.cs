using System.Globalization;
using System.Text.RegularExpressions;

namespace MatchEngine.Service.Sandbox;

/// <summary>A duration of ISO 8601 (<c>P7Y</c>, <c>P1M2DT3H</c>, <c>PT90M</c>) in whole numbers; years and months are the
/// calendar's.</summary>
/// <param name="Months">Its months, twelve of them a year.</param>
/// <param name="Rest">What is left: weeks, days, hours, minutes, seconds.</param>
internal sealed partial record CalendarSpan(int Months, TimeSpan Rest)
{
    /// <summary>Reads a duration; null when the text is none, or has more than five digits to a part.</summary>
    public static CalendarSpan? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Iso().Match(text) is not { Success: true } found || found.Groups.Values.Skip(1).All(part => !part.Success))
            return null;
        return new CalendarSpan(
            12 * Part("years") + Part("months"),
            new TimeSpan(7 * Part("weeks") + Part("days"), Part("hours"), Part("minutes"), Part("seconds")));

        int Part(string name) => found.Groups[name] is { Success: true } part ? int.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>That much after a time, or the end of all times where it lies beyond.</summary>
    public DateTimeOffset After(DateTimeOffset time)
    {
        try
        {
            return time.AddMonths(Months) + Rest;
        }
        catch (ArgumentOutOfRangeException)
        {
            return DateTimeOffset.MaxValue;
        }
    }

    [GeneratedRegex(
        @"\AP(?:(?<years>[0-9]{1,5})Y)?(?:(?<months>[0-9]{1,5})M)?(?:(?<weeks>[0-9]{1,5})W)?(?:(?<days>[0-9]{1,5})D)?"
            + @"(?:T(?=[0-9])(?:(?<hours>[0-9]{1,5})H)?(?:(?<minutes>[0-9]{1,5})M)?(?:(?<seconds>[0-9]{1,5})S)?)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Iso();
}
