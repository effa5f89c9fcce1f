namespace MatchEngine.Cli.Tests.Commands;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_models_are_listed_with_licence_and_training_data()
    {
        var models = _cli.Run("models", "list", "--json").Expect(0).Json.GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(
            ["fr-detect", "fr-eye", "fr-feature", "fr-landmark", "fr-pose"], models.Select(model => model.GetProperty("id").GetString()));
        Assert.All(models, model =>
            Assert.Equal(("MIT", "unknown"), (model.GetProperty("licence").GetString(), model.GetProperty("trainingData").GetString())));
    }

    [Fact]
    public void The_installed_models_pass() =>
        Assert.All(_cli.Run("models", "verify", "--json").Expect(0).Json.GetProperty("models").EnumerateArray(), model =>
            Assert.True(model.GetProperty("passed").GetBoolean()));

    [Fact]
    public void A_swapped_file_fails()
    {
        // A user's own card in the data folder, whose file is not the one that it describes.
        var folder = Directory.CreateDirectory(Path.Combine(_cli.Data, "models")).FullName;
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "fr-landmark.json"), Path.Combine(folder, "mine.json"));
        File.WriteAllText(Path.Combine(folder, "fr_landmark.onnx"), "not the model");
        var outcome = _cli.Run("models", "verify", "mine", "--json").Expect(1).Json.GetProperty("models")[0];
        Assert.False(outcome.GetProperty("passed").GetBoolean());
        Assert.Contains("SHA-256", outcome.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_added_by_a_draft_that_passes_its_own_test()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "models", "fr_landmark.onnx");
        var added = _cli.Run("models", "add", file, "--like", "fr-landmark", "--id", "mine", "--licence", "MIT", "--json").Expect(0).Json;
        Assert.True(added.GetProperty("check").GetProperty("passed").GetBoolean());
        Assert.Equal(Path.Combine(_cli.Data, "models", "mine.json"), added.GetProperty("card").GetString());
        var listed = _cli.Run("models", "list", "--json").Expect(0).Json.GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("id").GetString() == "mine");
        Assert.True(listed.GetProperty("draft").GetBoolean());
        Assert.Contains(
            "'mine' already",
            _cli.Run("models", "add", file, "--like", "fr-landmark", "--id", "mine").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_fails_its_test_leaves_nothing_behind()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "models", "fr_feature.onnx");
        var outcome = _cli.Run("models", "add", file, "--like", "fr-feature", "--id", "mine", "--mean", "0", "--deviation", "1").Expect(1);
        Assert.Contains("was not added", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_cli.Data, "models")));
        Assert.Contains("yunet", _cli.Run("models", "add", file, "--like", "nothing").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_are_calibrated_on_anyones_photos()
    {
        var folder = Directory.CreateDirectory(_cli.File("set")).FullName;
        var names = Portraits.Write(folder);
        File.WriteAllLines(
            Path.Combine(folder, "metadata.csv"),
            ["image,subject", .. names.Select(name => $"{name}-a.jpg,{name}"), .. names.Select(name => $"{name}-b.jpg,{name}")]);
        var card = _cli.File("fr-feature.json");
        var outcome = _cli.Run(
            "models", "calibrate", "fr-feature", "--data-set", folder, "--not-supported", "profile views", "--out", card, "--json")
            .Expect(0).Json;
        // Each of two photos a person with both of every other one.
        var pairs = 4 * names.Count * (names.Count - 1) / 2;
        // Without labels people at random are the only population.
        var calibration = Assert.Single(outcome.GetProperty("calibrations").EnumerateArray());
        var population = calibration.GetProperty("population");
        Assert.Equal((pairs, names.Count), (population.GetProperty("comparisons").GetInt64(), population.GetProperty("people").GetInt32()));
        Assert.Equal(
            ["ages (it has no labels of them)", "profile views"],
            population.GetProperty("notSupported").EnumerateArray().Select(text => text.GetString()));
        Assert.All(calibration.GetProperty("points").EnumerateArray(), point => Assert.Equal(
            point.GetProperty("falseMatches").GetInt64() >= 10,
            point.GetProperty("fmr").GetProperty("value").ValueKind != System.Text.Json.JsonValueKind.Null));
        Assert.Contains("\"random-pairs\"", File.ReadAllText(card), StringComparison.Ordinal);
        // The card is one: the network beside it, it is listed with whom it was measured on.
        var models = Directory.CreateDirectory(Path.Combine(_cli.Data, "models")).FullName;
        File.Copy(card, Path.Combine(models, "mine.json"));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "models", "fr_feature.onnx"), Path.Combine(models, "fr_feature.onnx"));
        Assert.Equal("random-pairs", _cli.Run("models", "list", "--json").Expect(0).Json.GetProperty("models").EnumerateArray()
            .Single(model => model.GetProperty("id").GetString() == "mine").GetProperty("calibrations")[0].GetProperty("population")
            .GetProperty("restriction").GetString());

        // The same comparisons from a file of scores.
        _cli.Run("eval", "scores", "--data-set", folder, "--out", _cli.File("scores.csv")).Expect(0);
        var read = _cli.Run("models", "calibrate", "--data-set", folder, "--scores", _cli.File("scores.csv"), "--json").Expect(0).Json;
        Assert.Equal(
            calibration.GetProperty("points").ToString(), read.GetProperty("calibrations")[0].GetProperty("points").ToString());
    }
}
