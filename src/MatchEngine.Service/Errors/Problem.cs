namespace MatchEngine.Service.Errors;

/// <summary>A kind of problem that a client can tell from others: its code and status never change once released.</summary>
/// <param name="Code">The name, for example <c>no_face</c>; the problem's <c>type</c> is <c>urn:matchengine:problem:CODE</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What it is, the same words each time.</param>
internal sealed record ProblemKind(string Code, int Status, string Title)
{
    public string Type => $"urn:matchengine:problem:{Code}";
}

/// <summary>The kinds of problems.</summary>
internal static class Problem
{
    public static readonly ProblemKind BadRequest = new("bad_request", 400, "The request cannot be understood");
    public static readonly ProblemKind BadValue = new("bad_value", 400, "A value in the request cannot be used");
    public static readonly ProblemKind PurposeRequired = new("purpose_required", 400, "A search needs its purpose");
    public static readonly ProblemKind BadArchive = new("bad_archive", 422, "The file is no whole gallery that can be restored here");
    public static readonly ProblemKind NotSignedIn = new("not_signed_in", 401, "A valid key or sign-in is needed");
    public static readonly ProblemKind SignInRefused = new("sign_in_refused", 401, "Name or password is wrong");
    public static readonly ProblemKind Forbidden = new("forbidden", 403, "The account may not do this");
    public static readonly ProblemKind CrossSite = new(
        "cross_site", 403, "A signed-in browser may be sent here by this service's own pages only");
    public static readonly ProblemKind TermsNotAccepted = new("terms_not_accepted", 403, "The terms must be accepted before first use");
    public static readonly ProblemKind ApprovalRequired = new("approval_required", 403, "A supervisor must approve this search first");
    public static readonly ProblemKind NotOffered = new("not_offered", 403, "The service does not offer this under its profile");
    public static readonly ProblemKind NotFound = new("not_found", 404, "There is no such thing");
    public static readonly ProblemKind MethodNotAllowed = new("method_not_allowed", 405, "The resource has no such method");
    public static readonly ProblemKind Conflict = new("conflict", 409, "The request does not fit the present state");
    public static readonly ProblemKind OtherProbe = new("other_probe", 409, "The photo is not the probe of this search");
    public static readonly ProblemKind ModelMismatch = new("model_mismatch", 409, "The galleries hold templates of another model");
    public static readonly ProblemKind GalleryExists = new("gallery_exists", 409, "There is a gallery of this name");
    public static readonly ProblemKind LastAdministrator = new("last_administrator", 409, "The service needs an administrator");
    public static readonly ProblemKind TooLarge = new("too_large", 413, "The request or an image in it is too large");
    public static readonly ProblemKind Unsupported = new("unsupported", 415, "The content is of a kind that is not read here");
    public static readonly ProblemKind AccountLocked = new("account_locked", 429, "The account waits after too many wrong passwords");
    public static readonly ProblemKind RateLimited = new("rate_limited", 429, "Too many requests");
    public static readonly ProblemKind QueueFull = new("queue_full", 503, "All workers are busy and the queue is full");
    public static readonly ProblemKind NotReady = new("not_ready", 503, "The service is not ready yet, or no longer");
    public static readonly ProblemKind StoreUnavailable = new("store_unavailable", 503, "A database cannot be used at the moment");
    public static readonly ProblemKind Internal = new("internal", 500, "The service failed");

    /// <summary>A probe or photo that gives no template: 422 with the reason as code.</summary>
    public static ProblemKind Acquisition(string reason) => new(
        reason, reason is "too_large" or "too_many_pixels" ? 413 : reason == "unsupported_format" ? 415 : 422,
        "No template can be made of the image");

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

    /// <summary>Members of the answer beside those of RFC 9457.</summary>
    public IDictionary<string, object?> Extensions { get; init; } = new Dictionary<string, object?>();

    /// <summary>When to try again; null when there is no telling.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
