using System.Text.Json.Nodes;
using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Tests.Models;

public sealed class ModelCardTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("matchengine-cards-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ModelCard Read(Action<JsonObject> change)
    {
        var card = JsonNode.Parse(File.ReadAllText(Path.Combine(ModelCatalog.InstalledFolder, "fr-feature.json")))!.AsObject();
        change(card);
        var path = Path.Combine(_folder, "changed.json");
        File.WriteAllText(path, card.ToJsonString());
        return ModelCard.Read(path);
    }

    [Fact]
    public void Every_installed_card_describes_the_file_beside_it()
    {
        var cards = ModelCatalog.Read().Cards;
        Assert.Equal(["fr-detect", "fr-eye", "fr-feature", "fr-landmark", "fr-pose"], cards.Select(card => card.Id));
        foreach (var card in cards)
            Assert.NotEmpty(ModelStore.ReadOriginal(card));
    }

    [Fact]
    public void Cards_say_unknown_where_nobody_tells_what_a_model_was_trained_on() =>
        Assert.All(ModelCatalog.Read().Cards, card => Assert.Equal("unknown", card.TrainingData));

    [Theory]
    [InlineData("sha256", "\"ABC\"")]
    [InlineData("file", "\"../elsewhere.onnx\"")]
    [InlineData("file", "\"/etc/passwd\"")]
    [InlineData("embedding", "null")]
    [InlineData("task", "\"guessing\"")]
    [InlineData("surprise", "1")]
    public void A_wrong_field_is_told_with_the_card(string field, string json)
    {
        var error = Assert.Throws<ModelException>(() => Read(card => card[field] = JsonNode.Parse(json)));
        Assert.Contains("changed.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256"), InlineData("file"), InlineData("licence"), InlineData("trainingData"), InlineData("input")]
    public void A_missing_field_is_told(string field) =>
        Assert.Contains(
            field, Assert.Throws<ModelException>(() => Read(card => card.Remove(field))).Message, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void A_deviation_of_zero_is_refused() =>
        Assert.Throws<ModelException>(() => Read(card => card["input"]!["deviation"] = new JsonArray(0, 1, 1)));

    [Fact]
    public void An_unknown_model_is_told_with_those_there_are()
    {
        var error = Assert.Throws<ModelException>(() => ModelCatalog.Read().Find("nothing", ModelTask.Embedding));
        Assert.Contains("fr-feature", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_with_sides_other_than_the_files_is_refused()
    {
        var landmark = ModelCatalog.Read().Find("fr-landmark", ModelTask.Landmarks);
        var wrong = landmark with { Input = landmark.Input with { Width = 96 } };
        Assert.Contains(
            "its card says", Assert.Throws<ModelException>(() => new OnnxModel(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_with_a_dimension_other_than_the_files_is_refused()
    {
        var card = ModelCatalog.Read().Find("fr-feature", ModelTask.Embedding);
        var wrong = card with { Embedding = card.Embedding! with { Dimension = 128 } };
        Assert.Throws<ModelException>(() => new FaceEmbedder(new OnnxModel(wrong)));
    }
}
