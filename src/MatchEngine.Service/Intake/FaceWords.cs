using System.Globalization;
using System.Numerics;
using MatchEngine.Faces;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>Which face of an image is meant, as it stands in requests and forms.</summary>
internal static class FaceWords
{
    public const string Description = "Which face is meant: only (refuse several), largest, central, its number by size from 1, "
        + "or a place in it as x,y in pixels of the upright image";

    /// <exception cref="ProblemException">The word is not known.</exception>
    public static FaceChoice Parse(string? face) => face switch
    {
        null or "only" => FaceChoice.Only,
        "largest" => FaceChoice.Largest,
        "central" => FaceChoice.Central,
        _ when int.TryParse(face, out var number) && number >= 1 => FaceChoice.Nth(number),
        _ when Place(face) is { } place => FaceChoice.At(place),
        _ => throw new ProblemException(Problem.BadValue, "face is only, largest, central, a number from 1, or a place as x,y"),
    };

    private static Vector2? Place(string text) => text.Split(',') is [var x, var y] && Coordinate(x) is { } left && Coordinate(y) is { } top
        ? new Vector2(left, top)
        : null;

    private static float? Coordinate(string text) =>
        float.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var value)
            && float.IsFinite(value)
            ? value
            : null;

    /// <summary>The same of photos to enrol: what to do with several, or the number of the one; neither: as the gallery's profile
    /// says.</summary>
    /// <exception cref="ProblemException">The word is not known.</exception>
    public static (EnrolmentFaces? Faces, int? Number) ParseEnrolment(string? face) => face switch
    {
        null => (null, null),
        "only" => (EnrolmentFaces.Only, null),
        "largest" => (EnrolmentFaces.Largest, null),
        "central" => (EnrolmentFaces.Central, null),
        "each" => (EnrolmentFaces.Each, null),
        _ when int.TryParse(face, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 => (null, number),
        _ => throw new ProblemException(Problem.BadValue, "face is only, largest, central, each, or a number from 1"),
    };
}
