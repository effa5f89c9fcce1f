using System.Numerics.Tensors;
using MatchEngine.Faces.Alignment;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Embedding;

/// <summary>Makes the embedding of an aligned face: a vector of length 1 whose cosine with another tells how alike two faces are.</summary>
public sealed class FaceEmbedder : IDisposable
{
    private readonly OnnxModel _model;
    private readonly FaceAligner _aligner;

    /// <summary>Makes an embedder.</summary>
    /// <param name="model">A loaded embedding network; disposed of with the embedder.</param>
    /// <param name="mirrorAverage">Whether the mean of the face's and its mirror image's embeddings is taken; null:
    /// as the card says.</param>
    /// <exception cref="ModelException">The card does not fit.</exception>
    public FaceEmbedder(OnnxModel model, bool? mirrorAverage = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        var output = model.Card.Embedding ?? throw new ModelException($"model '{model.Card.Id}' makes no embeddings");
        _aligner = new FaceAligner(model.Card);
        MirrorAverage = mirrorAverage ?? output.MirrorAverage;
        using var run = CreateRun();
        if (run.Output(0).Length != output.Dimension)
            throw new ModelException(
                $"model file {model.Card.Path} gives {run.Output(0).Length} numbers, its card says {output.Dimension}");
    }

    /// <summary>Whether the mirror image counts too.</summary>
    public bool MirrorAverage { get; }

    /// <summary>Frees the network.</summary>
    public void Dispose() => _model.Dispose();

    internal OnnxModel.Run CreateRun() => new(_model, _model.OutputNames[0]);

    /// <summary>Embeds the face with these points.</summary>
    internal float[] Embed(Image image, FacePoints points, OnnxModel.Run run) => Embed(image, points, run, out _);

    /// <summary>
    /// Embeds the face with these points and tells how long the vector was before it was normalised (the upright
    /// one's, with a mirror average).
    /// </summary>
    internal float[] Embed(Image image, FacePoints points, OnnxModel.Run run, out float length)
    {
        var toSource = _aligner.ToSource(points);
        var embedding = Pass(image, toSource, mirrored: false, run, out length);
        if (MirrorAverage)
        {
            var mirrored = Pass(image, toSource, mirrored: true, run, out _);
            TensorPrimitives.Add(embedding, mirrored, embedding);
            Array.Clear(mirrored);
            Normalise(embedding);
        }
        return embedding;
    }

    /// <summary>The length of the vector alone.</summary>
    internal float Length(Image image, FacePoints points, OnnxModel.Run run)
    {
        Resampler.Crop(image, _aligner.ToSource(points), _model.Card.Input, run.Input);
        run.Execute();
        return TensorPrimitives.Norm(run.Output(0));
    }

    private float[] Pass(Image image, SimilarityTransform toSource, bool mirrored, OnnxModel.Run run, out float length)
    {
        Resampler.Crop(image, toSource, _model.Card.Input, run.Input, mirrored);
        run.Execute();
        var embedding = run.Output(0).ToArray();
        length = Normalise(embedding);
        return embedding;
    }

    private float Normalise(float[] embedding)
    {
        var norm = TensorPrimitives.Norm(embedding);
        if (!(norm > 0) || !float.IsFinite(norm))
            throw new ModelException($"model '{_model.Card.Id}' gave an embedding of length {norm}");
        TensorPrimitives.Divide(embedding, norm, embedding);
        return norm;
    }
}
