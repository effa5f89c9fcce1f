using MatchEngine.Faces;
using MatchEngine.Faces.Models;

namespace MatchEngine.Frs.Extraction;

/// <summary>Loads the extractor of a model.</summary>
public interface IExtractorSource
{
    /// <summary>The card of a model.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    EmbedderCard Card(string model);

    /// <summary>Loads the networks; called once a model.</summary>
    /// <exception cref="ModelException">A card or file is missing, swapped or damaged.</exception>
    IFaceExtractor Load(string model);
}
