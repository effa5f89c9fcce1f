using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs.Enrolling;

namespace MatchEngine.Service.Errors;

/// <summary>A kind of problem that a client can tell from others: its code and status never change once released.</summary>
/// <param name="Code">The name, for example <c>no_face</c>; the problem's <c>type</c> is <c>urn:matchengine:problem:CODE</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What it is, the same words each time.</param>
internal sealed record ProblemKind(string Code, int Status, string Title)
{
    public string Type => $"urn:matchengine:problem:{Code}";
}

/// <summary>
/// The kinds of problems that arise on the way of a request, before a use case is called; those of the use cases stand in
/// <see cref="HttpErrors"/>.
/// </summary>
internal static class Problem
{
    public static readonly ProblemKind BadRequest = new("bad_request", 400, "The request cannot be understood");
    public static readonly ProblemKind BadValue = HttpErrors.Of(Frs.Errors.ErrorCodes.BadValue);
    public static readonly ProblemKind NotSignedIn = new("not_signed_in", 401, "A valid key or sign-in is needed");
    public static readonly ProblemKind Forbidden = HttpErrors.Of(Frs.Errors.ErrorCodes.Forbidden);
    public static readonly ProblemKind CrossSite = new(
        "cross_site", 403, "A signed-in browser may be sent here by this service's own pages only");
    public static readonly ProblemKind NotFound = HttpErrors.Of(Frs.Errors.ErrorCodes.NotFound);
    public static readonly ProblemKind MethodNotAllowed = new("method_not_allowed", 405, "The resource has no such method");
    public static readonly ProblemKind Conflict = HttpErrors.Of(Frs.Errors.ErrorCodes.Conflict);
    public static readonly ProblemKind TooLarge = new("too_large", 413, "The request or an image in it is too large");
    public static readonly ProblemKind Unsupported = new("unsupported", 415, "The content is of a kind that is not read here");
    public static readonly ProblemKind RateLimited = new("rate_limited", 429, "Too many requests");
    public static readonly ProblemKind NotReady = new("not_ready", 503, "The service is not ready yet, or no longer");
    public static readonly ProblemKind Internal = HttpErrors.Internal;

    /// <summary>The kind for a status that ASP.NET Core set by itself.</summary>
    public static ProblemKind OfStatus(int status) => status switch
    {
        400 => BadRequest,
        401 => NotSignedIn,
        403 => Forbidden,
        404 => NotFound,
        405 => MethodNotAllowed,
        409 => Conflict,
        413 => TooLarge,
        415 => Unsupported,
        429 => RateLimited,
        503 => NotReady,
        _ when status < 500 => new ProblemKind($"http_{status}", status, "The request was refused"),
        _ => Internal with { Status = status },
    };
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(ProblemKind kind, string detail, Exception? innerException = null)
    : Exception(detail, innerException)
{
    public ProblemKind Kind { get; } = kind;

    /// <summary>When to try again; null when there is no telling.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The rule of a profile that demands it and where that is written; null where no rule does.</summary>
    public string? Rule { get; init; }

    /// <summary>The fields of the request that lack what is demanded; none where it is not about fields.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Of an image: the faces that were found, largest first.</summary>
    public IReadOnlyList<BoundingBox> Faces { get; init; } = [];

    /// <summary>Of an image that is too poor: its quality, with advice.</summary>
    public FaceQuality? Quality { get; init; }

    /// <summary>Of photos none of which was enrolled: what became of each.</summary>
    public IReadOnlyList<EnrolledPhoto> Photos { get; init; } = [];
}
