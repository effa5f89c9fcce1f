using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Errors;
using MatchEngine.Interchange;

namespace MatchEngine.Service.Errors;

/// <summary>The one table from the codes of errors to what HTTP makes of them. Some codes have a name of their own here, from
/// before.</summary>
internal static class HttpErrors
{
    /// <summary>A fault of ours, or of the installation: the client learns no more of it.</summary>
    public static readonly ProblemKind Internal = new("internal", 500, "The service failed");

    private static readonly ProblemKind StoreUnavailable = new("store_unavailable", 503, "A database cannot be used at the moment");

    private static readonly Dictionary<string, ProblemKind> Table = Make();

    /// <summary>The codes that have a kind.</summary>
    public static IReadOnlyCollection<string> Codes => Table.Keys;

    /// <summary>The kind of a code.</summary>
    /// <exception cref="KeyNotFoundException">The code is not in the table.</exception>
    public static ProblemKind Of(string code) => Table[code];

    private static Dictionary<string, ProblemKind> Make()
    {
        var table = new Dictionary<string, ProblemKind>
        {
            [ErrorCodes.GalleryNotFound] = new("not_found", 404, "There is no such thing"),
            [ErrorCodes.Archive] = new("bad_archive", 422, "The file is no whole gallery that can be restored here"),
            // What the operator has to mend, and nobody else learns of.
            [ErrorCodes.Model] = Internal,
            [ErrorCodes.DataKey] = Internal,
            [ErrorCodes.Profile] = Internal,
            [ErrorCodes.Metadata] = Internal,
            [ErrorCodes.Enrolment] = Internal,
            [ErrorCodes.Template] = Internal,
            [ErrorCodes.Snapshot] = Internal,
        };
        Add(ErrorCodes.BadValue, 400, "A value in the request cannot be used");
        Add(ErrorCodes.PurposeRequired, 400, "A search needs its purpose");
        Add(ErrorCodes.SignInRefused, 401, "Name or password is wrong");
        Add(ErrorCodes.Forbidden, 403, "The account may not do this");
        Add(ErrorCodes.TermsNotAccepted, 403, "The terms must be accepted before first use");
        Add(ErrorCodes.PurposeRefused, 403, "The purpose is none that the service serves");
        Add(ErrorCodes.TrainingRequired, 403, "A certificate of training is missing or has expired");
        Add(ErrorCodes.UnderAge, 422, "The photo shows a child");
        Add(ErrorCodes.MasterExists, 409, "The subject has its one photo already");
        Add(ErrorCodes.OtherProvider, 409, "The subject is another organisation's data");
        Add(ErrorCodes.ApprovalRequired, 403, "A supervisor must approve this search first");
        Add(ErrorCodes.NotOffered, 403, "The service does not offer this under its profile");
        Add(ErrorCodes.NotFound, 404, "There is no such thing");
        Add(ErrorCodes.Conflict, 409, "The request does not fit the present state");
        Add(ErrorCodes.OtherProbe, 409, "The photo is not the probe of this search");
        Add(ErrorCodes.ModelMismatch, 409, "The galleries hold templates of another model");
        Add(ErrorCodes.GalleryExists, 409, "There is a gallery of this name");
        Add(ErrorCodes.LastAdministrator, 409, "The service needs an administrator");
        Add(ErrorCodes.AccountLocked, 429, "The account waits after too many wrong passwords");
        Add(ErrorCodes.FilterRefused, 403, "The gallery cannot be searched by what you may not see");
        Add(ErrorCodes.FloorUnsaid, 422, "No floor can be said for so many expected strangers");
        Add(ErrorCodes.IdempotencyMismatch, 422, "The key was used for another request");
        Add(ErrorCodes.IdempotencyInProgress, 409, "The first request with this key is under way");
        Add(ErrorCodes.IdempotencyNoAnswer, 409, "The first request with this key has no answer that is kept");
        Add(ErrorCodes.IdempotencyKeysFull, 429, "The account has as many keys as it may");
        Add(ErrorCodes.Resend, 409, "The photo has to be sent again");
        Add(ErrorCodes.QueueFull, 503, "All workers are busy and the queue is full");
        foreach (var reason in Enum.GetValues<AcquisitionFailure>())
            Add(reason.ToCode(), reason switch
            {
                AcquisitionFailure.TooLarge or AcquisitionFailure.TooManyPixels => 413,
                AcquisitionFailure.UnsupportedFormat => 415,
                _ => 422,
            }, "No template can be made of the image");
        foreach (var fault in Enum.GetValues<InterchangeFault>())
            Add(fault.ToCode(), 422, "The ANSI/NIST file gives no probe");
        foreach (var fault in Enum.GetValues<StoreFault>())
            table[ErrorCodes.Of(fault)] = StoreUnavailable;
        return table;

        void Add(string code, int status, string title) => table[code] = new ProblemKind(code, status, title);
    }
}
