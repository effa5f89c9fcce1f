using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Targets;

public class ToldTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\r\nlines", "two  lines")]
    [InlineData("\u001b[31mred", " [31mred")]
    [InlineData("turned \u202Eround", "turned  round")]
    [InlineData(null, null)]
    public void What_a_terminal_acts_on_is_taken_out(string? told, string? kept) => Assert.Equal(kept, ToldText.Of(told));

    [Fact]
    public void It_is_bounded_and_no_character_is_cut_in_two()
    {
        Assert.Equal(new string('a', 9) + "…", ToldText.Of(new string('a', 9) + "😀" + "b", 10));
        Assert.Equal(ToldText.MaxLength + 1, ToldText.Of(new string('a', 100_000))!.Length);
    }
}
