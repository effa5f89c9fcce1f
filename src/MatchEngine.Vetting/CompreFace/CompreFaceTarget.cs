using MatchEngine.Vetting.MappedHttp;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.CompreFace;

/// <summary>
/// A service that speaks the interface of CompreFace: <c>compreface:URL</c>. It is a JSON service as any other, and this is its mapping
/// (CompreFace, docs/Rest-API-description.md).
/// </summary>
public static class CompreFaceTarget
{
    private const string Gallery = "{gallery}", Disclaimer = "header:x-matchengine-disclaimer";

    /// <summary>Opens a service; nothing is sent yet.</summary>
    /// <param name="service">Its address.</param>
    /// <param name="options">How it is reached. The credential is the API key.</param>
    /// <exception cref="TargetUnusableException">There is no key.</exception>
    /// <exception cref="ArgumentException">The address is not one of HTTP.</exception>
    public static ISystemUnderTest Open(Uri service, TargetOptions options)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(options);
        return options.Credentials.Of(Caller.Examiner) is not null
            ? MappedTarget.Open(Mapping(service), $"compreface:{service}", options)
            : throw new TargetUnusableException("a CompreFace service is asked with an API key: name the file that holds it");
    }

    /// <summary>The mapping.</summary>
    /// <param name="service">The service's address.</param>
    internal static ServiceMapping Mapping(Uri service) => new()
    {
        Address = service.ToString(),
        Headers = new() { ["x-api-key"] = "{credential}" },
        Scores = new ScoreMapping { Better = "bigger", Low = 0, High = 1 },
        Identity = new IdentityMapping { Product = "a service with CompreFace's interface" },
        Enrol = new EnrolmentMapping
        {
            Method = "POST",
            Path = "/api/v1/recognition/faces",
            Query = new() { ["subject"] = "{subject}" },
            // Which collection a key is of is the service's to know; a MatchEngine service is told.
            Headers = new() { ["x-matchengine-gallery"] = Gallery },
            Multipart = new() { ["file"] = "{image}" },
            Subject = "$.subject",
        },
        Remove = new RequestMapping
        {
            Method = "DELETE",
            Path = "/api/v1/recognition/subjects/{subject}",
            Headers = new() { ["x-matchengine-gallery"] = Gallery },
        },
        Search = new SearchMapping
        {
            Method = "POST",
            Path = "/api/v1/recognition/recognize",
            Query = new() { ["prediction_count"] = "{listLength}", ["status"] = "true" },
            Headers = new(Purpose()) { ["x-matchengine-gallery"] = Gallery },
            Multipart = new() { ["file"] = "{image}" },
            Candidates = "$.result[0].subjects[*]",
            Subject = "$.subject",
            Score = "$.similarity",
            Model = "$.plugins_versions.calculator",
            Disclaimer = Disclaimer,
            SearchId = "header:x-matchengine-search-id",
            Withheld = "header:x-matchengine-withheld",
        },
        Compare = new ComparisonMapping
        {
            Method = "POST",
            Path = "/api/v1/verification/verify",
            Headers = Purpose(),
            Multipart = new() { ["source_image"] = "{first}", ["target_image"] = "{second}" },
            Score = "$.result[0].face_matches[0].similarity",
            Disclaimer = Disclaimer,
        },
        Failures =
        [
            .. Numbered(20, FailureKind.Unauthorised), .. Numbered(21, FailureKind.UnreadableImage), .. Numbered(28, FailureKind.NoFace),
            .. Numbered(31, FailureKind.SeveralFaces), .. Numbered(10, FailureKind.NotFound), .. Numbered(11, FailureKind.NotFound),
            new FailureMapping { Status = 400, Contains = "purpose", Kind = FailureKind.PurposeMissing },
            // The interface has no number for it: a MatchEngine service's words, and those of the framework that CompreFace is built on.
            new FailureMapping { Contains = "is the limit", Kind = FailureKind.TooLarge },
            new FailureMapping { Contains = "upload size exceeded", Kind = FailureKind.TooLarge },
        ],
    };

    private static Dictionary<string, string> Purpose() => new()
    {
        ["x-matchengine-case"] = "{caseNumber}", ["x-matchengine-basis"] = "{basis}", ["x-matchengine-requester"] = "{requester}",
    };

    // {"message":"…","code":28}, with blanks or without: the number is followed by no other digit.
    private static IEnumerable<FailureMapping> Numbered(int code, FailureKind kind) =>
        from colon in (string[])[":", ": ", " : "]
        from end in (string[])["}", ",", " ", "\n", "\r"]
        select new FailureMapping { Contains = $"\"code\"{colon}{code}{end}", Kind = kind };
}
