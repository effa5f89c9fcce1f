using System.Security.Cryptography;
using MatchEngine.Faces.Geometry;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Frs.Enrolling;

/// <summary>A photo to enrol. Whoever gives it owns and clears it.</summary>
/// <param name="Name">What it is called in the answer: a file's name, or its place among the photos.</param>
/// <param name="Content">The encoded image.</param>
public sealed record GivenPhoto(string Name, ReadOnlyMemory<byte> Content);

/// <summary>What comes with photos to enrol.</summary>
/// <param name="Metadata">Keys and values of the encounter; the subject takes those which it does not have yet as biographics.
/// <see cref="RetentionRule.CaptureKey"/> is the date of capture.</param>
/// <param name="SourceUrl">Where the photos came from, or null.</param>
/// <param name="Faces">What to do with photos that show several faces; null: as the gallery's profile says.</param>
public sealed record PhotoContext(IReadOnlyDictionary<string, string>? Metadata, string? SourceUrl, EnrolmentFaces? Faces)
{
    /// <summary>The one face that is meant, by its number by size from 1; null: see <see cref="Faces"/>.</summary>
    public int? Face { get; init; }

    /// <summary>The age in years of the person in the photos, as far as the keeper knows; null: nothing is said.</summary>
    public int? StatedAge { get; init; }

    /// <summary>The version of the terms that the person agreed to, where a master image is enrolled.</summary>
    public string? AgreedTerms { get; init; }
}

/// <summary>What became of a photo.</summary>
public enum PhotoStatus
{
    /// <summary>It is new in the gallery.</summary>
    Enrolled,

    /// <summary>It was there already.</summary>
    Duplicate,

    /// <summary>It gave nothing.</summary>
    Failed,
}

/// <summary>What became of one photo.</summary>
/// <param name="Image">What it is called.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Encounter">The encounter, when there is one.</param>
/// <param name="Code">Why it failed, or the code of the first warning; else null.</param>
/// <param name="Detail">The same in a sentence, with the remedy.</param>
/// <param name="Notices">What there is to say of it beside that: further warnings, faces that were left out, people who were enrolled
/// by themselves.</param>
public sealed record EnrolledPhoto(
    string Image, PhotoStatus Status, string? Encounter, string? Code, string? Detail, IReadOnlyList<string> Notices)
{
    /// <summary>All of them, where a profile enrols each person of a photo.</summary>
    public IReadOnlyList<string> Encounters { get; init; } = [];

    /// <summary>The faces that were found, largest first, where it failed for there being several.</summary>
    public IReadOnlyList<BoundingBox> Faces { get; init; } = [];
}

/// <summary>Photos into a gallery; some may fail.</summary>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="workers">Make the templates.</param>
/// <param name="rules">The profiles.</param>
/// <param name="meter">Told how many.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="clock">Gives the time.</param>
public sealed class EnrollingPhotos(
    GalleryAccess access, ExtractionWorkers workers, ServiceRules rules, IServiceMeter meter, AuditTrail trail, TimeProvider clock)
{
    /// <summary>Makes sure, before any photo is read, that the actor may enrol a subject of this id there.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: the id cannot be a subject's.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void Require(Actor actor, string gallery, string subject)
    {
        access.RequireEnrolled(actor, gallery);
        if (SubjectId.Problem(subject) is { } problem)
            throw new CodedException(ErrorCodes.BadValue, problem);
    }

    /// <summary>Enrols photos of a subject one after the other. The same photo again changes nothing.</summary>
    /// <param name="actor">A keeper of the gallery.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="photos">The photos.</param>
    /// <param name="context">What comes with them.</param>
    /// <param name="cancellationToken">Ends it; what is enrolled stays.</param>
    /// <returns>What became of each, in this order.</returns>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.QueueFull"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public async Task<IReadOnlyList<EnrolledPhoto>> EnrolAsync(
        Actor actor, string gallery, string subject, IReadOnlyList<GivenPhoto> photos, PhotoContext context,
        CancellationToken cancellationToken)
    {
        Require(actor, gallery, subject);
        var (kept, provider) = access.RequireEnrolled(actor, gallery);
        if (context.Metadata is { } metadata && RetentionRule.CaptureProblem(metadata, clock.GetUtcNow()) is { } problem)
            throw new CodedException(ErrorCodes.BadValue, $"metadata: {problem}");
        if (context.Metadata is { } told && rules.ProfileOf(kept.Properties).Rules.Age.Value is not null
            && AgeRule.BirthProblem(told) is { } unreadable)
            throw new CodedException(ErrorCodes.BadValue, $"metadata: {unreadable}");
        ServiceRules.Require(context.StatedAge);
        rules.RequireAgreement(kept.Properties, context.AgreedTerms);
        var results = new List<EnrolledPhoto>();
        foreach (var photo in photos)
            results.Add(await EnrolAsync(actor, kept, provider, subject, photo, context, cancellationToken));
        meter.Enrolled(kept.Name, results.Count(result => result.Status == PhotoStatus.Enrolled));
        return results;
    }

    private async Task<EnrolledPhoto> EnrolAsync(
        Actor actor, Gallery gallery, string? provider, string subject, GivenPhoto photo, PhotoContext context,
        CancellationToken cancellationToken)
    {
        var enrolling = rules.Enrolment(gallery.Properties, context.Face is null ? context.Faces : EnrolmentFaces.Only) with
        {
            Provider = provider,
        };
        var item = new EnrolmentItem
        {
            Image = photo.Name,
            Subject = subject,
            Content = photo.Content,
            Metadata = context.Metadata ?? new Dictionary<string, string>(),
            SourceUrl = context.SourceUrl,
            StatedAge = context.StatedAge,
            Face = context.Face,
            // Two photos of one name may show different people.
            GroupName = $"{subject}/{Convert.ToHexStringLower(SHA256.HashData(photo.Content.Span))[..16]}",
        };
        // The enrolment waits for the disk; the worker is held meanwhile, which bounds the writers too.
        var enrolled = await workers.RunAsync(
            actor, gallery.Model.Id,
            extractor => trail.ChangeGallery(
                actor,
                AuditKinds.SubjectEnrolled,
                new { galleries = new[] { gallery.Name }, subject, agreedTerms = context.AgreedTerms, provider },
                record => gallery.Enrol(extractor, item, record, enrolling, cancellationToken)),
            cancellationToken);
        return enrolled.Failure is { } failure
            ? new EnrolledPhoto(
                photo.Name, PhotoStatus.Failed, null,
                failure.Reason == EnrolmentFailure.BadSubject ? ErrorCodes.BadValue : failure.Reason, failure.Detail, [])
            {
                Faces = failure.Faces,
            }
            : new EnrolledPhoto(
                photo.Name, enrolled.New.Count > 0 ? PhotoStatus.Enrolled : PhotoStatus.Duplicate, enrolled.Encounters[0],
                enrolled.Warnings is [var first, ..] ? first.Reason : null, enrolled.Warnings is [var told, ..] ? told.Detail : null,
                [.. enrolled.Warnings.Skip(1).Select(warning => warning.Detail), .. People(enrolled, item), .. enrolled.LeftOut])
            {
                Encounters = enrolled.Encounters,
            };
    }

    private static IEnumerable<string> People(PhotoEnrolment enrolled, EnrolmentItem item)
    {
        if (enrolled.Encounters.Count > 1)
            yield return $"{enrolled.Encounters.Count} people of the photo are enrolled, each as a subject of its own: "
                + $"'{item.GroupName}#1' and on";
    }
}
