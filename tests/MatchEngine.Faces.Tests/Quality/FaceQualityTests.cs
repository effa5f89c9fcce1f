using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces.Tests.Quality;

public class FaceQualityTests
{
    private static readonly EmbeddingLength Length = new(2, 4.5, 2.5);

    private static float[] Values(params (QualityMeasure Measure, double Value)[] changed)
    {
        // A face without a flaw.
        var values = QualityMeasure.All.Select(measure => measure.IsLimitLeast ? 1000f : 0f).ToArray();
        foreach (var (measure, value) in changed)
            values[measure.Index] = (float)value;
        return values;
    }

    [Fact]
    public void A_face_without_a_flaw_scores_100() =>
        Assert.Equal(100, FaceQuality.Of(Values((QualityMeasure.LandmarkAgreement, 0.5)), Length).Overall, 1e-9);

    [Fact]
    public void Overall_falls_when_a_weighted_component_does_and_stays_when_another_does()
    {
        foreach (var measure in QualityMeasure.All)
        {
            var limit = measure == QualityMeasure.UnifiedQualityScore ? Length.Limit : measure.Limit;
            var steps = measure.IsLimitLeast
                ? (double[])[4 * limit, 2 * limit, limit, limit / 2, 0]
                : [0, limit / 2, limit, 2 * limit, 4 * limit];
            var scores = steps.Select(step => FaceQuality.Of(Values((measure, step)), Length)).ToArray();
            Assert.Equal(
                scores.Select(quality => quality[measure].Score!.Value).OrderDescending(),
                scores.Select(quality => quality[measure].Score!.Value));
            Assert.True(
                measure.Weight > 0 ? scores[0].Overall > scores[^1].Overall : scores[0].Overall == scores[^1].Overall, measure.Name);
            // A sentence from the limit on, and not before.
            Assert.Equal([false, false, false, true, true], scores.Select(quality => quality[measure].Advice is not null));
            Assert.DoesNotContain("{", scores[^1][measure].Advice!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Angles_count_on_both_sides()
    {
        var (left, right) = (FaceQuality.Of(Values((QualityMeasure.HeadPoseYaw, -60)), Length), FaceQuality.Of(
            Values((QualityMeasure.HeadPoseYaw, 60)), Length));
        Assert.Equal(25, right[QualityMeasure.HeadPoseYaw].Score!.Value, 1e-3);
        Assert.Equal(left[QualityMeasure.HeadPoseYaw].Advice, right[QualityMeasure.HeadPoseYaw].Advice);
        Assert.StartsWith("the head is turned aside by 60°", right[QualityMeasure.HeadPoseYaw].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_of_OFIQ_are_OFIQ_s()
    {
        // 100 / (1 + exp((70 − x) / 20)); 100 cos²; 12.5 bits; 1 / (x + 0.01); 100 / (1 + exp((0.9 − x) / 0.1)).
        var quality = FaceQuality.Of(
            Values(
                (QualityMeasure.InterEyeDistance, 90), (QualityMeasure.HeadPoseRoll, 45), (QualityMeasure.DynamicRange, 7),
                (QualityMeasure.OverExposurePrevention, 4), (QualityMeasure.LeftwardCropOfTheFaceImage, 0.9)), Length);
        Assert.Equal(73.1, quality[QualityMeasure.InterEyeDistance].Score!.Value, 0.05);
        Assert.Equal(50, quality[QualityMeasure.HeadPoseRoll].Score!.Value, 0.01);
        Assert.Equal(87.5, quality[QualityMeasure.DynamicRange].Score!.Value, 0.01);
        Assert.Equal(20, quality[QualityMeasure.OverExposurePrevention].Score!.Value, 0.01);
        Assert.Equal(50, quality[QualityMeasure.LeftwardCropOfTheFaceImage].Score!.Value, 0.01);
    }

    [Fact]
    public void An_embedder_whose_lengths_nobody_knows_leaves_the_score_to_the_others()
    {
        var quality = FaceQuality.Of(Values((QualityMeasure.Sharpness, 3)), null);
        Assert.Null(quality[QualityMeasure.UnifiedQualityScore].Value);
        Assert.Equal(75, quality.Overall, 1e-9);
    }

    [Fact]
    public void A_poor_face_is_refused_with_its_advice_and_a_good_one_is_not()
    {
        var poor = FaceQuality.Of(
            Values((QualityMeasure.UnifiedQualityScore, 2.1), (QualityMeasure.Sharpness, 1), (QualityMeasure.EyesOpen, 0.2)), Length);
        var shortfall = poor.Shortfall(poor.Overall + 0.01);
        Assert.StartsWith("the face's quality is", shortfall, StringComparison.Ordinal);
        Assert.Contains("blurred", shortfall, StringComparison.Ordinal);
        foreach (var least in (double?[])[poor.Overall, null, 0])
            Assert.Null(poor.Shortfall(least));
    }

    [Fact]
    public void A_refusal_without_a_component_beyond_its_limit_names_the_weakest() => Assert.Contains(
        "Sharpness is the weakest",
        FaceQuality.Of(Values((QualityMeasure.Sharpness, 4.2)), Length).Shortfall(99),
        StringComparison.Ordinal);

    [Fact]
    public void Measures_are_found_by_name() =>
        Assert.All(QualityMeasure.All, measure => Assert.Same(measure, QualityMeasure.Find(measure.Name.ToLowerInvariant())));
}
