using MatchEngine.Faces;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>Which face of an image is meant, as it stands in requests and forms.</summary>
internal static class FaceWords
{
    public const string Description = "Which face is meant: only (refuse several), largest, central, or its number by size from 1";

    /// <exception cref="ProblemException">The word is not known.</exception>
    public static FaceChoice Parse(string? face) => face switch
    {
        null or "only" => FaceChoice.Only,
        "largest" => FaceChoice.Largest,
        "central" => FaceChoice.Central,
        _ when int.TryParse(face, out var number) && number >= 1 => FaceChoice.Nth(number),
        _ => throw new ProblemException(Problem.BadValue, "face is only, largest, central, or a number from 1"),
    };

    /// <summary>The same of photos to enrol; null: as the gallery's profile says.</summary>
    /// <exception cref="ProblemException">The word is not known.</exception>
    public static EnrolmentFaces? ParseEnrolment(string? face) => face switch
    {
        null => null,
        "only" => EnrolmentFaces.Only,
        "largest" => EnrolmentFaces.Largest,
        "central" => EnrolmentFaces.Central,
        _ => throw new ProblemException(Problem.BadValue, "face is only, largest or central"),
    };
}
