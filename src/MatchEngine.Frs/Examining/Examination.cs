using MatchEngine.Faces.Geometry;

namespace MatchEngine.Frs.Examining;

/// <summary>How far an examination has come.</summary>
public enum ExaminationState
{
    /// <summary>It waits for an examiner.</summary>
    Open,

    /// <summary>An examiner works on it.</summary>
    Taken,

    /// <summary>Two examiners differ, and a supervisor has yet to say.</summary>
    Disputed,

    /// <summary>There is a result.</summary>
    Finished,

    /// <summary>Who asked for it took it back.</summary>
    Withdrawn,

    /// <summary>Nobody finished it in time.</summary>
    Expired,
}

/// <summary>How far what both photos show speaks for one person. No level is an identification.</summary>
public enum ExaminationLevel
{
    /// <summary>The features seen support it.</summary>
    Support,

    /// <summary>They support it to a limited extent.</summary>
    LimitedSupport,

    /// <summary>They allow no conclusion.</summary>
    NoConclusion,

    /// <summary>They support to a limited extent that the photos show different people.</summary>
    LimitedSupportDifferent,

    /// <summary>They support that the photos show different people.</summary>
    SupportDifferent,
}

/// <summary>An examination, as it stands now.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Search">The search whose list is examined.</param>
/// <param name="Requester">The account that asked for it.</param>
/// <param name="Organisation">Its organisation.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Note">What the requester wants the examiner to know.</param>
/// <param name="Requested">When it was asked for (UTC).</param>
/// <param name="Expires">When it ends by itself, and the probe with it.</param>
/// <param name="Examiner">The account that has taken it.</param>
/// <param name="Taken">When.</param>
/// <param name="Closed">When it ended.</param>
/// <param name="Comment">The examiner's words on the whole.</param>
/// <param name="ProbeDigest">The keyed digest of the probe, as in its receipt.</param>
/// <param name="ProbeBox">Where the probe's face is, in pixels of the upright photo; null where that was not recorded.</param>
/// <param name="ProbeDeleted">When the sealed probe and its key were gone; null while they are kept.</param>
public sealed record Examination(
    string Id,
    string Search,
    string Requester,
    string Organisation,
    ExaminationState State,
    string? Note,
    DateTimeOffset Requested,
    DateTimeOffset Expires,
    string? Examiner,
    DateTimeOffset? Taken,
    DateTimeOffset? Closed,
    string? Comment,
    string ProbeDigest,
    BoundingBox? ProbeBox,
    DateTimeOffset? ProbeDeleted)
{
    /// <summary>The organisation whose examiners do it: that of the requester, or the owner of the galleries.</summary>
    public required string Examiners { get; init; }

    /// <summary>Whether a second examiner, who does not see what the first one said, examines it too.</summary>
    public bool Second { get; init; }

    /// <summary>Who examined it first, where a second one does or did.</summary>
    public string? FirstExaminer { get; init; }

    /// <summary>The first examiner's words on the whole.</summary>
    public string? FirstComment { get; init; }

    /// <summary>The supervisor who decided where two examiners differed.</summary>
    public string? ResolvedBy { get; init; }

    /// <summary>That supervisor's reason.</summary>
    public string? Resolution { get; init; }

    /// <summary>Whether it waits or is worked on; only then is there a probe.</summary>
    public bool IsLive => State is ExaminationState.Open or ExaminationState.Taken or ExaminationState.Disputed;
}

/// <summary>A candidate under examination, with what the examiner said of it.</summary>
/// <param name="Rank">Its rank on the list of the search.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Encounter">The encounter whose template scored.</param>
/// <param name="Score">The comparison score, −1 … 1.</param>
/// <param name="Kept">Whether the examiner keeps it; null: nothing was said yet.</param>
/// <param name="Level">The examiner's level, of a kept candidate.</param>
/// <param name="Comment">The examiner's note on the whole.</param>
/// <param name="Features">The examiner's notes by facial feature (see <see cref="FacialFeatures"/>).</param>
public sealed record ExaminedCandidate(
    int Rank, string Gallery, string Subject, string Encounter, double Score, bool? Kept, ExaminationLevel? Level, string? Comment,
    IReadOnlyDictionary<string, string> Features)
{
    /// <summary>What the examiner did to the pictures while looking, and what was marked in them, a line each.</summary>
    public IReadOnlyList<string> Processing { get; init; } = [];
}
