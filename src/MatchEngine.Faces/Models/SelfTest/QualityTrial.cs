using System.Numerics;
using System.Numerics.Tensors;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality.Assessment;

namespace MatchEngine.Faces.Models.SelfTest;

/// <summary>Tries the networks behind a face's quality on faces whose points are known.</summary>
internal static class QualityTrial
{
    // Measured with the right card: yaw 0.93 correlated, pitch 2° apart in the median. A side or an order of outputs exchanged turns the
    // correlation round or loses it.
    private const double MinYawCorrelation = 0.7;
    private const float MaxPitchDifference = 15;

    // Measured with the right card: 16 of 21 people, the others laugh with their eyes narrowed; all 21 more open than their cheeks.
    // Exchanged classes turn both round.
    private const double MinOpen = 0.6;
    private const double MinAbove = 0.8;

    /// <summary>Whether yaw and pitch are those that the five points give.</summary>
    /// <exception cref="ModelException">The network does not fit its card.</exception>
    public static (bool Passed, string Detail) PosesHeads(ModelCard card, ReferencePhoto[] samples)
    {
        using var network = new HeadPoseNetwork(new OnnxModel(card));
        using var run = network.CreateRun();
        List<double> yaw = [], known = [];
        List<float> pitch = [];
        foreach (var (image, face) in Faces(samples))
        {
            var (toSide, nod) = network.Estimate(image, face.Box, face.Points, run);
            var expected = HeadPose.Of(face.Points);
            yaw.Add(toSide);
            known.Add(expected.Yaw);
            pitch.Add(MathF.Abs(nod - expected.Pitch));
        }
        var correlation = Correlation([.. yaw], [.. known]);
        var apart = pitch.Order().ElementAt(pitch.Count / 2);
        var text = FormattableString.Invariant(
            $"yaw of {yaw.Count} faces correlates {correlation:0.00} with that of their points, pitch is {apart:0}° apart in the median");
        return correlation >= MinYawCorrelation && apart <= MaxPitchDifference
            ? (true, text)
            : (false, text + ": yawToViewersLeft, the outputs, first or step do not fit the network");
    }

    /// <summary>Whether eyes are seen to be open, and more so than the cheeks below them.</summary>
    /// <exception cref="ModelException">The network does not fit its card.</exception>
    public static (bool Passed, string Detail) SeesEyes(ModelCard card, ReferencePhoto[] samples)
    {
        using var network = new EyeStateNetwork(new OnnxModel(card));
        using var run = network.CreateRun();
        var (faces, open, above) = (0, 0, 0);
        foreach (var (image, face) in Faces(samples))
        {
            var eyes = network.Estimate(image, face, run);
            var down = new Vector2(face.Points.LeftEye.Y - face.Points.RightEye.Y, face.Points.RightEye.X - face.Points.LeftEye.X) * 0.6f;
            var cheeks = network.Estimate(image, face with
            {
                Points = face.Points with { LeftEye = face.Points.LeftEye + down, RightEye = face.Points.RightEye + down },
            }, run);
            faces++;
            open += eyes > 0.5f ? 1 : 0;
            above += eyes > cheeks ? 1 : 0;
        }
        var text = $"{open} of {faces} faces have an eye open, {above} more than their cheeks";
        return open >= MinOpen * faces && above >= MinAbove * faces
            ? (true, text)
            : (false, text + ": open, side, channels or normalisation does not fit the network");
    }

    private static IEnumerable<(Image Image, LocatedFace Face)> Faces(ReferencePhoto[] samples) => samples.SelectMany(sample => sample.Faces
        .Where(face => face.Points is not null)
        .Select(face => (sample.Image, new LocatedFace(face.Box, 1, face.Points!.Value))));

    private static double Correlation(double[] a, double[] b)
    {
        TensorPrimitives.Subtract(a, TensorPrimitives.Sum<double>(a) / a.Length, a);
        TensorPrimitives.Subtract(b, TensorPrimitives.Sum<double>(b) / b.Length, b);
        return TensorPrimitives.CosineSimilarity<double>(a, b);
    }
}
