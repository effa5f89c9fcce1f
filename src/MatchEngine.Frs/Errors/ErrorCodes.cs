using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Interchange;
using MatchEngine.Vectors;

namespace MatchEngine.Frs.Errors;

/// <summary>
/// The code of every error that can leave a use case. Codes never change once released; each dialect has one table that gives each of them
/// its status, and a test holds the three together: the exceptions of the rooms, these codes, and the dialects' tables.
/// </summary>
public static class ErrorCodes
{
    /// <summary>A value in the request cannot be used.</summary>
    public const string BadValue = "bad_value";

    /// <summary>For this probe no floor can be said above which so many strangers are expected.</summary>
    public const string FloorUnsaid = "floor_unsaid";

    /// <summary>A search among some asks for what the searcher may not see.</summary>
    public const string FilterRefused = "filter_refused";

    /// <summary>A search needs its purpose.</summary>
    public const string PurposeRequired = "purpose_required";

    /// <summary>Name, password or key is wrong.</summary>
    public const string SignInRefused = "sign_in_refused";

    /// <summary>The account waits after too many wrong passwords.</summary>
    public const string AccountLocked = "account_locked";

    /// <summary>The account may not do this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>The terms must be accepted before first use.</summary>
    public const string TermsNotAccepted = "terms_not_accepted";

    /// <summary>The purpose is none that the service serves.</summary>
    public const string PurposeRefused = "purpose_refused";

    /// <summary>A certificate of training is missing or has expired.</summary>
    public const string TrainingRequired = "training_required";

    /// <summary>The photo shows a child, and the profile takes none.</summary>
    public const string UnderAge = Galleries.Enrolment.EnrolmentFailure.UnderAge;

    /// <summary>The subject has its one photo already.</summary>
    public const string MasterExists = Galleries.Enrolment.EnrolmentFailure.MasterExists;

    /// <summary>The subject is another organisation's data.</summary>
    public const string OtherProvider = Galleries.Enrolment.EnrolmentFailure.OtherProvider;

    /// <summary>A supervisor must approve this search first.</summary>
    public const string ApprovalRequired = "approval_required";

    /// <summary>The service does not offer this under its profile.</summary>
    public const string NotOffered = "not_offered";

    /// <summary>There is no such thing, or the actor may not know of it.</summary>
    public const string NotFound = "not_found";

    /// <summary>The request does not fit the present state.</summary>
    public const string Conflict = "conflict";

    /// <summary>The photo is not the probe of this search.</summary>
    public const string OtherProbe = "other_probe";

    /// <summary>The service needs an administrator.</summary>
    public const string LastAdministrator = "last_administrator";

    /// <summary>All workers are busy and the queue is full.</summary>
    public const string QueueFull = "queue_full";

    /// <summary>A key of a request that is carried out once was used for another request.</summary>
    public const string IdempotencyMismatch = "idempotency_mismatch";

    /// <summary>The first request under this key is under way.</summary>
    public const string IdempotencyInProgress = "idempotency_in_progress";

    /// <summary>The first request under this key was begun and has no answer that is kept.</summary>
    public const string IdempotencyNoAnswer = "idempotency_no_answer";

    /// <summary>The account has as many keys of such requests as it may.</summary>
    public const string IdempotencyKeysFull = "idempotency_keys_full";

    /// <summary>The service ended before the photo was searched with, and nothing of it is left.</summary>
    public const string Resend = "resend";

    /// <summary>There is no gallery of this name.</summary>
    public const string GalleryNotFound = "gallery_not_found";

    /// <summary>There is a gallery of this name already.</summary>
    public const string GalleryExists = "gallery_exists";

    /// <summary>Templates of two models are not compared.</summary>
    public const string ModelMismatch = "model_mismatch";

    /// <summary>A model's card or file is missing, swapped or damaged.</summary>
    public const string Model = "model";

    /// <summary>A key for encryption at rest cannot be used.</summary>
    public const string DataKey = "data_key";

    /// <summary>A gallery's archive cannot be restored.</summary>
    public const string Archive = "archive";

    /// <summary>A profile cannot be used.</summary>
    public const string Profile = "profile";

    /// <summary>A metadata file cannot be used.</summary>
    public const string Metadata = "metadata";

    /// <summary>An enrolment was brought down by something unexpected.</summary>
    public const string Enrolment = "enrolment";

    /// <summary>The bytes of a template are none.</summary>
    public const string Template = "template";

    /// <summary>The snapshot of an index cannot be used.</summary>
    public const string Snapshot = "snapshot";

    private static readonly Dictionary<Type, (IReadOnlyList<string> Codes, Func<Exception, string> Code)> Table = new()
    {
        [typeof(CodedException)] = (
            [
                BadValue, PurposeRequired, SignInRefused, AccountLocked, Forbidden, TermsNotAccepted, ApprovalRequired, NotOffered,
                NotFound, Conflict, OtherProbe, LastAdministrator, QueueFull, PurposeRefused, TrainingRequired,
                UnderAge, MasterExists, OtherProvider, FilterRefused, IdempotencyMismatch, IdempotencyInProgress, IdempotencyNoAnswer,
                IdempotencyKeysFull, Resend,
            ],
            error => ((CodedException)error).Code),
        [typeof(AcquisitionException)] = (
            [.. Enum.GetValues<AcquisitionFailure>().Select(reason => reason.ToCode())],
            error => ((AcquisitionException)error).Reason.ToCode()),
        [typeof(InterchangeException)] = (
            [.. Enum.GetValues<InterchangeFault>().Select(fault => fault.ToCode())], error => ((InterchangeException)error).Fault.ToCode()),
        [typeof(PhotoRefusedException)] = (
            [.. Enum.GetValues<InterchangeFault>().Select(fault => fault.ToCode())], error => ((PhotoRefusedException)error).Code),
        [typeof(StoreException)] = ([.. Enum.GetValues<StoreFault>().Select(Of)], error => Of(((StoreException)error).Fault)),
        [typeof(FilterRefusedException)] = One(FilterRefused),
        [typeof(UnsaidFloorException)] = One(FloorUnsaid),
        [typeof(GalleryNotFoundException)] = One(GalleryNotFound),
        [typeof(GalleryExistsException)] = One(GalleryExists),
        [typeof(ModelMismatchException)] = One(ModelMismatch),
        [typeof(ModelException)] = One(Model),
        [typeof(DataKeyException)] = One(DataKey),
        [typeof(ArchiveException)] = One(Archive),
        [typeof(ProfileException)] = One(Profile),
        [typeof(MetadataException)] = One(Metadata),
        [typeof(EnrolmentException)] = One(Enrolment),
        [typeof(TemplateFormatException)] = One(Template),
        [typeof(Vectors.Snapshots.SnapshotException)] = One(Snapshot),
    };

    /// <summary>The types of errors that have a code; types that inherit from them have theirs.</summary>
    public static IReadOnlyCollection<Type> Types => Table.Keys;

    /// <summary>Every code.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Table.Values.SelectMany(row => row.Codes).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The code of an error; null for one that has none: a fault of ours, which must come with its stack.</summary>
    public static string? Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        for (var type = error.GetType(); type != typeof(Exception) && type is not null; type = type.BaseType)
        {
            if (Table.TryGetValue(type, out var row))
                return row.Code(error);
        }
        return null;
    }

    /// <summary>The code of a store's fault: <c>store_disk_full</c> …</summary>
    public static string Of(StoreFault fault) => "store_" + JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.ToString());

    private static (IReadOnlyList<string>, Func<Exception, string>) One(string code) => ([code], _ => code);
}
