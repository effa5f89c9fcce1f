using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Quality.Assessment;

/// <summary>Measures the quality of located faces. Thread-safe; callers bring their own buffers.</summary>
internal sealed class QualityAssessor : IDisposable
{
    // Beyond this yaw the eyes stand behind each other and their distance says nothing of the face's size.
    private const float LargestYaw = 60;

    private readonly HeadPoseNetwork? _pose;
    private readonly EyeStateNetwork? _eyes;
    private readonly EmbeddingLength? _length;

    /// <summary>Makes an assessor.</summary>
    /// <param name="pose">Card of a head pose network; null: pose comes from the five points.</param>
    /// <param name="eyes">Card of an eye network; null: whether eyes are open is not known.</param>
    /// <param name="length">What the embedder's card says of lengths.</param>
    /// <exception cref="ModelException">A file is missing, swapped or damaged, or does not fit its card.</exception>
    public QualityAssessor(ModelCard? pose, ModelCard? eyes, EmbeddingLength? length)
    {
        _length = length;
        _pose = pose is null ? null : new HeadPoseNetwork(new OnnxModel(pose));
        _eyes = eyes is null ? null : new EyeStateNetwork(new OnnxModel(eyes));
    }

    /// <summary>Makes a caller's buffers.</summary>
    public Buffers CreateBuffers() => new(_pose?.CreateRun(), _eyes?.CreateRun());

    public void Dispose()
    {
        _pose?.Dispose();
        _eyes?.Dispose();
    }

    /// <summary>Measures a face.</summary>
    /// <param name="image">The picture the face was located in.</param>
    /// <param name="face">The face.</param>
    /// <param name="length">Length of its embedding before it was normalised.</param>
    /// <param name="buffers">The caller's.</param>
    public FaceQuality Assess(Image image, LocatedFace face, float length, Buffers buffers)
    {
        Span<float> values = stackalloc float[QualityMeasure.All.Count];
        values.Fill(float.NaN);
        var pose = HeadPose.Of(face.Points);
        if (_pose is not null)
        {
            var (yaw, pitch) = _pose.Estimate(image, face.Box, face.Points, buffers.Pose!);
            pose = pose with { Yaw = yaw, Pitch = pitch };
        }
        values[QualityMeasure.HeadPoseYaw.Index] = pose.Yaw;
        values[QualityMeasure.HeadPosePitch.Index] = pose.Pitch;
        values[QualityMeasure.HeadPoseRoll.Index] = pose.Roll;
        values[QualityMeasure.InterEyeDistance.Index] = face.Points.InterEyeDistance / MathF.Cos(
            MathF.Min(MathF.Abs(pose.Yaw), LargestYaw) * MathF.PI / 180);
        if (_eyes is not null)
            values[QualityMeasure.EyesOpen.Index] = 100 * _eyes.Estimate(image, face, buffers.Eyes!);
        if (face.Contour is { } contour)
            values[QualityMeasure.LandmarkAgreement.Index] = float.IsFinite(contour.Spread) ? 100 * contour.Spread : 100;
        if (_length is not null)
            values[QualityMeasure.UnifiedQualityScore.Index] = length;
        var texture = FaceTexture.Of(image, face.Points, buffers.Luminance);
        values[QualityMeasure.Sharpness.Index] = 100 * texture.Detail;
        values[QualityMeasure.UnderExposurePrevention.Index] = 100 * texture.Dark;
        values[QualityMeasure.OverExposurePrevention.Index] = 100 * texture.Bright;
        values[QualityMeasure.DynamicRange.Index] = texture.Entropy;
        var margins = FaceMargins.Of(image, face);
        values[QualityMeasure.LeftwardCropOfTheFaceImage.Index] = margins.Left;
        values[QualityMeasure.RightwardCropOfTheFaceImage.Index] = margins.Right;
        values[QualityMeasure.MarginAboveOfTheFaceImage.Index] = margins.Above;
        values[QualityMeasure.MarginBelowOfTheFaceImage.Index] = margins.Below;
        values[QualityMeasure.CompressionArtifacts.Index] = BlockEdges.Of(image, face.Box);
        return FaceQuality.Of(values, _length);
    }

    /// <summary>What one caller works with.</summary>
    internal sealed class Buffers(OnnxModel.Run? pose, OnnxModel.Run? eyes) : IDisposable
    {
        public OnnxModel.Run? Pose { get; } = pose;

        public OnnxModel.Run? Eyes { get; } = eyes;

        public float[] Luminance { get; } = new float[FaceTexture.BufferLength];

        public void Clear()
        {
            Pose?.Clear();
            Eyes?.Clear();
            Array.Clear(Luminance);
        }

        public void Dispose()
        {
            Pose?.Dispose();
            Eyes?.Dispose();
        }
    }
}
