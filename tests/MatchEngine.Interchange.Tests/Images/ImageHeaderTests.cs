using MatchEngine.Interchange.Images;

namespace MatchEngine.Interchange.Tests.Images;

public sealed class ImageHeaderTests
{
    [Theory]
    [InlineData(Samples.Sap10, 1181, 1575), InlineData(Samples.Tattoo, 640, 400), InlineData(Samples.Node, 201, 251)]
    public void Sizes_in_real_jpegs_agree_with_the_records(string file, int width, int height)
    {
        var image = Samples.Read(file).Images.First();
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(new ImageHeader("JPEGB", width, height, 3), ImageHeader.Read(image.Data.Span));
    }

    [Fact]
    public void Frames_of_jpeg_are_told_apart()
    {
        Assert.Equal(new ImageHeader("JPEGB", 300, 200, 1), ImageHeader.Read(Samples.JpegHeader(300, 200, channels: 1)));
        Assert.Equal(new ImageHeader("JPEGB", 300, 200, 3, IsBaseline: false), ImageHeader.Read(Samples.JpegHeader(300, 200, frame: 0xC2)));
        Assert.False(ImageHeader.Read(Samples.JpegHeader(300, 200, frame: 0xC1))!.IsBaseline);
        Assert.Equal(new ImageHeader("JPEGL", 300, 200, 3), ImageHeader.Read(Samples.JpegHeader(300, 200, frame: 0xC3)));
    }

    [Fact]
    public void Png_and_jpeg_2000_are_read()
    {
        byte[] png = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 2, 0, 0, 0, 1, 0x2C, 8, 2, 0, 0, 0];
        Assert.Equal(new ImageHeader("PNG", 512, 300, 3), ImageHeader.Read(png));
        byte[] jp2 =
        [
            0, 0, 0, 12, .. "jP  "u8, 0x0D, 0x0A, 0x87, 0x0A, 0, 0, 0, 20, .. "ftypjp2 "u8, 0, 0, 0, 0, .. "jp2 "u8, 0, 0, 0, 45,
            .. "jp2h"u8, 0, 0, 0, 22, .. "ihdr"u8, 0, 0, 1, 0x2C, 0, 0, 2, 0, 0, 3, 7, 7, 0, 0,
        ];
        Assert.Equal(new ImageHeader("JP2", 512, 300, 3), ImageHeader.Read(jp2));
        byte[] codestream =
        [
            0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0, 0, 0, 2, 10, 0, 0, 1, 0x2C, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0,
            1, 0x2C, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
        ];
        Assert.Equal(new ImageHeader("JP2", 512, 300, 1), ImageHeader.Read(codestream));
    }

    [Fact]
    public void Headers_cut_anywhere_give_nothing_and_throw_nothing()
    {
        foreach (var whole in (byte[][])[Samples.JpegHeader(300, 200), Samples.JpegHeader(9, 9, 1, 0xC3)])
            for (var length = 0; length < 30; length++)
                Assert.Null(ImageHeader.Read(whole.AsSpan(0, length)));
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = Samples.JpegHeader(300, 200);
            for (var n = 0; n < 3; n++)
                mutant[random.Next(2, mutant.Length)] = (byte)random.Next(256);
            ImageHeader.Read(mutant.AsSpan(0, random.Next(mutant.Length)));
        }
    }
}
