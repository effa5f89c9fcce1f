using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>What became of one photo.</summary>
/// <param name="Image">The photo's reference.</param>
public sealed record PhotoEnrolment(string Image)
{
    /// <summary>
    /// The ids of the encounters that its faces are in the gallery, in the order of the faces, whether they are new or were there already;
    /// none where it failed.
    /// </summary>
    public IReadOnlyList<string> Encounters { get; private init; } = [];

    /// <summary>Those of <see cref="Encounters"/> that are new; none for a photo that was enrolled for its subject already.</summary>
    public IReadOnlyList<string> New { get; private init; } = [];

    /// <summary>Why nothing came of it; null when something did.</summary>
    public EnrolmentFailure? Failure { get; private init; }

    /// <summary>What to look at, the weightiest first; none when there is nothing.</summary>
    public IReadOnlyList<EnrolmentWarning> Warnings { get; private init; } = [];

    /// <summary>What a reader has to know of the photo, in sentences: faces that were left out.</summary>
    public IReadOnlyList<string> LeftOut { get; private init; } = [];

    /// <summary>Stores what was captured, in one commit, and tells what became of each.</summary>
    /// <param name="outcomes">What came of the work on the photos; none of them fatal.</param>
    /// <param name="store">The gallery's store.</param>
    /// <param name="record">Makes the commit's audit event.</param>
    internal static IReadOnlyList<PhotoEnrolment> Store(
        IReadOnlyList<CaptureOutcome> outcomes, IEnrolmentStore store, Func<ChangeRecord> record)
    {
        List<CapturedImage> images = [.. outcomes.Select(outcome => outcome.Captured).OfType<CapturedImage>()];
        var stored = images.Count == 0 ? [] : store.Add(images, record());
        var next = 0;
        return [.. outcomes.Select(outcome => outcome.Captured is { } image
            ? Of(outcome, image, stored[next++])
            : new PhotoEnrolment(outcome.Image) { Failure = outcome.Failure })];
    }

    private static PhotoEnrolment Of(CaptureOutcome outcome, CapturedImage image, EnrolledImage stored) => stored.HasOtherProvider
        ? new PhotoEnrolment(image.Image)
        {
            Failure = new EnrolmentFailure(
                image.Image, null, EnrolmentFailure.OtherProvider,
                "the subject's id is that of another organisation's data here: choose another one"),
        }
        : stored.HasOtherMaster
        ? new PhotoEnrolment(image.Image)
        {
            Failure = new EnrolmentFailure(
                image.Image, null, EnrolmentFailure.MasterExists,
                "the subject has its master image already: remove that one first, if this photo is to take its place"),
        }
        : Enrolled(outcome, image, stored);

    private static PhotoEnrolment Enrolled(CaptureOutcome outcome, CapturedImage image, EnrolledImage stored) => new(image.Image)
    {
        LeftOut = outcome.LeftOut,
        Encounters = [.. image.Faces.Select(face => EncounterId.Of(face.SubjectId, image.Sha256, face.Number))],
        New = stored.Encounters,
        Warnings = [.. Warned(outcome, image, stored)],
    };

    /// <summary>
    /// The same with what a check of it says. It is on the disk: where the gallery cannot be read for that, a warning says
    /// so.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal PhotoEnrolment Checked(IEnrolmentCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return New.Count == 0 ? this : this with { Warnings = [.. Warnings, .. check.Look(Image, New, cancellationToken)] };
        }
        catch (Exception error) when (error is StoreException or GalleryNotFoundException)
        {
            return this with
            {
                Warnings =
                [
                    .. Warnings,
                    new EnrolmentWarning(
                        Image, EnrolmentWarning.NotCompared,
                        $"the photo is enrolled, and could not be compared with the gallery: {error.Message}"),
                ],
            };
        }
    }

    private static IEnumerable<EnrolmentWarning> Warned(CaptureOutcome outcome, CapturedImage image, EnrolledImage stored)
    {
        if (stored.OtherSubjects.Count > 0)
            yield return new EnrolmentWarning(
                image.Image,
                EnrolmentWarning.SamePhotoOtherSubject,
                $"the same photo is enrolled as {string.Join(", ", stored.OtherSubjects.Select(other => $"'{other}'"))} too; "
                    + "one of the labels is wrong");
        if (outcome.ChildUnder is { } under)
            yield return new EnrolmentWarning(image.Image, EnrolmentWarning.UnderAge, $"the photo shows somebody under {under}");
        if (outcome.Remark.ToCode() is { } code)
            yield return new EnrolmentWarning(image.Image, code, outcome.Remark.ToSentence()!);
    }
}
