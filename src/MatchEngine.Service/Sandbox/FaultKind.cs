using System.Text.Json;

namespace MatchEngine.Service.Sandbox;

/// <summary>What goes wrong with an answer that a client gets.</summary>
public enum FaultKind
{
    /// <summary>It comes late.</summary>
    Delay,

    /// <summary>Its body comes in drops.</summary>
    SlowBody,

    /// <summary>The connection ends within its body.</summary>
    CutBody,

    /// <summary>Status 429 with <c>Retry-After</c>.</summary>
    RateLimited,

    /// <summary>Status 503 with <c>Retry-After</c>.</summary>
    Unavailable,

    /// <summary>Status 500.</summary>
    ServerError,

    /// <summary>The candidates do not stand in rank order.</summary>
    WrongOrder,

    /// <summary>Of several candidates the first one stands alone.</summary>
    OneCandidate,

    /// <summary>The first candidate stands there twice.</summary>
    Duplicates,

    /// <summary>There is no disclaimer.</summary>
    DisclaimerDropped,

    /// <summary>The disclaimer has other words, under the same version.</summary>
    DisclaimerAltered,

    /// <summary>Candidates have no scores.</summary>
    ScoresMissing,

    /// <summary>Scores run from 0 to 100 where −1 … 1 is promised.</summary>
    ScoresRescaled,

    /// <summary>All scores are higher, or lower, than they are.</summary>
    ScoresShifted,

    /// <summary>Candidates below the floor are listed.</summary>
    FloorIgnored,

    /// <summary>More candidates are listed than were asked for.</summary>
    ListTooLong,

    /// <summary>Somebody else leads the list.</summary>
    StrangerFirst,

    /// <summary>A subject that was deleted is listed.</summary>
    DeletedSubject,

    /// <summary>A candidate shows a biographic that the gallery's owner does not show the reader.</summary>
    LeakedField,

    /// <summary>By its receipt the probe was deleted long after the answer.</summary>
    LateReceipt,

    /// <summary>The receipt is another probe's.</summary>
    OtherReceipt,

    /// <summary>The model's id is another one.</summary>
    ChangedModel,
}

/// <summary>What kinds of faults have in common.</summary>
internal static class FaultKinds
{
    /// <summary>Its name, as it stands in JSON: in header and audit the same.</summary>
    public static string ToName(this FaultKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>Whether it is one of the connection or of the status, which any answer can have; else it is one of a candidate
    /// list.</summary>
    public static bool IsOfTransport(this FaultKind kind) => kind <= FaultKind.ServerError;

    /// <summary>Whether it shows records that the answer would not show: it exists only where the people are invented.</summary>
    public static bool Reveals(this FaultKind kind) => kind is FaultKind.FloorIgnored or FaultKind.ListTooLong
        or FaultKind.StrangerFirst or FaultKind.DeletedSubject or FaultKind.LeakedField;

    /// <summary>Whether the answer is an error in place of what was asked for.</summary>
    public static bool Refuses(this FaultKind kind) => kind is FaultKind.RateLimited or FaultKind.Unavailable or FaultKind.ServerError;
}
