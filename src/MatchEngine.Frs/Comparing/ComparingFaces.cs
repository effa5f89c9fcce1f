using MatchEngine.Faces;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Comparing;

/// <summary>Two photos, compared.</summary>
/// <param name="Faces">The score and what it is worth.</param>
/// <param name="FirstDigest">The keyed digest of the first photo, for its receipt.</param>
/// <param name="SecondDigest">That of the second.</param>
/// <param name="Shown">What the reader is told of the score.</param>
/// <param name="Disclaimer">What the reader is told beside it.</param>
/// <param name="Notices">What there is to say of the request, and faces that were left out.</param>
public sealed record ComparedFaces(
    FaceComparison Faces, string FirstDigest, string SecondDigest, ShownScore Shown, Disclaimer Disclaimer, IReadOnlyList<string> Notices);

/// <summary>A photo, compared with a subject.</summary>
/// <param name="Comparison">The score and what it is worth.</param>
/// <param name="Digest">The keyed digest of the photo, for its receipt.</param>
/// <param name="Shown">What the reader is told of the score.</param>
/// <param name="Disclaimer">What the reader is told beside it.</param>
/// <param name="Notices">What there is to say of the request, and faces that were left out.</param>
public sealed record ComparedSubject(
    SubjectComparison Comparison, string Digest, ShownScore Shown, Disclaimer Disclaimer, IReadOnlyList<string> Notices);

/// <summary>Images in, a score out: no personal data, no decision. Whoever gives an image owns and clears it.</summary>
/// <param name="access">Which galleries are searched by whom.</param>
/// <param name="rules">The profiles.</param>
/// <param name="workers">Make the templates.</param>
/// <param name="options">The service's own model, and the least quality.</param>
/// <param name="receipts">Take the digests.</param>
/// <param name="claims">Sees that a comparison that needs a supervisor has one.</param>
/// <param name="approvals">The supervisors' say, which a comparison uses up.</param>
/// <param name="cases">In which cases comparisons are made; they leave nothing there.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="refusals">Write down what is refused.</param>
public sealed class ComparingFaces(
    GalleryAccess access, ServiceRules rules, ExtractionWorkers workers, FrsOptions options, Receipts receipts, ClaimingApprovals claims,
    IApprovals approvals, KeepingCases cases, AuditTrail trail, AuditingRefusals refusals)
{
    private const string Refused = "comparison.refused";

    /// <summary>Compares one face of each of two images, by the rules of the service's own profile.</summary>
    /// <param name="actor">Who compares.</param>
    /// <param name="request">The comparison.</param>
    /// <param name="first">An image.</param>
    /// <param name="second">Another image.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcquisitionException">An image gives no template; the message says which.</exception>
    /// <exception cref="CodedException"><see cref="ErrorCodes.QueueFull"/>, or what the service's profile refuses with.</exception>
    public Task<ComparedFaces> CompareAsync(
        Actor actor, ComparisonRequest request, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second,
        CancellationToken cancellationToken) =>
        refusals.KeepAsync(
            actor, Refused, () => new RefusedRequest(null, null, Purposes.Told(request.Purpose), request.ApprovalId),
            () => ComparedAsync(actor, request, first, second, cancellationToken));

    private async Task<ComparedFaces> ComparedAsync(
        Actor actor, ComparisonRequest request, ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second,
        CancellationToken cancellationToken)
    {
        actor.Require(Policies.Compare);
        ArgumentNullException.ThrowIfNull(request);
        var purpose = Purposes.Checked(request.Purpose);
        cases.RequireOpen(actor, purpose);
        var ruling = rules.Apply(actor, request, purpose, null);
        using var approval = Claim(actor, request, ruling, [], purpose);
        var (firstDigest, secondDigest) = (receipts.Digest(first.Span), receipts.Digest(second.Span));
        var compared = await workers.RunAsync(
            actor, options.Model,
            extractor => FaceComparison.Compare(
                extractor, first.Span, second.Span, request.Face, options.MinProbeQuality, cancellationToken),
            cancellationToken);
        Use(actor, approval);
        await trail.WriteAsync(
            actor,
            "comparison",
            new
            {
                purpose,
                compared.Score,
                compared.Model,
                disclaimerVersion = ruling.Disclaimer.Version,
                ruling.Profile,
                approvalId = approval?.Approval.Id,
            },
            ruling.AuditYears);
        return new ComparedFaces(
            compared, firstDigest, secondDigest, ShownScore.Of(compared.Score, ruling.Scores) with { Fmr = compared.Fmr },
            ruling.Disclaimer, [.. ruling.Notices, .. compared.Notices]);
    }

    /// <summary>
    /// Looks, before an image is read, whether the actor may compare with a subject (PIA-054, SmartLINK: a photo and a name, no search).
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such subject.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor's organisation may
    /// search.</exception>
    public void Require(Actor actor, string gallery, string subject) => refusals.Keep(
        actor, Refused, () => new RefusedRequest([gallery], subject),
        () =>
        {
            actor.Require(Policies.Compare);
            return Find(actor, gallery, subject);
        });

    /// <summary>The subject of an encounter, for whoever may compare with it.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such encounter.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor's organisation may
    /// search.</exception>
    public string RequireSubject(Actor actor, string gallery, string encounter) => refusals.Keep(
        actor, Refused, () => new RefusedRequest([gallery]),
        () =>
        {
            actor.Require(Policies.Compare);
            var (found, _) = access.Searchable(actor, [gallery])[0];
            return found.FindEncounter(encounter) is { } enrolled && access.Finds(actor, found, enrolled.SubjectId)
                ? enrolled.SubjectId
                : throw new CodedException(ErrorCodes.NotFound, "the gallery has no such encounter");
        });

    /// <summary>Compares an image with the enrolled photos of one named subject, by the rules of its gallery's profile.</summary>
    /// <param name="actor">Who compares.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="request">The comparison.</param>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AcquisitionException">The image gives no template.</exception>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.QueueFull"/>, or what the gallery's
    /// profile refuses with.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor's organisation may
    /// search.</exception>
    public Task<ComparedSubject> CompareWithSubjectAsync(
        Actor actor, string gallery, string subject, ComparisonRequest request, ReadOnlyMemory<byte> image,
        CancellationToken cancellationToken) =>
        refusals.KeepAsync(
            actor, Refused, () => new RefusedRequest([gallery], subject, Purposes.Told(request.Purpose), request.ApprovalId),
            () => ComparedWithSubjectAsync(actor, gallery, subject, request, image, cancellationToken));

    private async Task<ComparedSubject> ComparedWithSubjectAsync(
        Actor actor, string gallery, string subject, ComparisonRequest request, ReadOnlyMemory<byte> image,
        CancellationToken cancellationToken)
    {
        actor.Require(Policies.Compare);
        ArgumentNullException.ThrowIfNull(request);
        var (found, person) = Find(actor, gallery, subject);
        var purpose = Purposes.Checked(request.Purpose);
        cases.RequireOpen(actor, purpose);
        var ruling = rules.Apply(actor, request, purpose, found);
        using var approval = Claim(actor, request, ruling, [gallery], purpose);
        var digest = receipts.Digest(image.Span);
        var compared = await workers.RunAsync(
            actor, found.Model.Id,
            extractor => SubjectComparison.Compare(
                extractor, image.Span, found, person, request.Face, options.MinProbeQuality, cancellationToken),
            cancellationToken);
        Use(actor, approval);
        await trail.WriteAsync(
            actor,
            "comparison.subject",
            new
            {
                galleries = new[] { gallery },
                subject,
                purpose,
                score = compared.Score,
                model = compared.Model,
                disclaimerVersion = ruling.Disclaimer.Version,
                ruling.Profile,
                approvalId = approval?.Approval.Id,
            },
            ruling.AuditYears);
        return new ComparedSubject(
            compared, digest, ShownScore.Of(compared.Score, ruling.Scores) with { Fmr = compared.Fmr },
            ruling.Disclaimer, [.. ruling.Notices, .. compared.Notices]);
    }

    private ClaimedApproval? Claim(
        Actor actor, ComparisonRequest request, ComparisonRuling ruling, string[] galleries, SearchPurpose? purpose) =>
        ruling.NeedsApproval ? claims.Claim(actor, request.ApprovalId, ApprovedUse.Comparison, galleries, purpose) : null;

    // Before the score leaves: a process that dies in between has used the approval up and told nobody anything.
    private void Use(Actor actor, ClaimedApproval? claimed)
    {
        if (claimed?.Approval is not { } approval)
            return;
        if (!trail.ChangeBook(
            actor,
            "approval.used",
            change => approvals.Use(change, approval.Id),
            used => used ? new { approval = approval.Id, galleries = approval.Galleries } : null))
            throw new CodedException(ErrorCodes.ApprovalRequired, "the approval was used or withdrawn meanwhile");
    }

    private (Gallery Gallery, Subject Subject) Find(Actor actor, string gallery, string subject)
    {
        var (found, _) = access.Searchable(actor, [gallery])[0];
        return (found, (access.Finds(actor, found, subject) ? found.FindSubject(subject) : null)
            ?? throw new CodedException(ErrorCodes.NotFound, "the gallery has no such subject"));
    }
}
