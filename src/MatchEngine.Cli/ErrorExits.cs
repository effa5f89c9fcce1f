using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Errors;
using MatchEngine.Interchange;

namespace MatchEngine.Cli;

/// <summary>The one table from the codes of errors to what the process returns.</summary>
internal static class ErrorExits
{
    private static readonly Dictionary<string, int> Table = Make();

    /// <summary>The codes that have an exit.</summary>
    public static IReadOnlyCollection<string> Codes => Table.Keys;

    /// <summary>What the process returns for an error; null for one that has no code: a fault of ours, which comes with its
    /// stack.</summary>
    public static int? Of(Exception error) => ErrorCodes.Of(error) is { } code ? Table[code] : null;

    private static Dictionary<string, int> Make()
    {
        string[] refused =
        [
            ErrorCodes.BadValue, ErrorCodes.FloorUnsaid, ErrorCodes.FilterRefused, ErrorCodes.PurposeRequired, ErrorCodes.SignInRefused,
            ErrorCodes.AccountLocked, ErrorCodes.Forbidden,
            ErrorCodes.TermsNotAccepted, ErrorCodes.ApprovalRequired, ErrorCodes.NotOffered, ErrorCodes.NotFound, ErrorCodes.Conflict,
            ErrorCodes.OtherProbe, ErrorCodes.PurposeRefused, ErrorCodes.TrainingRequired, ErrorCodes.UnderAge,
            ErrorCodes.MasterExists, ErrorCodes.OtherProvider,
            ErrorCodes.IdempotencyMismatch, ErrorCodes.IdempotencyInProgress, ErrorCodes.IdempotencyNoAnswer,
            ErrorCodes.IdempotencyKeysFull, ErrorCodes.Resend, ErrorCodes.LastAdministrator,
            ErrorCodes.QueueFull, ErrorCodes.GalleryNotFound,
            ErrorCodes.GalleryExists, ErrorCodes.ModelMismatch, ErrorCodes.Model, ErrorCodes.DataKey, ErrorCodes.Archive,
            ErrorCodes.Profile, ErrorCodes.Metadata, ErrorCodes.Enrolment, ErrorCodes.Template, ErrorCodes.Snapshot,
            .. Enum.GetValues<AcquisitionFailure>().Select(reason => reason.ToCode()),
            .. Enum.GetValues<InterchangeFault>().Select(fault => fault.ToCode()),
            .. Enum.GetValues<StoreFault>().Select(ErrorCodes.Of),
        ];
        // Input, or the folder it works on: a user can do something about each of them, and nothing was done.
        return refused.ToDictionary(code => code, _ => ExitCode.BadUsage);
    }
}
