namespace MatchEngine.Galleries.Enrolment;

/// <summary>A file gives no photo to enrol, for a reason that whoever took it apart has a code for.</summary>
/// <param name="code">The code, e.g. <c>several_faces</c>.</param>
/// <param name="message">A sentence for people.</param>
public sealed class PhotoRefusedException(string code, string message) : Exception(message)
{
    /// <summary>The code.</summary>
    public string Code { get; } = code;
}
