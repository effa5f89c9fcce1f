using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Tests.Images;

public sealed class DarknessTests
{
    [Theory]
    [InlineData(40, 1.0, true), InlineData(41, 1.0, false), InlineData(255, 0.01, true), InlineData(255, 0.02, false)]
    public void A_picture_is_dark_in_which_no_more_than_a_hundredth_is_bright(byte level, double share, bool dark)
    {
        using var image = new Image(100, 100);
        image.Pixels[..(int)(share * image.Pixels.Length)].Fill(level);
        Assert.Equal(dark, Darkness.IsIn(image));
    }

    [Fact]
    public void A_photo_taken_in_the_dark_is_refused_for_that()
    {
        using var photo = ImageDecoder.Decode(Samples.FaceJpeg(1, 120));
        foreach (ref var value in photo.Pixels)
            value = (byte)(value / 100);
        using var pipeline = new FacePipeline(ModelCatalog.Read());
        var error = Assert.Throws<AcquisitionException>(
            () => pipeline.Extract(photo, new ExtractionRequest(FaceChoice.Only), TestContext.Current.CancellationToken));
        Assert.Equal(AcquisitionFailure.NoFace, error.Reason);
        Assert.Contains("nearly black", error.Message, StringComparison.Ordinal);
    }
}
