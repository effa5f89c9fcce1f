using MatchEngine.Galleries.Filters;

namespace MatchEngine.Galleries.Tests.Filters;

public class FilterConditionTests
{
    [Theory]
    // Text: equal or not, whatever the case of letters.
    [InlineData("sex=F", "F", true)]
    [InlineData("sex=F", "f", true)]
    [InlineData("sex=F", "M", false)]
    [InlineData("sex!=F", "M", true)]
    [InlineData("sex!=F", "F", false)]
    [InlineData("name = José ", "JOSÉ", true)]
    [InlineData("name=a=b", "a=b", true)]
    // Numbers.
    [InlineData("height>=170", "170", true)]
    [InlineData("height>=170", "170.0", true)]
    [InlineData("height>=170", "99", false)]
    [InlineData("height<170", "99.5", true)]
    [InlineData("height=170", "170.00", true)]
    [InlineData("balance>-5", "-4", true)]
    [InlineData("height>=170", "tall", false)]
    [InlineData("height!=170", "tall", true)]
    // Dates, as much of them as the condition names.
    [InlineData("birth>=1980", "1980-05-17", true)]
    [InlineData("birth>=1980", "1979-12-31", false)]
    [InlineData("birth>1980", "1980-12-31", false)]
    [InlineData("birth>1980", "1981-01-01", true)]
    [InlineData("birth<=1980", "1980-12-31", true)]
    [InlineData("birth=1980", "1980-05-17", true)]
    [InlineData("birth!=1980", "1980-05-17", false)]
    [InlineData("birth=1980-05", "1980-05-17", true)]
    [InlineData("birth<1980-05-18", "1980-05-17", true)]
    [InlineData("birth<1980-05-18", "1980-05-17T23:59:59+02:00", true)]
    [InlineData("birth=1980", "1980", true)]
    // A date that says less than is asked for meets nothing.
    [InlineData("birth<1980-05", "1980", false)]
    [InlineData("birth!=1980-05-17", "1980", false)]
    public void A_condition_holds_for_a_value(string condition, string value, bool holds) =>
        Assert.Equal(holds, FilterCondition.Parse(condition).Admits(value));

    [Theory]
    [InlineData("sex=F")]
    [InlineData("sex!=F")]
    [InlineData("birth<2999")]
    public void Of_whom_nothing_is_known_nothing_holds(string condition) => Assert.False(FilterCondition.Parse(condition).Admits(null));

    [Theory]
    [InlineData("sex", "no condition")]
    [InlineData("", "no condition")]
    [InlineData("sex~F", "no condition")]
    [InlineData("sex!F", "no condition")]
    [InlineData("=F", "lacks its key")]
    [InlineData("sex=", "lacks its value")]
    [InlineData("sex= ", "lacks its value")]
    [InlineData("name>=M", "wants a number or a date")]
    [InlineData("birth<17.05.1980", "wants a number or a date")]
    [InlineData("birth<1980-13", "wants a number or a date")]
    public void What_is_no_condition_is_told_with_how_one_is_written(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => FilterCondition.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_condition_is_bounded_and_so_is_what_a_message_repeats_of_it()
    {
        var error = Assert.Throws<FormatException>(() => FilterCondition.Parse("key=" + new string('x', 5_000)));
        Assert.True(error.Message.Length < 200);
        Assert.True(FilterCondition.Parse("name=\ud800").Admits("\ud800"));
        Assert.False(FilterCondition.Parse("name=\ud800").Admits("\ud801"));
    }

    [Fact]
    public void A_filter_is_the_same_in_whatever_order_its_conditions_are_given()
    {
        var one = BiographicFilter.Parse(["sex=F", "birth>=1980", "sex=F"])!;
        var other = BiographicFilter.Parse([" birth >= 1980", "sex=F"])!;
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(("birth>=1980, sex=F", 2), (one.ToString(), one.Keys.Count));
        Assert.Null(BiographicFilter.Parse([]));
        Assert.Throws<FormatException>(() => BiographicFilter.Parse(Enumerable.Range(0, 17).Select(i => $"k{i}=1")));
        Assert.NotEqual(one, BiographicFilter.Parse(["sex=F"]));
    }
}
