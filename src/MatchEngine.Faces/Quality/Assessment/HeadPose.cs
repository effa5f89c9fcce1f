using System.Numerics;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Quality.Assessment;

/// <summary>How a head is turned, in degrees.</summary>
/// <param name="Yaw">To its side; positive: to the viewer's right.</param>
/// <param name="Pitch">Nod; positive: upwards.</param>
/// <param name="Roll">Tilt in the plane of the picture; positive: clockwise for the viewer.</param>
internal readonly record struct HeadPose(float Yaw, float Pitch, float Roll)
{
    private const float Degrees = 180 / MathF.PI;

    // How far the tip of the nose stands out before the other four points, in pixels of the 112×112 crop; with this the yaw of LFW's photos
    // agrees best with the pose network's (median difference 2.2°).
    private const float NoseDepth = 22;

    // The frontal face that ArcFace's crop is made of, its middle at 0; x to the viewer's right, y down, z to the viewer.
    private static readonly Vector3[] Model = Centred(
    [
        new(-17.6f, -18.5f, 0), new(17.6f, -18.5f, 0), new(0, 1.6f, NoseDepth), new(-14.6f, 22.2f, 0), new(14.6f, 22.2f, 0),
    ]);

    private static readonly Matrix4x4 Inverse = InverseOfMoments();

    /// <summary>
    /// The pose at which a rigid average face, seen from afar, comes nearest to five points: the affine camera of least squares, made
    /// orthogonal. Faces differ in their proportions, so pitch is good to some ten degrees only.
    /// </summary>
    public static HeadPose Of(FacePoints points)
    {
        var roll = MathF.Atan2(points.RightEye.Y - points.LeftEye.Y, points.RightEye.X - points.LeftEye.X);
        var (cos, sin) = (MathF.Cos(roll), MathF.Sin(roll));
        ReadOnlySpan<Vector2> five = [points.LeftEye, points.RightEye, points.Nose, points.LeftMouth, points.RightMouth];
        Vector3 x = default, y = default;
        for (var i = 0; i < five.Length; i++)
        {
            // Levelled, so that roll is the eyes' and nothing of it is left for the other two angles.
            x += (cos * five[i].X + sin * five[i].Y) * Model[i];
            y += (cos * five[i].Y - sin * five[i].X) * Model[i];
        }
        // The camera's rows in the face's coordinates.
        x = Vector3.TransformNormal(x, Inverse);
        y = Vector3.TransformNormal(y, Inverse);
        if (!(x.LengthSquared() > 0) || !(y.LengthSquared() > 0))
            return new HeadPose(0, 0, roll * Degrees);
        (x, y) = (Vector3.Normalize(x), Vector3.Normalize(y));
        // The two perpendicular unit vectors that are nearest to them lie at 45° to the bisector.
        var (middle, across) = (Vector3.Normalize(x + y), Vector3.Normalize(x - y));
        (x, y) = ((middle + across) / MathF.Sqrt(2), (middle - across) / MathF.Sqrt(2));
        var forward = Vector3.Cross(x, y).Z;
        // Where the nose points: z of the face as the camera sees it.
        return new HeadPose(MathF.Asin(Math.Clamp(x.Z, -1, 1)) * Degrees, -MathF.Atan2(y.Z, forward) * Degrees, roll * Degrees);
    }

    private static Vector3[] Centred(Vector3[] points)
    {
        var middle = points.Aggregate(Vector3.Add) / points.Length;
        return Array.ConvertAll(points, point => point - middle);
    }

    private static Matrix4x4 InverseOfMoments()
    {
        var sum = new float[9];
        foreach (var point in Model)
            for (var i = 0; i < 3; i++)
                for (var j = 0; j < 3; j++)
                    sum[3 * i + j] += point[i] * point[j];
        var moments = new Matrix4x4(sum[0], sum[1], sum[2], 0, sum[3], sum[4], sum[5], 0, sum[6], sum[7], sum[8], 0, 0, 0, 0, 1);
        return Matrix4x4.Invert(moments, out var inverse)
            ? inverse
            : throw new InvalidOperationException("the five points of the model lie in a plane");
    }
}
