using System.Numerics;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>Finds the faces of an image with the network that a card describes.</summary>
public sealed class FaceDetector : IDisposable
{
    private readonly OnnxModel _model;
    private readonly DetectionOutput _output;
    private readonly IDetectionDecoder _decoder;

    /// <summary>Makes a detector.</summary>
    /// <param name="model">A loaded detection network; disposed of with the detector.</param>
    /// <exception cref="ModelException">The card names a decoder that is not known here, or the file does not fit it.</exception>
    public FaceDetector(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _output = model.Card.Detection ?? throw new ModelException($"model '{model.Card.Id}' is no detector");
        _decoder = _output.Decoder switch
        {
            "ultraface" => new UltraFaceDecoder(model),
            "yunet" => new YuNetDecoder(model),
            "scrfd" => new ScrfdDecoder(model),
            _ => throw new ModelException(
                $"model card '{model.Card.Id}' names the decoder '{_output.Decoder}'; known: ultraface, yunet, scrfd"),
        };
    }

    /// <summary>Whether faces come with their five points, so that no landmark network is needed.</summary>
    public bool GivesPoints => _decoder.GivesPoints;

    /// <summary>Frees the network.</summary>
    public void Dispose() => _model.Dispose();

    internal OnnxModel.Run CreateRun() => new(_model, _decoder.Outputs);

    /// <summary>Finds the faces that are seen when the whole image is scaled to the input.</summary>
    /// <returns>Sorted by area, largest first.</returns>
    internal List<DetectedFace> Detect(Image image, OnnxModel.Run run)
    {
        var input = _model.Card.Input;
        var scale = new Vector2(input.Width / (float)image.Width, input.Height / (float)image.Height);
        if (_output.Fit == ImageFit.Letterbox)
            scale = new Vector2(MathF.Min(scale.X, scale.Y));
        Resampler.Place(image, scale.X, scale.Y, input, run.Input);
        run.Execute();

        var found = new List<DetectedFace>();
        _decoder.Decode(run, _output.MinConfidence, found);
        NonMaximumSuppression.Apply(found, _output.MaxOverlap);
        return Sorted(found.ConvertAll(face => ToImage(face, scale)));
    }

    /// <summary>Whether the image is so large that small faces in it call for <see cref="DetectSmall"/>.</summary>
    internal bool HasTiles(Image image) => _output.SmallFaces is { } small && TileGrid.IsWorthwhile(image, small.Shrink, _model.Card.Input);

    /// <summary>Adds the faces that are seen only in tiles of the image.</summary>
    /// <param name="image">An image for which <see cref="HasTiles"/>.</param>
    /// <param name="large">What <see cref="Detect"/> found in it.</param>
    /// <param name="run">Buffers of the caller's.</param>
    /// <param name="cancellationToken">Looked at before each tile.</param>
    /// <returns>All faces, sorted by area, largest first.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal List<DetectedFace> DetectSmall(Image image, List<DetectedFace> large, OnnxModel.Run run, CancellationToken cancellationToken)
    {
        var (small, input) = (_output.SmallFaces!, _model.Card.Input);
        var levels = new List<List<DetectedFace>>();
        // The finest level is 1 : shrink; further ones between it and the whole image, where a face would be too large for the tiles'
        // overlap and too small for the whole.
        Image? reduced = null;
        try
        {
            for (var shrink = small.Shrink; TileGrid.IsWorthwhile(image, shrink, input); shrink *= TileGrid.LevelRatio)
            {
                var next = reduced is null ? Resampler.Reduce(image, shrink) : Resampler.Reduce(reduced, TileGrid.LevelRatio);
                reduced?.Dispose();
                reduced = next;
                var finer = new List<DetectedFace>();
                foreach (var tile in TileGrid.Of(reduced, input, small.Overlap))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Resampler.Cut(reduced, tile.X, tile.Y, input, run.Input);
                    run.Execute();
                    var found = new List<DetectedFace>();
                    _decoder.Decode(run, small.MinConfidence, found);
                    // Larger ones are cut by most tiles and seen whole in a coarser level, which knows better where they end.
                    found.RemoveAll(
                        face => tile.Cuts(face.Box) || MathF.Max(face.Box.Width, face.Box.Height) > TileGrid.LargestFace * small.Overlap);
                    finer.AddRange(found.Select(face => ToImage(Shift(face, new(tile.X, tile.Y)), new(1f / shrink))));
                }
                levels.Add(finer);
            }
        }
        finally
        {
            reduced?.Dispose();
        }
        // From the coarsest to the finest: what a level shows of faces that are known already (an eye with a brow
        // passes for a face) is dropped.
        var all = new List<DetectedFace>(large);
        foreach (var level in Enumerable.Reverse(levels))
        {
            NonMaximumSuppression.Apply(level, _output.MaxOverlap);
            NonMaximumSuppression.RemoveKnown(level, all, _output.MaxOverlap);
            all.AddRange(level);
        }
        return Sorted(all);
    }

    private static List<DetectedFace> Sorted(List<DetectedFace> faces)
    {
        faces.RemoveAll(face => face.Box.Width < 1 || face.Box.Height < 1);
        faces.Sort((a, b) => b.Box.Area.CompareTo(a.Box.Area));
        return faces;
    }

    private static DetectedFace Shift(DetectedFace face, Vector2 by) => face with
    {
        Box = face.Box with { X = face.Box.X + by.X, Y = face.Box.Y + by.Y },
        Points = face.Points is { } five
            ? new(five.LeftEye + by, five.RightEye + by, five.Nose + by, five.LeftMouth + by, five.RightMouth + by)
            : null,
    };

    private static DetectedFace ToImage(DetectedFace face, Vector2 scale)
    {
        var way = new ImageScale(scale);
        return face with { Box = way.ToOriginal(face.Box), Points = face.Points is { } five ? way.ToOriginal(five) : null };
    }
}
