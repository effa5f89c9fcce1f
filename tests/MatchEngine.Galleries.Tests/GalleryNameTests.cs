
namespace MatchEngine.Galleries.Tests;

public class GalleryNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("lfw-a")]
    [InlineData("Booking.2026_11")]
    [InlineData("0")]
    [InlineData("console")]
    public void Letters_digits_and_three_signs_make_a_name(string name)
    {
        Assert.True(GalleryName.IsValid(name));
        Assert.Same(name, GalleryName.Require(name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("-g")]
    [InlineData("../other")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("C:")]
    [InlineData("/etc")]
    [InlineData("a\n")]
    [InlineData("a\0b")]
    [InlineData("ends.")]
    [InlineData("nul")]
    [InlineData("COM1.txt")]
    [InlineData("ärzte")]
    public void Anything_a_file_system_could_misread_is_refused(string? name)
    {
        Assert.False(GalleryName.IsValid(name));
        Assert.Contains(
            "1 to 64 letters", Assert.Throws<ArgumentException>(() => GalleryName.Require(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sixty_four_characters_are_the_limit()
    {
        Assert.True(GalleryName.IsValid(new string('x', 64)));
        Assert.False(GalleryName.IsValid(new string('x', 65)));
    }
}
