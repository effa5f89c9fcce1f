using System.Numerics.Tensors;

namespace MatchEngine.Faces;

/// <summary>Whether a model is what its card says and does what it should.</summary>
/// <param name="Id">The card's id.</param>
/// <param name="Passed">Whether every check passed.</param>
/// <param name="Detail">What was checked or what is wrong, for people.</param>
public sealed record ModelCheck(string Id, bool Passed, string Detail)
{
    /// <summary>The largest 1 − cosine between the embeddings of a prepared model and the original that counts as the same.</summary>
    public const double MaxPreparationError = 1e-6;

    /// <summary>Checks the digest, loads the network, and for a prepared embedder compares its embeddings of every face of some photos with the original's.</summary>
    /// <param name="catalog">Where the card's partners are.</param>
    /// <param name="card">What is checked.</param>
    /// <param name="photos">Encoded photos with faces.</param>
    public static ModelCheck Run(ModelCatalog catalog, ModelCard card, IEnumerable<byte[]> photos)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(photos);
        try
        {
            if (card.Embedding is null || !card.Prepare)
            {
                using var model = new OnnxModel(card, new ModelStore());
                return new ModelCheck(card.Id, true, "digest right; loads");
            }
            var (faces, worst) = ComparePreparation(catalog, card, photos);
            return faces == 0
                ? new ModelCheck(card.Id, false, "digest right; loads; no face was found to compare the prepared form on")
                : new ModelCheck(card.Id, worst <= MaxPreparationError, $"digest right; loads; prepared form differs by 1 − cos ≤ {worst:0.0e-0} on {faces} faces");
        }
        catch (ModelException error)
        {
            return new ModelCheck(card.Id, false, error.Message);
        }
    }

    private static (int Faces, double Worst) ComparePreparation(ModelCatalog catalog, ModelCard card, IEnumerable<byte[]> photos)
    {
        using var pipeline = new FacePipeline(catalog, card.Id);
        using var original = new FaceEmbedder(new OnnxModel(card with { Prepare = false }, new ModelStore()));
        using var prepared = new FaceEmbedder(new OnnxModel(card, new ModelStore()));
        using var originalRun = original.CreateRun();
        using var preparedRun = prepared.CreateRun();
        var (faces, worst) = (0, 0.0);
        foreach (var photo in photos)
        {
            using var image = ImageDecoder.Decode(photo);
            foreach (var face in pipeline.Detect(image))
            {
                var a = Array.ConvertAll(original.Embed(image, face.Points, originalRun), value => (double)value);
                var b = Array.ConvertAll(prepared.Embed(image, face.Points, preparedRun), value => (double)value);
                worst = Math.Max(worst, 1 - TensorPrimitives.CosineSimilarity<double>(a, b));
                faces++;
            }
        }
        return (faces, worst);
    }
}
