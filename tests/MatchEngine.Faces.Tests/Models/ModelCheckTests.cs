using MatchEngine.Faces.Models;
using MatchEngine.Faces.Models.SelfTest;

namespace MatchEngine.Faces.Tests.Models;

/// <summary>
/// What the self-test lets pass and what it catches. A wrong order of red and blue it mostly does not: networks bear it (models/README.md).
/// </summary>
public sealed class ModelCheckTests
{
    private static readonly ModelCatalog Catalog = ModelCatalog.Read();

    private static ModelCheck Run(ModelCard card) =>
        ModelCheck.Run(Catalog, card, Enumerable.Range(1, 6).Select(Samples.Bytes), TestContext.Current.CancellationToken);

    private static ModelCard Card(string id) => Catalog.Cards.Single(card => card.Id == id);

    private static ModelCard Fed(string id, float mean, float deviation)
    {
        var card = Card(id);
        float[] PerPlane(float value) => [.. Enumerable.Repeat(value, card.Input.Planes)];
        return card with { Input = card.Input with { Mean = PerPlane(mean), Deviation = PerPlane(deviation) } };
    }

    private static void FailsAt(string step, ModelCheck check)
    {
        Assert.False(check.Passed);
        Assert.Equal(step, check.Steps.Single(other => !other.Passed).Name);
    }

    [Theory]
    [InlineData("fr-detect"), InlineData("fr-landmark"), InlineData("fr-feature"), InlineData("fr-pose"), InlineData("fr-eye")]
    public void Installed_models_pass(string id)
    {
        var check = Run(Card(id));
        Assert.True(check.Passed, check.Detail);
    }

    [Theory]
    [InlineData("fr-feature", 0, 1, "identities")]
    [InlineData("fr-detect", 0, 1, "faces")]
    [InlineData("fr-detect", 0, 255, "normalisation")]
    [InlineData("fr-landmark", 0, 1, "points")]
    public void A_wrong_normalisation_is_caught(string id, float mean, float deviation, string step) =>
        FailsAt(step, Run(Fed(id, mean, deviation)));

    [Fact]
    public void A_wrong_meaning_of_the_outputs_is_caught()
    {
        var pose = Card("fr-pose");
        FailsAt("pose", Run(pose with { HeadPose = pose.HeadPose! with { YawToViewersLeft = false } }));
        FailsAt("pose", Run(pose with { HeadPose = pose.HeadPose! with { Yaw = pose.HeadPose.Pitch, Pitch = pose.HeadPose.Yaw } }));
        var eyes = Card("fr-eye");
        FailsAt("eyes", Run(eyes with { EyeState = eyes.EyeState! with { Open = 0 } }));
        FailsAt("eyes", Run(Fed("fr-eye", 0, 1)));
    }

    [Fact]
    public void Other_peoples_models_pass_with_their_cards_and_fail_with_others()
    {
        using var models = OtherModels.At(320);
        foreach (var id in (string[])["yunet", "scrfd", "mobilefacenet-yunet"])
        {
            var card = models.Catalog.Cards.Single(card => card.Id == id);
            var check = ModelCheck.Run(
                models.Catalog, card, Enumerable.Range(1, 6).Select(Samples.Bytes), TestContext.Current.CancellationToken);
            Assert.True(check.Passed, $"{id}: {check.Detail}");
        }
        var yunet = models.Catalog.Find("yunet", ModelTask.Detection);
        FailsAt("normalisation", Run(yunet with { Input = yunet.Input with { Channels = ChannelOrder.Rgb } }));
        FailsAt("faces", Run(yunet with { Input = yunet.Input with { Mean = [127.5f, 127.5f, 127.5f], Deviation = [128, 128, 128] } }));
        var embedder = models.Catalog.Find("mobilefacenet-yunet", ModelTask.Embedding);
        FailsAt("normalisation", ModelCheck.Run(
            models.Catalog, embedder with { Input = embedder.Input with { Mean = [0, 0, 0], Deviation = [255, 255, 255] } },
            Enumerable.Range(1, 6).Select(Samples.Bytes), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Outputs_of_another_layout_are_named()
    {
        var card = Card("fr-detect");
        FailsAt("network", Run(card with { Detection = card.Detection! with { Decoder = "yunet" } }));
        var other = Card("fr-feature");
        var check = Run(other with { Task = ModelTask.Detection, Detection = card.Detection });
        FailsAt("network", check);
        Assert.Contains("no output 'scores'; it has output", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_partner_that_is_not_there_is_named()
    {
        var card = Card("fr-feature");
        var check = Run(card with { Embedding = card.Embedding! with { Detector = "nobody" } });
        FailsAt("partners", check);
        Assert.Contains("nobody", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_swapped_file_fails_at_its_digest() => FailsAt("digest", Run(Card("fr-detect") with { Sha256 = new string('0', 64) }));

    [Fact]
    public void Photos_whose_faces_nobody_knows_test_no_behaviour() =>
        Assert.DoesNotContain(
            ModelCheck.Run(Catalog, Card("fr-detect"), [Samples.FaceJpeg(1)], TestContext.Current.CancellationToken).Steps,
            step => step.Name == "faces");
}
