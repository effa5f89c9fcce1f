using MatchEngine.Faces.Images;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Searches;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;

namespace MatchEngine.Vetting.Tests.Conduct;

public class AlteredPhotosTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_turned_photo_is_the_same_upright(int orientation)
    {
        // Not square, so that exchanged sides show.
        using var image = new Image(48, 32);
        for (var y = 0; y < 32; y++)
            for (var x = 0; x < 48; x++)
                (image.Row(y)[3 * x], image.Row(y)[3 * x + 1], image.Row(y)[3 * x + 2]) = ((byte)(5 * x), (byte)(7 * y), 90);
        var turned = AlteredPhotos.Turned(new PhotoInput(ImageEncoder.ToPng(image)), orientation);
        // The decoder is the product's own and was tested against libvips.
        using var upright = ImageDecoder.Decode(turned.Bytes.Span);
        Assert.Equal((48, 32), (upright.Width, upright.Height));
        for (var i = 0; i < image.Pixels.Length; i++)
            Assert.InRange(upright.Pixels[i] - image.Pixels[i], -24, 24);
    }

    [Fact]
    public void A_crop_is_the_middle_and_two_photos_stand_beside_each_other()
    {
        using var crop = ImageDecoder.Decode(AlteredPhotos.Crop(FakeFace.Input(1), 0.5).Bytes.Span);
        Assert.Equal((32, 32), (crop.Width, crop.Height));
        using var both = ImageDecoder.Decode(AlteredPhotos.SideBySide(FakeFace.Input(1), FakeFace.Input(2)).Bytes.Span);
        Assert.Equal((128, 64), (both.Width, both.Height));
    }

    [Fact]
    public void The_tattoo_is_a_good_record_of_no_face()
    {
        var file = AlteredPhotos.TattooRecord(FakeFace.Input(1)).Bytes;
        var error = Assert.Throws<InterchangeException>(() => SearchSubmission.From(Transaction.Read(file)));
        Assert.Contains("TATTOO", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_files_are_refused_by_our_own_decoder() => Assert.All(
        AlteredPhotos.Hostile(FakeFace.Input(1)),
        one => Assert.Throws<Faces.AcquisitionException>(() => ImageDecoder.Decode(one.File.Bytes.Span).Dispose()));
}
