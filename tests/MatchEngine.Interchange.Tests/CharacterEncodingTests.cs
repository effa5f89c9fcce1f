using System.Text;

namespace MatchEngine.Interchange.Tests;

public sealed class CharacterEncodingTests
{
    [Fact]
    public void Text_is_utf8_where_it_can_be_and_latin_1_where_not()
    {
        Assert.Equal("Zoë 白", FieldText.Decode(Encoding.UTF8.GetBytes("Zoë 白"), CharacterEncoding.Ascii));
        Assert.Equal("Zoë", FieldText.Decode(Encoding.Latin1.GetBytes("Zoë"), CharacterEncoding.Ascii));
        Assert.Equal("Zoë", FieldText.Decode(Encoding.Latin1.GetBytes("Zoë"), CharacterEncoding.Utf8));
        Assert.Equal("ZoÃ«", FieldText.Decode(Encoding.UTF8.GetBytes("Zoë"), CharacterEncoding.Latin1));
    }

    [Theory]
    [InlineData("", CharacterEncoding.Ascii), InlineData("|1.015:000", CharacterEncoding.Ascii),
        InlineData("|1.015:0", CharacterEncoding.Ascii), InlineData("|1.015:003_UTF-8_1", CharacterEncoding.Utf8)]
    [InlineData("|1.015:001", CharacterEncoding.Latin1), InlineData("|1.015:002", CharacterEncoding.Utf16),
        InlineData("|1.015:004", CharacterEncoding.Utf32), InlineData("|1.015:130", CharacterEncoding.Other)]
    [InlineData("|1.015:junk", CharacterEncoding.Other)]
    public void The_header_names_the_encoding(string field, CharacterEncoding encoding) =>
        Assert.Equal(encoding, Transaction.Read(Samples.Text($"1.001:{9 + field.Length}{field}$")).Header.Encoding);

    [Fact]
    public void Written_text_is_what_is_read()
    {
        foreach (var text in (string[])["", "plain", "Zoë 白 ☺", "\U0001F600"])
            Assert.Equal(text, FieldText.Decode(FieldText.Encode(text), CharacterEncoding.Utf8));
        foreach (var text in (string[])["\u001C", "\u0000", "a\tb", "\u007F", "\uDC00"])
            Assert.ThrowsAny<ArgumentException>(() => FieldText.Encode(text));
    }
}
