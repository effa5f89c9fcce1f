using System.Numerics;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Quality.Assessment;

/// <summary>Yaw and pitch of a head by the network that a card describes.</summary>
internal sealed class HeadPoseNetwork : IDisposable
{
    private readonly OnnxModel _model;
    private readonly HeadPoseOutput _output;

    /// <summary>Makes the network.</summary>
    /// <param name="model">A loaded network; disposed of with this.</param>
    /// <exception cref="ModelException">The card is of another task.</exception>
    public HeadPoseNetwork(OnnxModel model)
    {
        _model = model;
        _output = model.Card.HeadPose ?? throw new ModelException($"model '{model.Card.Id}' tells no head pose");
    }

    public OnnxModel.Run CreateRun() => new(_model, _output.Yaw, _output.Pitch);

    public void Dispose() => _model.Dispose();

    /// <summary>Yaw and pitch in degrees, of the head as it stands when it is levelled by its eyes.</summary>
    public (float Yaw, float Pitch) Estimate(Image image, BoundingBox box, FacePoints points, OnnxModel.Run run)
    {
        var eyes = points.RightEye - points.LeftEye;
        var level = eyes.LengthSquared() > 0 ? Vector2.Normalize(eyes) : Vector2.UnitX;
        var centre = new Vector2(box.X + box.Width / 2 - 0.5f, box.Y + box.Height / 2 - 0.5f);
        Resampler.Crop(
            image, SimilarityTransform.Square(centre, _output.Side * MathF.Sqrt(box.Area), level, _model.Card.Input.Width),
            _model.Card.Input, run.Input);
        run.Execute();
        var yaw = (float)Mean(run.Output(0));
        return (_output.YawToViewersLeft ? -yaw : yaw, (float)Mean(run.Output(1)));
    }

    /// <summary>The mean of the distribution over the bins.</summary>
    internal double Mean(ReadOnlySpan<float> bins)
    {
        if (bins.Length != _output.Bins)
            throw new ModelException($"model file {_model.Card.Path} gives {bins.Length} bins, its card says {_output.Bins}");
        var largest = bins[0];
        foreach (var bin in bins)
            largest = MathF.Max(largest, bin);
        var (sum, weighted) = (0.0, 0.0);
        for (var i = 0; i < bins.Length; i++)
        {
            var weight = Math.Exp(bins[i] - largest);
            sum += weight;
            weighted += weight * i;
        }
        return weighted / sum * _output.Step + _output.First;
    }
}
