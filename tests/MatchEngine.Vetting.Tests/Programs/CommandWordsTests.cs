using MatchEngine.Vetting.Programs;

namespace MatchEngine.Vetting.Tests.Programs;

public class CommandWordsTests
{
    [Theory]
    [InlineData("./p", "./p")]
    [InlineData("  ./p  -a   b ", "./p|-a|b")]
    [InlineData("\"/a b/p\" \"\" x\"y z\"", "/a b/p||xy z")]
    [InlineData("p $(id) ; `x` * ~", "p|$(id)|;|`x`|*|~")]
    [InlineData("", "")]
    public void Blanks_part_words_and_quotes_hold_them(string command, string words) =>
        Assert.Equal(words, string.Join('|', CommandWords.Split(command)));

    [Fact]
    public void An_open_quote_is_refused() => Assert.Throws<FormatException>(() => CommandWords.Split("p \"a"));
}
