namespace MatchEngine.Cli.Tests;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_models_are_listed_with_licence_and_training_data()
    {
        var models = _cli.Run("models", "list", "--json").Expect(0).Json.GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(["fr-detect", "fr-eye", "fr-feature", "fr-landmark", "fr-pose"], models.Select(model => model.GetProperty("id").GetString()));
        Assert.All(models, model => Assert.Equal(("MIT", "unknown"), (model.GetProperty("licence").GetString(), model.GetProperty("trainingData").GetString())));
    }

    [Fact]
    public void The_installed_models_pass() =>
        Assert.All(_cli.Run("models", "verify", "--json").Expect(0).Json.GetProperty("models").EnumerateArray(), model => Assert.True(model.GetProperty("passed").GetBoolean()));

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
}
