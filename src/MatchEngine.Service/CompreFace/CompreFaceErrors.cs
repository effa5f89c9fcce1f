using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Interchange;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Headers;

namespace MatchEngine.Service.CompreFace;

/// <summary>
/// What went wrong, as the dialect tells it: <c>{"message":…,"code":…}</c> with CompreFace's numbers where it has one. Our own code, which
/// says more, stands in a header.
/// </summary>
internal sealed class CompreFaceErrors : IProblemWriter
{
    public static readonly ProblemKind MissingParameter = new("parameter_missing", 400, "The request lacks a parameter");

    // The numbers of CompreFace's table of errors; 0 is what it has none for.
    private const int Undefined = 0;
    private const int NoSuchCollection = 10;
    private const int NoSuchImage = 11;
    private const int MissingHeader = 20;
    private const int BadFile = 21;
    private const int Constraint = 26;
    private const int NoFaces = 28;
    private const int TooManyFaces = 31;
    private const int Missing = 33;
    private const int Failed = 41;

    private static readonly Dictionary<string, int> Numbers = new()
    {
        [MissingParameter.Code] = Missing,
        [Problem.NotSignedIn.Code] = MissingHeader,
        [ErrorCodes.NotFound] = NoSuchImage,
        [ErrorCodes.BadValue] = Constraint,
        [Problem.BadRequest.Code] = Constraint,
        [AcquisitionFailure.NoFace.ToCode()] = NoFaces,
        [AcquisitionFailure.MultipleFaces.ToCode()] = TooManyFaces,
        [AcquisitionFailure.UnsupportedFormat.ToCode()] = BadFile,
        [AcquisitionFailure.Undecodable.ToCode()] = BadFile,
        [Problem.Unsupported.Code] = BadFile,
    };

    private static readonly HashSet<string> OfImages =
    [
        .. Enum.GetValues<AcquisitionFailure>().Select(reason => reason.ToCode()),
        .. Enum.GetValues<InterchangeFault>().Select(fault => fault.ToCode()),
    ];

    /// <summary>The number of a problem.</summary>
    public static int NumberOf(ProblemException problem) =>
        problem.InnerException is Galleries.Errors.GalleryNotFoundException ? NoSuchCollection
            : Numbers.TryGetValue(problem.Kind.Code, out var number) ? number
            : problem.Kind.Status >= 500 ? Failed : Undefined;

    public Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        // It has one status for whatever is wrong with an image.
        if (OfImages.Contains(problem.Kind.Code))
            response.StatusCode = StatusCodes.Status400BadRequest;
        Told.Problem(response.Headers, problem);
        return response.WriteAsJsonAsync(
            new ErrorShape(problem.Message, NumberOf(problem)), CompreFaceJson.Options, "application/json", CancellationToken.None);
    }

    private sealed record ErrorShape(string Message, int Code);
}
