using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Quality.Assessment;

/// <summary>Whether eyes are open, by the network that a card describes.</summary>
internal sealed class EyeStateNetwork : IDisposable
{
    // Width of an eye in distances between the eyes, where a detector gave centres only: the median of LFW's photos.
    private const float EyeWidth = 0.46f;

    private readonly OnnxModel _model;
    private readonly EyeStateOutput _output;

    /// <summary>Makes the network.</summary>
    /// <param name="model">A loaded network; disposed of with this.</param>
    /// <exception cref="ModelException">The card is of another task, or the network gives no two values.</exception>
    public EyeStateNetwork(OnnxModel model)
    {
        _model = model;
        _output = model.Card.EyeState ?? throw new ModelException($"model '{model.Card.Id}' tells no eye state");
        using var run = CreateRun();
        if (run.Output(0).Length != 2)
            throw new ModelException($"model file {model.Card.Path} gives {run.Output(0).Length} values for an eye, where 2 are needed");
    }

    public OnnxModel.Run CreateRun() => new(_model, _model.OutputNames[0]);

    public void Dispose() => _model.Dispose();

    /// <summary>How sure the network is that the more open eye is open, 0 … 1.</summary>
    public float Estimate(Image image, LocatedFace face, OnnxModel.Run run)
    {
        var (left, right) = (face.Points.LeftEye, face.Points.RightEye);
        var distance = Vector2.Distance(left, right);
        var level = distance > 0 ? (right - left) / distance : Vector2.UnitX;
        var contour = face.Contour?.Points;
        return MathF.Max(
            Eye(left, contour is null ? EyeWidth * distance : Vector2.Distance(contour[36], contour[39])),
            Eye(right, contour is null ? EyeWidth * distance : Vector2.Distance(contour[42], contour[45])));

        float Eye(Vector2 centre, float width)
        {
            Resampler.Crop(
                image, SimilarityTransform.Square(centre, MathF.Max(1, _output.Side * width), level, _model.Card.Input.Width),
                _model.Card.Input, run.Input);
            run.Execute();
            var values = run.Output(0);
            return 1 / (1 + MathF.Exp(values[1 - _output.Open] - values[_output.Open]));
        }
    }
}
