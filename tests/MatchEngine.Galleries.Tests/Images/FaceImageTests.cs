using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Images;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Images;

public class FaceImageTests
{
    [Fact]
    public void The_crop_is_the_face_with_its_margin_enlarged()
    {
        // Pixels of the picture say where they are: red is x, green is y.
        using var photo = ImageDecoder.Decode(FakeImage.Picture("", new FakeFace(1)));
        var jpeg = FaceImage.Cut(photo, new BoundingBox(80, 60, 40, 30), margin: 1.5f, size: 240);

        using var crop = ImageDecoder.Decode(jpeg);
        Assert.Equal((240, 240), (crop.Width, crop.Height));
        // 60 pixels around (100, 75), enlarged by 4.
        Check(0, 0, 70, 45);
        Check(120, 120, 100, 75);
        Check(239, 239, 129.75, 104.75);

        void Check(int x, int y, double sourceX, double sourceY)
        {
            var pixel = crop.Row(y).Slice(3 * x, 3);
            Assert.InRange(pixel[0], sourceX - 3, sourceX + 3);
            Assert.InRange(pixel[1], sourceY - 3, sourceY + 3);
        }
    }

    [Theory]
    [InlineData(0f, 100)]
    [InlineData(float.NaN, 100)]
    [InlineData(9f, 100)]
    [InlineData(1f, 15)]
    [InlineData(1f, 4096)]
    public void Margins_and_sizes_have_limits(float margin, int size)
    {
        using var photo = ImageDecoder.Decode(FakeImage.Picture("", new FakeFace(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => FaceImage.Cut(photo, new BoundingBox(80, 60, 40, 30), margin, size));
    }
}
