using System.Numerics;

namespace MatchEngine.Faces.Geometry;

/// <summary>
/// The five points a face is aligned by, in pixels of the upright image. Left and right are the viewer's when the face is upright.
/// </summary>
/// <param name="LeftEye">Centre of the eye on the viewer's left.</param>
/// <param name="RightEye">Centre of the eye on the viewer's right.</param>
/// <param name="Nose">Tip of the nose.</param>
/// <param name="LeftMouth">Mouth corner on the viewer's left.</param>
/// <param name="RightMouth">Mouth corner on the viewer's right.</param>
public readonly record struct FacePoints(Vector2 LeftEye, Vector2 RightEye, Vector2 Nose, Vector2 LeftMouth, Vector2 RightMouth)
{
    /// <summary>Distance between the eye centres, in pixels (IED of ISO/IEC 29794-5).</summary>
    public float InterEyeDistance => Vector2.Distance(LeftEye, RightEye);
}
