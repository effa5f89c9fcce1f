using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Tests.Models;

public sealed class ModelDraftTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("matchengine-draft-").FullName;
    private readonly ModelCatalog _catalog = ModelCatalog.Read();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ModelCard Card(string id) => _catalog.Cards.Single(card => card.Id == id);

    private static ModelCard Pattern(string id) => ModelCatalog.Read(ModelCatalog.PatternsFolder).Cards.Single(card => card.Id == id);

    [Theory]
    [InlineData("fr-detect"), InlineData("fr-landmark"), InlineData("fr-feature")]
    public void A_card_drafted_from_an_installed_models_file_says_what_the_installed_card_says(string id)
    {
        var card = Card(id);
        var draft = ModelDraft.Make(card.Path, card, "again", new ModelDraftOptions { Licence = "MIT" });
        Assert.Equal(
            (card.Sha256, card.Task, card.Detection, card.Landmarks, card.Embedding),
            (draft.Sha256, draft.Task, draft.Detection, draft.Landmarks, draft.Embedding));
        Assert.Equal(
            (card.Input.Width, card.Input.Height, card.Input.Channels), (draft.Input.Width, draft.Input.Height, draft.Input.Channels));
        Assert.Equal((true, "MIT", "unknown", null), (draft.Draft, draft.Licence, draft.TrainingData, draft.Calibrations));
        // What is written can be read, and is the same but for lists, which compare by reference.
        var path = ModelDraft.Install(draft, _folder);
        var read = ModelCard.Read(path);
        Assert.Equal(draft.Input.Mean, read.Input.Mean);
        Assert.Equal(draft.At(_folder, "again") with { Input = read.Input }, read);
    }

    [Fact]
    public void The_dimension_comes_from_the_file()
    {
        var card = Card("fr-feature");
        var like = card with { Embedding = card.Embedding! with { Dimension = 128 } };
        Assert.Equal(512, ModelDraft.Make(card.Path, like, "again", new()).Embedding!.Dimension);
    }

    [Fact]
    public void One_number_stands_for_all_channels_and_a_named_detector_brings_its_own_points()
    {
        var draft = ModelDraft.Make(
            Card("fr-feature").Path, Pattern("arcface"), "again",
            new() { Mean = [0], Deviation = [255], Channels = ChannelOrder.Bgr, Detector = "yunet" });
        Assert.Equal([0, 0, 0], draft.Input.Mean);
        Assert.Equal([255, 255, 255], draft.Input.Deviation);
        Assert.Equal((ChannelOrder.Bgr, "yunet", null), (draft.Input.Channels, draft.Embedding!.Detector, draft.Embedding.Landmarker));
    }

    [Theory]
    [InlineData("fr-landmark", "fr-feature", "takes 1 channels")]
    [InlineData("fr-detect", "fr-feature", "an embedder's first output is one vector")]
    public void What_does_not_fit_is_named(string file, string like, string told) =>
        Assert.Contains(
            told, Assert.Throws<ModelException>(() => ModelDraft.Make(Card(file).Path, Card(like), "new", new())).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("../up"), InlineData(""), InlineData(".hidden"), InlineData("a/b")]
    public void An_id_that_is_no_file_name_is_refused(string id) =>
        Assert.Throws<ModelException>(() => ModelDraft.Make(Card("fr-detect").Path, Card("fr-detect"), id, new()));

    [Fact]
    public void A_file_that_is_no_network_is_refused()
    {
        var file = Path.Combine(_folder, "text.onnx");
        File.WriteAllText(file, "no network");
        Assert.Contains(
            "cannot be loaded",
            Assert.Throws<ModelException>(() => ModelDraft.Make(file, Card("fr-detect"), "new", new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sides_that_the_file_fixes_cannot_be_chosen() =>
        Assert.Throws<ModelException>(
            () => ModelDraft.Make(Card("fr-detect").Path, Card("fr-detect"), "new", new() { Input = (640, 480) }));

    [Fact]
    public void Another_file_of_that_name_stays_and_no_card_is_left()
    {
        var draft = ModelDraft.Make(Card("fr-detect").Path, Card("fr-detect"), "new", new());
        File.WriteAllText(Path.Combine(_folder, draft.File), "somebody's");
        Assert.Throws<ModelException>(() => ModelDraft.Install(draft, _folder));
        Assert.Equal([draft.File], Directory.GetFiles(_folder).Select(Path.GetFileName));
        Assert.Equal("somebody's", File.ReadAllText(Path.Combine(_folder, draft.File)));
    }

    [Theory]
    [InlineData("Float", new[] { 1, 112, 112, 3 }, "channels come last")]
    [InlineData("UInt8", new[] { 1, 3, 112, 112 }, "float32")]
    [InlineData("Float", new[] { 3, 112, 112 }, "N×C×H×W")]
    [InlineData("Float", new[] { 8, 3, 112, 112 }, "8 images at a time")]
    [InlineData("Float", new[] { 1, 5, 112, 112 }, "5 channels")]
    public void A_network_no_card_can_describe_is_told_why(string type, int[] shape, string told) =>
        Assert.Contains(
            told, new OnnxSignature([new("input", type, shape)], [new("output", "Float", [1, 512])]).Complaint(), StringComparison.Ordinal);

    [Fact]
    public void A_network_of_two_inputs_or_of_whole_numbers_is_told_so()
    {
        OnnxTensor image = new("input", "Float", [-1, 3, -1, -1]), output = new("output", "Float", [1, 512]);
        Assert.Null(new OnnxSignature([image], [output]).Complaint());
        Assert.Contains("2 inputs", new OnnxSignature([image, image], [output]).Complaint(), StringComparison.Ordinal);
        Assert.Contains(
            "Int64", new OnnxSignature([image], [output, output with { Type = "Int64" }]).Complaint(), StringComparison.Ordinal);
    }
}
