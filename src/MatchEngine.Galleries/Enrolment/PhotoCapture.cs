using System.Security.Cryptography;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Images;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>
/// The work on one entry that many do at once: read, hash, look whether it is known, extract, make templates. Storing is left to the one
/// writer.
/// </summary>
/// <param name="store">Where photos are known that are enrolled already.</param>
/// <param name="subjects">Tells what is recorded of subjects.</param>
/// <param name="extractor">Makes the embeddings.</param>
/// <param name="options">How.</param>
/// <param name="clock">Tells how old somebody is by now.</param>
internal sealed class PhotoCapture(
    IEnrolmentStore store, ISubjectStore subjects, IFaceExtractor extractor, EnrolmentOptions options, TimeProvider clock)
{
    /// <summary>Works on an entry; errors become part of the outcome, so that they take their turn in the order of the source.</summary>
    public CaptureOutcome Capture(EnrolmentEntry entry, CancellationToken cancellationToken)
    {
        if (entry is RejectedEntry rejected)
            return new CaptureOutcome(rejected.Failure.File) { Failure = rejected.Failure };
        var item = (EnrolmentItem)entry;
        try
        {
            if (SubjectId.Problem(item.Subject) is { } problem)
                return Failed(item, EnrolmentFailure.BadSubject, problem);
            // Before anything is made of the photo.
            var childUnder = ChildUnder(item);
            if (childUnder is { } under && options.Age!.Enrolment == AgeAction.Refuse)
                return Failed(
                    item, EnrolmentFailure.UnderAge,
                    $"nobody under {under} is enrolled here, by the date of birth that is recorded or by the operator's word");
            if (item.Content is not { } content)
            {
                using var bytes = item.Open is { } open ? open(options.Limits) : ImageBytes.Read(item.File ?? item.Image, options.Limits);
                return Capture(item, bytes.Span, childUnder, cancellationToken);
            }
            ImageDecoder.CheckByteSize(content.Length, options.Limits);
            return Capture(item, content.Span, childUnder, cancellationToken);
        }
        catch (AcquisitionException e)
        {
            return new CaptureOutcome(item.Image)
            {
                Failure = new EnrolmentFailure(item.Image, null, e.Reason.ToCode(), e.Message) { Faces = e.Faces },
            };
        }
        catch (PhotoRefusedException e)
        {
            return Failed(item, e.Code, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or StoreException or GalleryNotFoundException)
        {
            return new CaptureOutcome(item.Image) { Fatal = e };
        }
        catch (Exception e)
        {
            return new CaptureOutcome(item.Image) { Fatal = new EnrolmentException(item.Image, e) };
        }
    }

    private CaptureOutcome Capture(EnrolmentItem item, ReadOnlySpan<byte> content, int? childUnder, CancellationToken cancellationToken)
    {
        var sha256 = SHA256.HashData(content);
        if (Known(item, sha256) is { } known)
            return new CaptureOutcome(item.Image) { Captured = known };

        var choice = (item.Face, options.Faces) switch
        {
            ({ } number, _) => FaceChoice.Nth(number),
            (_, EnrolmentFaces.Largest) => FaceChoice.Largest,
            (_, EnrolmentFaces.Central) => FaceChoice.Central,
            (_, EnrolmentFaces.Each) => FaceChoice.All,
            _ => FaceChoice.Only,
        };
        var crops = new Dictionary<int, byte[]>();
        var extraction = extractor.Extract(
            content,
            new ExtractionRequest(choice)
            {
                Quality = true,
                MinQuality = options.MinQuality,
                // A group photo's other faces are none the worse for a poor one.
                PoorFaces = PoorFaces.Listed,
                Show = options.KeepImages ? Cut : null,
            },
            cancellationToken);
        try
        {
            extraction.RequireOne();
            return Captured(item, content, sha256, extraction, crops) with { ChildUnder = childUnder };
        }
        finally
        {
            extraction.Clear();
        }

        void Cut(Image pixels, Extraction found)
        {
            foreach (var face in found.Faces.Where(face => face.Refusal is null))
                crops[face.Number] = FaceImage.Cut(pixels, face.Box);
        }
    }

    private CaptureOutcome Captured(
        EnrolmentItem item, ReadOnlySpan<byte> content, byte[] sha256, Extraction extraction, Dictionary<int, byte[]> crops)
    {
        var digest = ModelDigest.Parse(extractor.Model.Digest);
        var faces = new List<CapturedFace>(extraction.Faces.Count);
        foreach (var face in extraction.Faces.Where(face => face.Refusal is null))
        {
            var subject = SubjectOf(item, face.Number, extraction.FacesFound);
            if (SubjectId.Problem(subject) is { } problem)
                return Failed(item, EnrolmentFailure.BadSubject, problem);
            var template = Template.FromEmbedding(face.Embedding, digest);
            faces.Add(new CapturedFace(subject, face.Number, face.Box, face.Confidence, template.ToBytes())
            {
                Crop = crops.GetValueOrDefault(face.Number),
                Quality = face.Quality?.Overall,
            });
            template.Erase();
        }
        return new CaptureOutcome(item.Image)
        {
            Remark = extraction.Remark,
            Captured = new CapturedImage(
                item.Image, sha256, extraction.Width, extraction.Height, extraction.FacesFound,
                item.SourceUrl, item.Metadata, !IsGroup(item, extraction.FacesFound), faces)
            {
                Photo = options.KeepImages ? content.ToArray() : null,
                IsMaster = options.MasterImage,
                Provider = options.Provider,
            },
            LeftOut = [.. FacesLeftOut.Of(extraction.Faces.Select(face => (face.Number, face.Refusal)), "the photo", "enrolled")],
        };
    }

    /// <summary>
    /// The image as one that adds nothing but biographics, when all faces that are wanted of it are enrolled; null otherwise.
    /// </summary>
    private CapturedImage? Known(EnrolmentItem item, byte[] sha256)
    {
        var known = store.FindImage(sha256);
        if (known.Count == 0)
            return null;
        var found = known[0].FacesFound;
        // Which of several faces is the central one is not told by the store; the writer passes over it if it is there.
        if (item.Face is null && options.Faces == EnrolmentFaces.Central && found > 1)
            return null;
        var wanted = Enumerable.Range(item.Face ?? 1, IsGroup(item, found) ? found : 1)
            .Select(number => new CapturedFace(SubjectOf(item, number, found), number, default, 0, null)).ToList();
        return wanted.All(face => known.Any(
            other => other.Number == face.Number && other.SubjectId == face.SubjectId && (other.HasImages || !options.KeepImages)))
            ? new CapturedImage(item.Image, sha256, 0, 0, found, null, item.Metadata, !IsGroup(item, found), wanted)
            {
                Provider = options.Provider,
            }
            : null;
    }

    // What is recorded of the people of a group photo is not what is recorded of the name it came under.
    private int? ChildUnder(EnrolmentItem item) => options.Age is { } age && age.IsChild(AgeRule.Of(
        item.StatedAge, item.Metadata, subjects.FindSubject(item.Subject)?.Biographics, clock.GetUtcNow()))
        ? age.Under
        : null;

    private bool IsGroup(EnrolmentItem item, int facesFound) =>
        item.Face is null && options.Faces == EnrolmentFaces.Each && facesFound > 1;

    private string SubjectOf(EnrolmentItem item, int face, int facesFound) =>
        IsGroup(item, facesFound) ? $"{item.GroupName ?? $"{item.Subject}/{item.Image}"}#{face}" : item.Subject;

    private static CaptureOutcome Failed(EnrolmentItem item, string reason, string detail) =>
        new(item.Image) { Failure = new EnrolmentFailure(item.Image, null, reason, detail) };
}

/// <summary>What came of the work on an entry: exactly one of the three.</summary>
/// <param name="Image">The entry's image.</param>
internal sealed record CaptureOutcome(string Image)
{
    /// <summary>Ready to be stored.</summary>
    public CapturedImage? Captured { get; init; }

    /// <summary>A sentence for each face that was left out.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The age that the person in the photo has not reached, where that has to be told; else null.</summary>
    public int? ChildUnder { get; init; }

    /// <summary>What is to be said of the file.</summary>
    public ImageRemark Remark { get; init; }

    /// <summary>Nothing to store, and why.</summary>
    public EnrolmentFailure? Failure { get; init; }

    /// <summary>The enrolment must end here.</summary>
    public Exception? Fatal { get; init; }
}
