using System.Text;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;

namespace MatchEngine.Interchange.Tests.Images;

public sealed class PhotographTests
{
    private static Photograph Image(FaceRecordContent content) =>
        SearchSubmission.From(Transaction.Read(SubmissionWriter.Write(Samples.Header(), content))).Image;

    [Fact]
    public void Raw_grey_becomes_a_pgm()
    {
        var image = Image(Samples.Face());
        Assert.True(image.IsRaw);
        var file = new byte[image.NetpbmLength];
        Assert.Equal(file.Length, image.WriteNetpbm(file));
        Assert.Equal([.. "P5\n16 10\n255\n"u8, .. Enumerable.Range(0, 160).Select(i => (byte)i)], file);
        Assert.ThrowsAny<ArgumentException>(() => image.WriteNetpbm(new byte[file.Length - 1]));
    }

    [Theory]
    [InlineData(ColorSpaces.Rgb), InlineData(ColorSpaces.Srgb), InlineData(ColorSpaces.Ycc), InlineData(ColorSpaces.Undefined)]
    public void Raw_colour_becomes_a_ppm(string space)
    {
        byte[] pixels = [.. Enumerable.Range(0, 480).Select(i => (byte)(i * 7))];
        var image = Image(Samples.Face(pixels) with { ColorSpace = space });
        var file = new byte[image.NetpbmLength];
        image.WriteNetpbm(file);
        Assert.Equal([.. "P6\n16 10\n255\n"u8, .. pixels], file);
    }

    [Theory]
    [InlineData(ColorSpaces.Gray, 159), InlineData(ColorSpaces.Gray, 480), InlineData(ColorSpaces.Rgb, 160),
        InlineData(ColorSpaces.Undefined, 320), InlineData(ColorSpaces.Sycc, 480)]
    public void Raw_pixels_that_contradict_their_size_are_refused(string space, int length)
    {
        var error = Assert.Throws<InterchangeException>(() => Image(Samples.Face(new byte[length]) with { ColorSpace = space }));
        Assert.Equal(InterchangeFault.UnusableImage, error.Fault);
    }

    [Fact]
    public void An_encoded_image_is_handed_on_as_it_is()
    {
        var jpeg = Samples.JpegHeader(640, 480);
        var image = Image(Samples.Face(jpeg) with { Compression = "JPEGB", ColorSpace = "SRGB", Width = 640, Height = 480 });
        Assert.False(image.IsRaw);
        Assert.Equal(jpeg, image.Data.ToArray());
        Assert.Equal(("JPEGB", 640, 480, "SRGB"), (image.Compression, image.Width, image.Height, image.ColorSpace));
        Assert.Throws<InvalidOperationException>(() => image.NetpbmLength);
        // JPEG 2000 goes on too: it is the decoder that names a converter.
        Assert.Equal("JP2", Image(Samples.Face([0xFF, 0x4F, 0xFF, 0x51]) with { Compression = "JP2" }).Compression);
    }

    [Fact]
    public void A_jpeg_that_is_labelled_uncompressed_is_a_jpeg() =>
        Assert.Equal("JPEGB", Image(Samples.Face(Samples.JpegHeader(16, 10))).Compression);

    [Fact]
    public void A_fingerprint_compression_is_refused()
    {
        var file = SubmissionWriter.Write(Samples.Header(), Samples.Face() with { Compression = "JPEGB" });
        Encoding.ASCII.GetBytes("WSQ20").CopyTo(file, file.AsSpan().IndexOf("JPEGB"u8));
        Assert.Equal(
            InterchangeFault.UnusableImage, Assert.Throws<InterchangeException>(() => SearchSubmission.From(Transaction.Read(file))).Fault);
    }
}
