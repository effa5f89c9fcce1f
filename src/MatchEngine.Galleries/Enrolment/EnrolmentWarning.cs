namespace MatchEngine.Galleries.Enrolment;

/// <summary>Something that was enrolled and that an operator should look at.</summary>
/// <param name="File">The image.</param>
/// <param name="Reason">A code.</param>
/// <param name="Detail">A sentence for people.</param>
public sealed record EnrolmentWarning(string File, string Reason, string Detail)
{
    /// <summary>The same photo is enrolled under another subject too: one of the labels is wrong.</summary>
    public const string SamePhotoOtherSubject = "same_photo_other_subject";

    /// <summary>The photo shows a child.</summary>
    public const string UnderAge = "under_age";

    /// <summary>The photo could not be compared with its gallery.</summary>
    public const string NotCompared = "not_compared";
}
