using MatchEngine.Faces;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Faces.Models;

namespace MatchEngine.Galleries;

/// <summary>
/// The folder that holds everything a command or the service keeps: <c>galleries/</c>, <c>audit/</c>,
/// <c>models/</c> (a user's own cards), <c>cache/</c> …
/// </summary>
public static class DataFolder
{
    /// <summary><c>MATCHENGINE_DATA_DIR</c>, or a folder of the user's.</summary>
    public static string Default
    {
        get
        {
            var configured = Environment.GetEnvironmentVariable("MATCHENGINE_DATA_DIR");
            if (!string.IsNullOrWhiteSpace(configured))
                return configured;
            var user = Environment.GetFolderPath(
                Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return Path.Combine(string.IsNullOrEmpty(user) ? Environment.CurrentDirectory : user, "matchengine");
        }
    }

    /// <summary>The cards that come with the program and those in the folder's <c>models/</c>.</summary>
    /// <exception cref="ModelException">A card cannot be read.</exception>
    public static ModelCatalog Models(string data) => ModelCatalog.Read(ModelCatalog.InstalledFolder, OwnModels(data));

    /// <summary>Where a user's own cards lie.</summary>
    public static string OwnModels(string data) => Path.Combine(data, "models");

    /// <summary>Loads the networks.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="embedder">Id of the embedder's card.</param>
    /// <param name="isolateDecoder">Whether all images are decoded in processes of their own, and not only those of the second
    /// decoder.</param>
    /// <exception cref="ModelException">A card or file is missing, swapped or damaged.</exception>
    public static FacePipeline LoadPipeline(string data, string embedder, bool isolateDecoder = false) =>
        new(Models(data), embedder, new FacePipelineOptions(Decoder: new ImageDecoders(isolateDecoder)));
}
