using System.Text.Json.Nodes;
using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Models;
using MatchEngine.Rates.Calibrations;

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

    [Theory]
    [InlineData("calibration", "calibrations")]
    [InlineData("correctedCalibration", "correctedCalibrations")]
    public void A_table_without_a_population_is_refused_with_the_remedy(string old, string now)
    {
        var table = JsonNode.Parse("""{ "dataSet": "set", "impostors": 10, "points": [{ "score": 0.1, "falseMatches": 1 }] }""");
        var error = Assert.Throws<ModelException>(() => Read(card => card[old] = table));
        Assert.Contains($"\"{old}\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("models calibrate", error.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{now}\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{ "points": [] }]""", "population")]
    [InlineData("""[{ "population": null, "points": [] }]""", "calibrations[0]")]
    [InlineData("""[null]""", "calibrations[0]")]
    [InlineData("""[{ "population": { "dataSet": "s", "restriction": "same-colour", "people": 9, "comparisons": 9 }, "points": [] }]""",
        "restriction")]
    [InlineData("""[{ "population": { "dataSet": "s", "restriction": "random-pairs", "people": 9, "comparisons": 9 }, "points": [] }]""",
        "calibrations[0]")]
    [InlineData("""
        [{ "population": { "dataSet": "s", "restriction": "group", "people": 9, "comparisons": 9 },
           "points": [{ "score": 0.1, "falseMatches": 1 }] }]
        """, "calibrations[0]")]
    [InlineData("""
        [{ "population": { "dataSet": "s", "restriction": "same-sex", "people": 9, "comparisons": 9 },
           "points": [{ "score": 0.1, "falseMatches": 1 }] }]
        """, "random pairs")]
    public void A_calibration_that_is_not_in_order_is_told_by_its_place(string json, string named)
    {
        var error = Assert.Throws<ModelException>(() => Read(card => card["calibrations"] = JsonNode.Parse(json)));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("changed.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calibrations_come_back_as_they_were_written()
    {
        var population = new Population("set", Restriction.RandomPairs, null, 10, 100, null, ["children"]);
        var group = new Population("set", Restriction.WorstGroup, "F, ä", 10, 100, "sex self-reported", []);
        Calibration[] calibrations =
        [
            new(population, [new(0.1, 20, 0.1, 0.3), new(0.2, 0)], "a note"),
            new(group, [new(0.1, 50, 0.4, 0.6), new(0.12, 11, 0.1000123, 0.1234567)]),
        ];
        var card = ModelCatalog.Read().Find("fr-feature", ModelTask.Embedding) with
        {
            Calibrations = [.. calibrations.Select(CalibrationTable.Of)],
        };
        var path = Path.Combine(_folder, "fr-feature.json");
        card.Write(path);
        var read = ModelCard.Read(path).ToEmbedderCard().Calibrations!;
        Assert.Equal(calibrations.Select(one => one.Population), read.All.Select(one => one.Population));
        Assert.Equal(calibrations.Select(one => one.Note), read.All.Select(one => one.Note));
        Assert.Equal(calibrations[0].Points, read.RandomPairs.Points);
        // Limits are written outwards, to four digits.
        Assert.Equal([calibrations[1].Points[0], new(0.12, 11, 0.1, 0.1235)], read.WorstGroup!.Points);
        Assert.Contains("\"worst-group\"", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_models_rates_name_their_populations_and_what_they_do_not_tell()
    {
        var set = ModelCatalog.Read().Find(ModelCatalog.DefaultEmbedder, ModelTask.Embedding).ToEmbedderCard().Calibrations!;
        Assert.Equal(
            [Restriction.RandomPairs, Restriction.SameSex, Restriction.SameSexAndRace, Restriction.Group, Restriction.WorstGroup],
            set.All.Select(one => one.Population.Restriction).Distinct());
        Assert.All(set.All, one =>
        {
            Assert.Equal("lfw-a", one.Population.DataSet);
            Assert.Equal(["children", "profile views"], one.Population.NotSupported);
        });
        Assert.Contains("race machine-estimated", set.WorstGroup!.Population.Labels, StringComparison.Ordinal);
        // The more alike two people are the higher the rate, at the score that is one in ten thousand of people at random.
        var rates = ((Calibration[])[
            set.RandomPairs, set.All.Single(one => one.Population.Restriction == Restriction.SameSex),
            set.All.Single(one => one.Population.Restriction == Restriction.SameSexAndRace), set.WorstGroup])
            .Select(one => one.At(set.RandomPairs.ThresholdFor(1e-4)!.Value).Value!.Value);
        Assert.Equal(rates.Order(), rates);
    }

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
