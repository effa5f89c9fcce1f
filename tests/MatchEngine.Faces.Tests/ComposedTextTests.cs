using MatchEngine.Faces.Native;

namespace MatchEngine.Faces.Tests;

public sealed class ComposedTextTests
{
    // From the tables of Unicode Standard Annex 15: an accent, two accents, Hangul, a character that only decomposes, the ångström sign.
    [Theory]
    [InlineData("Rene\u0301", "Ren\u00E9"), InlineData("a\u0323\u0307", "\u1EA1\u0307"), InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\u0958", "\u0915\u093C"), InlineData("\u212B", "\u00C5"), InlineData("plain", "plain"), InlineData("", "")]
    public void Text_is_composed(string text, string composed)
    {
        Assert.Equal(composed, ComposedText.Of(text));
        Assert.Equal(composed, ComposedText.Of(ComposedText.Apart(composed)));
    }

    [Theory]
    [InlineData("Ren\u00E9", "Rene\u0301"), InlineData("\uD55C", "\u1112\u1161\u11AB")]
    public void Text_is_taken_apart(string text, string apart) => Assert.Equal(apart, ComposedText.Apart(text));

    [Fact]
    public void What_is_no_text_comes_back_as_it_is()
    {
        Assert.Equal("é\0x", ComposedText.Of("é\0x"));
        Assert.Equal("𝄞é", ComposedText.Of("𝄞e\u0301"));
    }
}
