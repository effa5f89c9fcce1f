using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces.Tests;

public class AcquisitionExceptionTests
{
    [Fact]
    public void The_same_error_somewhere_keeps_everything_and_says_where()
    {
        var quality = FaceQuality.Of([.. QualityMeasure.All.Select(_ => float.NaN)], null);
        var error = new AcquisitionException(
            AcquisitionFailure.LowQuality, "too poor", [new BoundingBox(1, 2, 3, 4)]) { Quality = quality };

        var placed = error.At("photo.jpg");

        Assert.Equal("photo.jpg: too poor", placed.Message);
        Assert.Equal((error.Reason, "low_quality"), (placed.Reason, placed.Reason.ToCode()));
        Assert.Equal(error.Faces, placed.Faces);
        Assert.Same(quality, placed.Quality);
        Assert.Same(error, placed.InnerException);
    }
}
