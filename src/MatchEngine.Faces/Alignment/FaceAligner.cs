using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Alignment;

/// <summary>
/// Brings a face to the place where the embedder expects it: a least-squares similarity transform of its five points to fixed ones.
/// </summary>
public sealed class FaceAligner
{
    // The five points of a 112×112 crop that ArcFace and its kin are trained on (Deng et al., CVPR 2019; InsightFace's reference points).
    private static readonly Vector2[] ArcFace112 =
    [
        new(38.2946f, 51.6963f), new(73.5318f, 51.5014f), new(56.0252f, 71.7366f), new(41.5493f, 92.3655f), new(70.7299f, 92.2041f),
    ];

    private readonly Vector2[] _reference;

    /// <summary>Makes an aligner for an embedder.</summary>
    /// <exception cref="ModelException">The card names an alignment that is not known here, or its input has other sides.</exception>
    public FaceAligner(ModelCard embedder)
    {
        ArgumentNullException.ThrowIfNull(embedder);
        if (embedder.Embedding?.Alignment != "arcface-112" || embedder.Input.Width != 112 || embedder.Input.Height != 112)
            throw new ModelException(
                $"model card '{embedder.Id}' names the alignment '{embedder.Embedding?.Alignment}' of "
                    + $"{embedder.Input.Width}×{embedder.Input.Height}; known: arcface-112 of 112×112");
        _reference = ArcFace112;
    }

    /// <summary>The transform from the aligned crop's coordinates to the image's.</summary>
    /// <exception cref="ArgumentException">The points are all in one place.</exception>
    public SimilarityTransform ToSource(FacePoints points) => ToSource(points, _reference);

    /// <summary>The same for the crop of 112×112, whatever the embedder.</summary>
    /// <exception cref="ArgumentException">The points are all in one place.</exception>
    internal static SimilarityTransform ToSource112(FacePoints points) => ToSource(points, ArcFace112);

    private static SimilarityTransform ToSource(FacePoints points, Vector2[] reference)
    {
        ReadOnlySpan<Vector2> found = [points.LeftEye, points.RightEye, points.Nose, points.LeftMouth, points.RightMouth];
        return SimilarityTransform.Fit(found, reference).Inverse();
    }
}
