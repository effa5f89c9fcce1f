using System.Numerics;
using MatchEngine.Faces.Detection;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Tests.Models;

namespace MatchEngine.Faces.Tests.Detection;

public sealed class FaceDetectorTests
{
    private static IReadOnlyList<LocatedFace> Detect(FacePipeline pipeline, int sample)
    {
        using var image = ImageDecoder.Decode(Samples.Bytes(sample));
        return pipeline.Detect(image);
    }

    [Theory]
    [InlineData(320), InlineData(640)]
    public void Three_families_of_detectors_see_the_same_faces_in_the_same_places(int side)
    {
        using var models = OtherModels.At(side);
        using var yunet = new FacePipeline(models.Catalog, "mobilefacenet-yunet");
        using var scrfd = new FacePipeline(models.Catalog, "mobilefacenet-scrfd");
        List<float> deviations = [];
        for (var sample = 1; sample <= 6; sample++)
        {
            var expected = Detect(yunet, sample);
            Assert.True(expected.Count >= 3, "the samples are group photos");
            foreach (var face in expected)
            {
                deviations.Add(Deviation(face, Detect(scrfd, sample), sample));
                deviations.Add(Deviation(face, Detect(Samples.Pipeline, sample), sample));
            }
        }
        // Tilted and painted faces divide the networks; a wrong stride, order or scale would divide them everywhere.
        deviations.Sort();
        Assert.InRange(deviations[deviations.Count / 2], 0, 0.2f);
        Assert.InRange(deviations[deviations.Count * 9 / 10], 0, 0.6f);
    }

    /// <summary>How far the eyes of the same face lie apart, in distances between the eyes.</summary>
    private static float Deviation(LocatedFace expected, IReadOnlyList<LocatedFace> found, int sample)
    {
        var same = found.MaxBy(other => other.Box.IntersectionOverUnion(expected.Box));
        Assert.True(
            same is not null && same.Box.IntersectionOverUnion(expected.Box) > 0.4f,
            $"sample {sample}: {expected.Box} is not among {string.Join(", ", found.Select(other => other.Box))}");
        return MathF.Max(
            Vector2.Distance(expected.Points.LeftEye, same.Points.LeftEye),
            Vector2.Distance(expected.Points.RightEye, same.Points.RightEye)) / expected.Points.InterEyeDistance;
    }

    [Fact]
    public void A_card_with_a_decoder_nobody_knows_is_refused()
    {
        var card = ModelCatalog.Read().Find("fr-detect", ModelTask.Detection);
        var wrong = card with { Detection = card.Detection! with { Decoder = "crystal-ball" } };
        using var model = new OnnxModel(wrong);
        Assert.Contains("known: ultraface", Assert.Throws<ModelException>(() => new FaceDetector(model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yunet"), InlineData("scrfd")]
    public void A_file_that_does_not_fit_its_decoder_is_refused(string decoder)
    {
        var card = ModelCatalog.Read().Find("fr-detect", ModelTask.Detection);
        var wrong = card with { Detection = card.Detection! with { Decoder = decoder } };
        using var model = new OnnxModel(wrong);
        Assert.Throws<ModelException>(() => new FaceDetector(model).CreateRun());
    }

    [Fact]
    public void Sides_that_the_strides_do_not_divide_are_refused()
    {
        using var models = OtherModels.At(320);
        var card = models.Catalog.Find("yunet", ModelTask.Detection);
        using var model = new OnnxModel(card with { Input = card.Input with { Width = 330 } });
        Assert.Contains("multiples of 32", Assert.Throws<ModelException>(() => new FaceDetector(model)).Message, StringComparison.Ordinal);
    }
}
