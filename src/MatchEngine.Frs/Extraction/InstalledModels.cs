using MatchEngine.Faces;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Faces.Models;

namespace MatchEngine.Frs.Extraction;

/// <summary>The models of the data folder.</summary>
/// <param name="options">Where it is, and how images are decoded.</param>
public sealed class InstalledModels(FrsOptions options) : IExtractorSource
{
    /// <inheritdoc/>
    public EmbedderCard Card(string model) =>
        Galleries.DataFolder.Models(options.DataFolder).Find(model, ModelTask.Embedding).ToEmbedderCard();

    /// <inheritdoc/>
    public IFaceExtractor Load(string model) => new FacePipeline(
        Galleries.DataFolder.Models(options.DataFolder),
        model,
        new FacePipelineOptions(Limits: options.Images, Decoder: new ImageDecoders(options.IsolateDecoder)));
}
