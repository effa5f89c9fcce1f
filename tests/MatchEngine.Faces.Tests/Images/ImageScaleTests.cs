using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class ImageScaleTests
{
    [Fact]
    public void An_image_as_large_as_its_file_leaves_everything_in_place()
    {
        using var image = new Image(30, 20);
        var scale = ImageScale.Of(image);
        Assert.Equal(new Vector2(1.7f, 3.3f), scale.ToOriginal(new Vector2(1.7f, 3.3f)));
        Assert.Equal(new BoundingBox(1.1f, 2.2f, 3.3f, 4.4f), scale.FromOriginal(new BoundingBox(1.1f, 2.2f, 3.3f, 4.4f)));
    }

    [Fact]
    public void Edges_scale_and_centres_of_pixels_lie_in_the_middle_of_the_square_they_stand_for()
    {
        using var image = new Image(50, 25, 200, 100);
        var scale = ImageScale.Of(image);
        Assert.Equal(new BoundingBox(0, 0, 200, 100), scale.ToOriginal(new BoundingBox(0, 0, 50, 25)));
        Assert.Equal(new BoundingBox(8, 4, 12, 16), scale.ToOriginal(new BoundingBox(2, 1, 3, 4)));
        // Pixel 0 stands for the original's pixels 0 to 3.
        Assert.Equal(new Vector2(1.5f, 5.5f), scale.ToOriginal(new Vector2(0, 1)));
        Assert.Equal(new Vector2(0, 1), scale.FromOriginal(new Vector2(1.5f, 5.5f)));
        Assert.Equal(new BoundingBox(2, 1, 3, 4), scale.FromOriginal(new BoundingBox(8, 4, 12, 16)));
    }
}
