using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Interchange;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Headers;

namespace MatchEngine.Service.Rekognition;

/// <summary>
/// What went wrong, as the dialect tells it: <c>{"__type":…,"message":…}</c> with the status that AWS gives the type. Our own code, which
/// says more, stands in a header.
/// </summary>
internal sealed class RekognitionErrors : IProblemWriter
{
    public static readonly ProblemKind NotSigned = new("not_signed", 400, "The request is not signed");
    public static readonly ProblemKind Incomplete = new("signature_incomplete", 400, "The signature is not whole");
    public static readonly ProblemKind WrongSignature = new("signature_wrong", 400, "The signature is wrong");
    public static readonly ProblemKind UnknownCredential = new("credential_unknown", 400, "There is no such credential");
    public static readonly ProblemKind UnknownOperation = new("operation_unknown", 400, "There is no such operation");
    public static readonly ProblemKind NoStorage = new("storage_not_offered", 400, "Images come with the request");
    public static readonly ProblemKind BadToken = new("token_unknown", 400, "The token is none of a page");

    private const string Denied = "AccessDeniedException";
    private const string Parameter = "InvalidParameterException";
    private const string Format = "InvalidImageFormatException";
    private const string Large = "ImageTooLargeException";
    private const string Missing = "ResourceNotFoundException";
    private const string Throttled = "ThrottlingException";
    private const string Failed = "InternalServerError";

    private static readonly Dictionary<string, string> Types = Make();

    /// <summary>The codes that have a type.</summary>
    public static IReadOnlyCollection<string> Codes => Types.Keys;

    /// <summary>The type of a problem.</summary>
    public static string TypeOf(ProblemKind kind) => Types.TryGetValue(kind.Code, out var type) ? type
        : kind.Status >= 500 ? Failed : Parameter;

    public Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var (response, type) = (context.Response, TypeOf(problem.Kind));
        // As AWS documents them: whatever the client can mend is 400.
        response.StatusCode = type is Throttled or Failed ? 500 : 400;
        response.Headers[RekognitionProtocol.RequestIdHeader] = context.TraceIdentifier;
        response.Headers["x-amzn-ErrorType"] = type;
        Told.Problem(response.Headers, problem);
        return response.WriteAsJsonAsync(
            new Dictionary<string, string> { ["__type"] = type, ["message"] = problem.Message, ["Message"] = problem.Message },
            RekognitionProtocol.Json, RekognitionProtocol.ContentType, CancellationToken.None);
    }

    private static Dictionary<string, string> Make()
    {
        var types = new Dictionary<string, string>
        {
            [NotSigned.Code] = "MissingAuthenticationTokenException",
            [Incomplete.Code] = "IncompleteSignatureException",
            [WrongSignature.Code] = "InvalidSignatureException",
            [UnknownCredential.Code] = "UnrecognizedClientException",
            [UnknownOperation.Code] = "UnknownOperationException",
            [NoStorage.Code] = "InvalidS3ObjectException",
            [BadToken.Code] = "InvalidPaginationTokenException",
            [Problem.BadRequest.Code] = "SerializationException",
            [Problem.TooLarge.Code] = Large,
            [Problem.Unsupported.Code] = "SerializationException",
            [Problem.RateLimited.Code] = "ProvisionedThroughputExceededException",
            [Problem.NotReady.Code] = Throttled,
            [Problem.Internal.Code] = Failed,
        };
        foreach (var reason in Enum.GetValues<AcquisitionFailure>())
            types[reason.ToCode()] = reason switch
            {
                AcquisitionFailure.TooLarge or AcquisitionFailure.TooManyPixels => Large,
                AcquisitionFailure.UnsupportedFormat or AcquisitionFailure.Undecodable => Format,
                _ => Parameter,
            };
        foreach (var fault in Enum.GetValues<InterchangeFault>())
            types[fault.ToCode()] = Format;
        foreach (var code in ErrorCodes.All)
            types[HttpErrors.Of(code).Code] = types.GetValueOrDefault(HttpErrors.Of(code).Code) ?? code switch
            {
                ErrorCodes.GalleryNotFound or ErrorCodes.NotFound => Missing,
                ErrorCodes.GalleryExists => "ResourceAlreadyExistsException",
                ErrorCodes.Conflict or ErrorCodes.MasterExists or ErrorCodes.OtherProvider or ErrorCodes.OtherProbe => "ConflictException",
                ErrorCodes.QueueFull => Throttled,
                _ => HttpErrors.Of(code).Status switch
                {
                    401 or 403 or 429 => Denied,
                    503 => Throttled,
                    >= 500 => Failed,
                    _ => Parameter,
                },
            };
        types[ErrorCodes.PurposeRequired] = Denied;
        types[ErrorCodes.UnderAge] = Denied;
        return types;
    }
}
