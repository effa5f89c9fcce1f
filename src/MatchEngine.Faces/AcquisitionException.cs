using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Faces;

/// <summary>
/// No template could be made of an image. The message says what was wrong in words an operator can act on and holds
/// nothing of the image itself.
/// </summary>
public sealed class AcquisitionException : Exception
{
    /// <summary>Makes the error for <paramref name="reason"/>.</summary>
    /// <param name="reason">Why there is no template.</param>
    /// <param name="message">One sentence with the remedy where there is one.</param>
    /// <param name="faces">The faces found, largest first, where the reason is about them.</param>
    /// <param name="innerException">The cause, if another error was it.</param>
    public AcquisitionException(
        AcquisitionFailure reason, string message, IReadOnlyList<BoundingBox>? faces = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        Faces = faces ?? [];
    }

    /// <summary>Why there is no template.</summary>
    public AcquisitionFailure Reason { get; }

    /// <summary>
    /// The faces found, largest first; empty unless the reason is <see cref="AcquisitionFailure.MultipleFaces"/> or
    /// <see cref="AcquisitionFailure.NoSuchFace"/>.
    /// </summary>
    public IReadOnlyList<BoundingBox> Faces { get; }

    /// <summary>What was found wanting; null unless the reason is <see cref="AcquisitionFailure.LowQuality"/>.</summary>
    public FaceQuality? Quality { get; init; }

    /// <summary>The same error with where it happened in front of its message.</summary>
    /// <param name="where">A file, or which of two images.</param>
    public AcquisitionException At(string where) => new(Reason, $"{where}: {Message}", Faces, this) { Quality = Quality };
}
