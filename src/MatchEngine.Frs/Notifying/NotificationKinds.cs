namespace MatchEngine.Frs.Notifying;

/// <summary>What people are told of.</summary>
public static class NotificationKinds
{
    /// <summary>Another user opened a search of the reader's.</summary>
    public const string SearchOpened = "search-opened";

    /// <summary>A supervisor has found a search of the reader's improper: its candidates are closed.</summary>
    public const string SearchFoundImproper = "search-found-improper";

    /// <summary>An administrator has made an API key that acts for the reader's account.</summary>
    public const string KeyMade = "key-made";

    /// <summary>A user of another organisation opened a record of a gallery that the reader keeps.</summary>
    public const string RecordOpened = "record-opened";

    /// <summary>A supervisor has said something on a request of the reader's.</summary>
    public const string ApprovalDecided = "approval-decided";

    /// <summary>An agent of the reader's organisation asks for a search that cannot wait.</summary>
    public const string ExigentRequested = "exigent-requested";

    /// <summary>Somebody asks for more of a record of a gallery that the reader keeps.</summary>
    public const string DetailsRequested = "details-requested";

    /// <summary>A gallery's owner has said something on a second request of the reader's.</summary>
    public const string DetailsDecided = "details-decided";

    /// <summary>A person's request about a gallery of the reader's organisation waits for a decision.</summary>
    public const string RedressRecorded = "redress-recorded";

    /// <summary>A person's request that the reader wrote down was decided.</summary>
    public const string RedressDecided = "redress-decided";

    /// <summary>A record that was in a list of the reader's was wrong and has been corrected.</summary>
    public const string RecordCorrected = "record-corrected";

    /// <summary>A record that was in a list of the reader's was deleted at a person's request.</summary>
    public const string RecordDeleted = "record-deleted";

    /// <summary>A list waits for an examiner of the reader's organisation.</summary>
    public const string ExaminationRequested = "examination-requested";

    /// <summary>Two examiners of the reader's organisation differ: a supervisor decides.</summary>
    public const string ExaminationDisputed = "examination-disputed";

    /// <summary>An examiner has finished with a list of the reader's.</summary>
    public const string ExaminationFinished = "examination-finished";

    /// <summary>The time of an examination of a list of the reader's is over.</summary>
    public const string ExaminationExpired = "examination-expired";

    /// <summary>A gallery's owner offers to share it with the reader's organisation.</summary>
    public const string SharingOffered = "sharing-offered";

    /// <summary>An organisation has accepted or declined the sharing of a gallery that the reader keeps.</summary>
    public const string SharingAnswered = "sharing-answered";

    /// <summary>An administrator has given a gallery to the reader's organisation. It shares it with nobody yet.</summary>
    public const string GalleryReceived = "gallery-received";

    /// <summary>A gallery's owner shares it with the reader's organisation no longer.</summary>
    public const string SharingEnded = "sharing-ended";
}
