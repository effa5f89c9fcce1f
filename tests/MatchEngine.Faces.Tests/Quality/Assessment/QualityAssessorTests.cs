using System.Numerics;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces.Tests.Quality.Assessment;

/// <summary>Each component against pictures whose answer is known.</summary>
public class QualityAssessorTests
{
    [Fact]
    public void A_good_portrait_scores_high_and_needs_no_advice()
    {
        using var portrait = QualityImages.Portrait();
        var quality = QualityImages.Assess(portrait);
        Assert.InRange(quality.Overall, 65, 100);
        Assert.Empty(quality.Advice);
        Assert.Equal(QualityMeasure.All.Select(measure => measure.Name), quality.Components.Select(component => component.Name));
        Assert.All(quality.Components, component => Assert.InRange(component.Score!.Value, 0, 100));
    }

    [Fact]
    public void Blur_takes_sharpness_and_overall_quality_away_step_by_step()
    {
        using var portrait = QualityImages.Portrait();
        var (sharpness, overall) = (double.MaxValue, double.MaxValue);
        FaceQuality quality = null!;
        foreach (var radius in (int[])[0, 1, 3, 6])
        {
            using var blurred = QualityImages.Blurred(portrait, radius);
            quality = QualityImages.Assess(blurred);
            var value = quality[QualityMeasure.Sharpness].Value!.Value;
            Assert.True(
                value < sharpness && quality.Overall < overall,
                $"radius {radius}: sharpness {value} after {sharpness}, overall {quality.Overall} after {overall}");
            (sharpness, overall) = (value, quality.Overall);
        }
        Assert.Contains("blurred", quality[QualityMeasure.Sharpness].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Contrast_and_brightness_leave_sharpness_nearly_alone()
    {
        using var portrait = QualityImages.Portrait();
        using var dimmed = QualityImages.Map(portrait, value => 0.5 * value + 40);
        var (before, after) = (
            QualityImages.Value(portrait, QualityMeasure.Sharpness), QualityImages.Value(dimmed, QualityMeasure.Sharpness));
        Assert.InRange(after / before, 0.9, 1.1);
    }

    [Fact]
    public void Darkness_and_glare_are_told_from_each_other()
    {
        using var portrait = QualityImages.Portrait();
        using var dark = QualityImages.Map(portrait, value => 0.3 * value - 28);
        using var bright = QualityImages.Map(portrait, value => 1.6 * value + 40);
        var (before, darkened, glaring) = (QualityImages.Assess(portrait), QualityImages.Assess(dark), QualityImages.Assess(bright));
        Assert.InRange(before[QualityMeasure.UnderExposurePrevention].Value!.Value, 0, 5);
        Assert.InRange(darkened[QualityMeasure.UnderExposurePrevention].Value!.Value, 30, 100);
        Assert.Contains("black", darkened[QualityMeasure.UnderExposurePrevention].Advice, StringComparison.Ordinal);
        Assert.InRange(before[QualityMeasure.OverExposurePrevention].Value!.Value, 0, 5);
        Assert.InRange(glaring[QualityMeasure.OverExposurePrevention].Value!.Value, 30, 100);
        Assert.Contains("burnt out", glaring[QualityMeasure.OverExposurePrevention].Advice, StringComparison.Ordinal);
        // A third of the levels is about one and a half bits fewer.
        Assert.InRange(before[QualityMeasure.DynamicRange].Value!.Value - darkened[QualityMeasure.DynamicRange].Value!.Value, 1, 4);
    }

    [Theory]
    [InlineData(0.5), InlineData(0.25), InlineData(2)]
    public void Inter_eye_distance_grows_with_the_picture(double scale)
    {
        using var portrait = QualityImages.Portrait();
        using var scaled = QualityImages.Turned(portrait, 0, scale);
        var expected = scale * QualityImages.Value(portrait, QualityMeasure.InterEyeDistance);
        var component = QualityImages.Assess(scaled)[QualityMeasure.InterEyeDistance];
        Assert.InRange(component.Value!.Value / expected, 0.95, 1.05);
        Assert.Equal(component.Value < 30, component.Advice is not null);
        if (component.Advice is { } advice)
            Assert.StartsWith($"inter-eye distance {component.Value:0} px; at least 30 wanted", advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-30), InlineData(12), InlineData(25)]
    public void Roll_is_what_the_picture_was_turned_by(double degrees)
    {
        using var portrait = QualityImages.Portrait();
        using var turned = QualityImages.Turned(portrait, degrees);
        var (before, after) = (
            QualityImages.Value(portrait, QualityMeasure.HeadPoseRoll), QualityImages.Value(turned, QualityMeasure.HeadPoseRoll));
        Assert.Equal(degrees, after - before, 2.5);
    }

    [Fact]
    public void A_lying_face_is_told_and_otherwise_judged_like_the_upright_one()
    {
        using var portrait = QualityImages.Portrait();
        using var lying = QualityImages.Turned(portrait, 90);
        var (upright, quality) = (QualityImages.Assess(portrait), QualityImages.Assess(lying));
        Assert.Equal(90, quality[QualityMeasure.HeadPoseRoll].Value!.Value - upright[QualityMeasure.HeadPoseRoll].Value!.Value, 6.0);
        Assert.Contains("upright", quality[QualityMeasure.HeadPoseRoll].Advice, StringComparison.Ordinal);
        foreach (var measure in (QualityMeasure[])[
            QualityMeasure.MarginAboveOfTheFaceImage, QualityMeasure.MarginBelowOfTheFaceImage, QualityMeasure.LeftwardCropOfTheFaceImage])
            Assert.Equal(upright[measure].Value!.Value, quality[measure].Value!.Value, 0.25);
    }

    [Theory]
    [InlineData(5, true), InlineData(95, false)]
    public void Strong_compression_is_seen(int jpegQuality, bool advised)
    {
        using var portrait = QualityImages.Portrait(600);
        using var compressed = QualityImages.Compressed(portrait, jpegQuality);
        // A crop moves the grid of blocks.
        using var cropped = QualityImages.Part(compressed, 3, 5, 580, 580);
        foreach (var image in (Image[])[compressed, cropped])
        {
            var component = QualityImages.Assess(image)[QualityMeasure.CompressionArtifacts];
            Assert.True(component.Advice is not null == advised, $"{component.Value}");
        }
    }

    [Fact]
    public void A_face_that_is_cut_off_is_told_on_the_right_side()
    {
        using var portrait = QualityImages.Portrait();
        var points = Samples.Pipeline.Detect(portrait)[0].Points;
        var near = (int)(0.3f * points.InterEyeDistance);
        var (left, right) = ((int)points.LeftEye.X - near, (int)points.RightEye.X + near);
        var chin = (int)(points.LeftMouth.Y + 0.2f * points.InterEyeDistance);
        foreach (var (measure, part) in new[]
        {
            (QualityMeasure.LeftwardCropOfTheFaceImage, (left, 0, 300 - left, 300)),
            (QualityMeasure.RightwardCropOfTheFaceImage, (0, 0, right, 300)),
            (QualityMeasure.MarginBelowOfTheFaceImage, (0, 0, 300, chin)),
        })
        {
            var (x, y, width, height) = part;
            using var cut = QualityImages.Part(portrait, x, y, width, height);
            var beyond = QualityImages.Assess(cut).Components.Where(
                component => component.Name.Contains("FaceImage", StringComparison.Ordinal) && component.Advice is not null).ToArray();
            Assert.Contains(measure.Name, beyond.Select(component => component.Name));
            Assert.Contains("cut off", beyond[0].Advice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Painted_over_eyes_count_as_closed()
    {
        using var portrait = QualityImages.Portrait();
        Assert.InRange(QualityImages.Value(portrait, QualityMeasure.EyesOpen), 50, 100);
        var face = Samples.Pipeline.Detect(portrait)[0];
        var points = face.Points;
        // The skin between eye and brow, drawn over the eye with a dark line where the lids meet.
        foreach (var eye in (Vector2[])[points.LeftEye, points.RightEye])
        {
            var (width, height) = ((int)(0.3f * points.InterEyeDistance), (int)(0.13f * points.InterEyeDistance));
            var skin = portrait.Row((int)(points.Nose.Y - 0.1f * points.InterEyeDistance)).Slice(3 * (int)eye.X, 3).ToArray();
            for (var y = -height; y <= height; y++)
                for (var x = -width; x <= width; x++)
                {
                    if ((double)x * x / (width * width) + (double)y * y / (height * height) > 1)
                        continue;
                    var pixel = portrait.Row((int)eye.Y + y).Slice(3 * ((int)eye.X + x), 3);
                    for (var c = 0; c < 3; c++)
                        pixel[c] = (byte)(skin[c] * (Math.Abs(y - height / 2) <= 1 ? 0.35 : 0.95));
                }
        }
        Assert.InRange(QualityImages.Value(portrait, QualityMeasure.EyesOpen), 0, 50);
    }

    [Fact]
    public void What_cannot_be_measured_is_absent_and_has_no_say()
    {
        using var without = new FacePipeline(ModelCatalog.Read(), options: new(HeadPose: null, EyeState: null));
        using var portrait = QualityImages.Portrait();
        var quality = without.Assess(portrait)[0].Quality;
        var eyes = quality[QualityMeasure.EyesOpen];
        Assert.Equal((null, null, null), (eyes.Value, eyes.Score, eyes.Advice));
        Assert.NotNull(quality[QualityMeasure.HeadPoseYaw].Value);
        var (sum, weights) = (0.0, 0);
        foreach (var component in quality.Components.Where(component => component.Score is not null))
            (sum, weights) = (sum + component.Measure.Weight * component.Score!.Value, weights + component.Measure.Weight);
        Assert.Equal(sum / weights, quality.Overall, 1e-9);
    }

    [Fact]
    public void Extraction_tells_the_same_quality_as_assessment_and_only_when_asked()
    {
        var photo = Samples.Bytes(2);
        using var image = ImageDecoder.Decode(photo);
        var assessed = Samples.Pipeline.Assess(image);
        var extracted = Samples.Pipeline.Extract(photo, new(FaceChoice.All) { Quality = true });
        var plain = Samples.Pipeline.Extract(photo, new(FaceChoice.All));
        for (var i = 0; i < assessed.Count; i++)
        {
            Assert.Equal(
                assessed[i].Quality.Components.Select(component => component.Value),
                extracted.Faces[i].Quality!.Components.Select(component => component.Value));
            Assert.Equal(plain.Faces[i].Embedding, extracted.Faces[i].Embedding);
            Assert.Null(plain.Faces[i].Quality);
        }
        Assert.True(extracted.Elapsed.Assess > TimeSpan.Zero && plain.Elapsed.Assess == TimeSpan.Zero);
    }
}
