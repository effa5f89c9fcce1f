namespace MatchEngine.Vetting.Targets;

/// <summary>Why a call has no value.</summary>
/// <param name="Kind">What happened, in this house's words.</param>
/// <param name="Code">The target's own word for it, bounded; null where it has none.</param>
/// <param name="Detail">What the target says, bounded; or what is wrong with its answer.</param>
public sealed record TargetFailure(FailureKind Kind, string? Code, string? Detail)
{
    /// <summary>How long the target asks to wait; null where it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the target read the request and said no, for whatever reason: not that it broke, or was not reached.</summary>
    public bool IsRefusal => Kind is FailureKind.Refused or FailureKind.Unauthorised or FailureKind.Forbidden or FailureKind.NotFound
        or FailureKind.PurposeMissing || IsOfThePhoto;

    /// <summary>Whether the target refused because of what it saw in the photo.</summary>
    public bool IsOfThePhoto => Kind is FailureKind.NoFace or FailureKind.SeveralFaces or FailureKind.PoorQuality
        or FailureKind.UnreadableImage or FailureKind.TooLarge;
}

/// <summary>What became of a call that has no value.</summary>
public enum FailureKind
{
    /// <summary>Refused for a reason that has no word of its own here.</summary>
    Refused,

    /// <summary>The credential is missing or wrong.</summary>
    Unauthorised,

    /// <summary>The credential is good, and may not do this.</summary>
    Forbidden,

    /// <summary>What was named is not there, or is not to be seen.</summary>
    NotFound,

    /// <summary>Asked more often than the target allows.</summary>
    TooManyRequests,

    /// <summary>A purpose is demanded that was not given.</summary>
    PurposeMissing,

    /// <summary>No face was found in the photo.</summary>
    NoFace,

    /// <summary>Several faces were found where one is taken.</summary>
    SeveralFaces,

    /// <summary>The photo is too poor.</summary>
    PoorQuality,

    /// <summary>The file is no image that the target reads, or a damaged one.</summary>
    UnreadableImage,

    /// <summary>The file, or what it would unpack to, is larger than the target takes.</summary>
    TooLarge,

    /// <summary>No whole answer came within the time.</summary>
    TimedOut,

    /// <summary>The target could not be reached, or the connection broke.</summary>
    Unreachable,

    /// <summary>The target says that it failed itself.</summary>
    TargetFault,

    /// <summary>The answer cannot be read, or lacks what it must have.</summary>
    BrokenAnswer,

    /// <summary>The answer is longer than is read.</summary>
    AnswerTooLarge,

    /// <summary>The answer comes later; the run goes on when it is there.</summary>
    Pending,

    /// <summary>The target has no such call; nothing was sent.</summary>
    NotSupported,
}
