using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class ImageFormatTests
{
    [Fact]
    public void No_prefix_of_any_length_makes_the_sniffer_fail()
    {
        var random = new Random(5);
        for (var length = 0; length < 16; length++)
            for (var i = 0; i < 200; i++)
            {
                var bytes = new byte[length];
                random.NextBytes(bytes);
                Assert.True(Enum.IsDefined(ImageFormats.Sniff(bytes)));
            }
    }

    [Theory]
    [InlineData("49492A00", "Tiff"), InlineData("4D4D002A", "Tiff"), InlineData("49492B00", "Tiff"), InlineData("FFD8FFE0", "Jpeg")]
    [InlineData("89504E470D0A1A0A", "Png"), InlineData("524946460000000057454250", "WebP"),
        InlineData("FF4FFF51", "Jpeg2000"), InlineData("FF0A", "JpegXl")]
    [InlineData("524946460000000041564920", "Unknown"), InlineData("312E3030313A353233", "AnsiNist"),
        InlineData("312E30313A3532331D", "AnsiNist")]
    public void Signatures_tell_the_format(string hex, string format) =>
        Assert.Equal(format, ImageFormats.Sniff(Convert.FromHexString(hex)).ToString());

    [Theory]
    [InlineData("heic", "mif1heic", "Heif"), InlineData("heix", "", "Heif"), InlineData("mif1", "mif1heic", "Heif")]
    [InlineData("mif1", "miafavif", "Avif"), InlineData("avis", "msf1", "Avif"), InlineData("msf1", "hevc", "Heif")]
    [InlineData("mif1", "miaf", "Heif"), InlineData("isom", "mp41avc1", "Film"), InlineData("qt  ", "qt  ", "Film")]
    public void Brands_tell_still_images_of_two_codecs_and_films_apart(string major, string others, string format)
    {
        var length = 16 + others.Length;
        byte[] file = [0, 0, 0, (byte)length, .. System.Text.Encoding.ASCII.GetBytes("ftyp" + major + "\0\0\0\0" + others + "....avif")];
        Assert.Equal(format, ImageFormats.Sniff(file).ToString());
    }

    [Fact]
    public void Every_format_has_a_name() =>
        Assert.All(Enum.GetValues<ImageFormat>(), format => Assert.False(string.IsNullOrWhiteSpace(format.Name())));
}
