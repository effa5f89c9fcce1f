using System.Globalization;
using System.Xml;
using MatchEngine.Service.Sandbox;

namespace MatchEngine.Service.Tests.Sandbox;

public sealed class CalendarSpanTests
{
    private static readonly DateTimeOffset Leap = new(2024, 2, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("P7Y", "2031-02-28T12:00:00Z")]
    [InlineData("P1M", "2024-03-29T12:00:00Z")]
    [InlineData("P1Y1M", "2025-03-29T12:00:00Z")]
    [InlineData("P2W", "2024-03-14T12:00:00Z")]
    [InlineData("P1DT1H1M1S", "2024-03-01T13:01:01Z")]
    public void Years_and_months_are_the_calendars(string text, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), CalendarSpan.Parse(text)!.After(Leap));

    [Theory]
    [InlineData("P90D")]
    [InlineData("PT61M")]
    [InlineData("PT24H")]
    [InlineData("P3DT4H5M6S")]
    public void What_has_neither_is_what_the_framework_reads(string text) =>
        Assert.Equal(Leap + XmlConvert.ToTimeSpan(text), CalendarSpan.Parse(text)!.After(Leap));

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("1D")]
    [InlineData("-P1D")]
    [InlineData("P1.5D")]
    [InlineData("P1H")]
    [InlineData("P1D ")]
    [InlineData("P123456D")]
    [InlineData("P1D\n")]
    public void What_is_no_duration_in_whole_numbers_is_none(string text) => Assert.Null(CalendarSpan.Parse(text));

    [Fact]
    public void What_lies_beyond_all_times_is_their_end() =>
        Assert.Equal(DateTimeOffset.MaxValue, CalendarSpan.Parse("P99999Y")!.After(Leap));
}
