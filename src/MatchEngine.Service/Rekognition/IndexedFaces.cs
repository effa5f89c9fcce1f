using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MatchEngine.Faces;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Headers;

namespace MatchEngine.Service.Rekognition;

/// <summary>The faces of a collection: indexed, listed, deleted. Each is an encounter of a subject of its own.</summary>
internal static class IndexedFaces
{
    private const int MaxExternalImageId = 255;

    public sealed record IndexRequest(
        string? CollectionId = null, ImageShape? Image = null, string? ExternalImageId = null, int? MaxFaces = null);

    public sealed record FaceRecord(FaceShape Face, FaceDetailShape FaceDetail);

    public sealed record Indexed(
        IReadOnlyList<FaceRecord> FaceRecords, string FaceModelVersion, IReadOnlyList<object> UnindexedFaces);

    public sealed record ListRequest(
        string? CollectionId = null, int? MaxResults = null, string? NextToken = null, string? UserId = null,
        IReadOnlyList<string>? FaceIds = null);

    public sealed record Listed(IReadOnlyList<FaceShape> Faces, string? NextToken, string FaceModelVersion);

    public sealed record DeleteRequest(string? CollectionId = null, IReadOnlyList<string>? FaceIds = null);

    public sealed record Undeleted(string FaceId, IReadOnlyList<string> Reasons);

    public sealed record Deleted(IReadOnlyList<string> DeletedFaces, IReadOnlyList<Undeleted> UnsuccessfulFaceDeletions);

    public static async Task<Reply> IndexAsync(RekognitionCall call)
    {
        var request = call.Read<IndexRequest>();
        var collection = Collections.Require(request.CollectionId);
        if (request.ExternalImageId is { } name && name.Length is 0 or > MaxExternalImageId)
            throw new ProblemException(Problem.BadValue, $"ExternalImageId has 1 to {MaxExternalImageId} characters");
        if (request.MaxFaces is < 1)
            throw new ProblemException(Problem.BadValue, "MaxFaces is 1 or more");
        var image = call.Image("Image", request.Image);
        var photo = (await call.Use<EnrollingPhotos>().EnrolAsync(
            call.Actor, collection, SubjectOf(image.Span, request.ExternalImageId),
            [new GivenPhoto(request.ExternalImageId ?? "image", image)],
            new PhotoContext(
                request.ExternalImageId is { } external
                    ? new Dictionary<string, string> { [FaceShape.ExternalImageIdKey] = external }
                    : null,
                null, request.MaxFaces == 1 ? EnrolmentFaces.Largest : null), call.Aborted))[0];
        if (photo.Status == PhotoStatus.Failed && photo.Code != AcquisitionFailure.NoFace.ToCode())
            throw new ProblemException(HttpErrors.Of(photo.Code!), photo.Detail!);
        var model = call.Use<KeepingGalleries>().Find(call.Actor, collection).Model;
        var subjects = call.Use<KeepingSubjects>();
        // What was removed again in this moment is not told.
        var faces = photo.Encounters.Select(id => subjects.FindEncounter(call.Actor, collection, id)).OfType<Encounter>();
        return new Reply(new Indexed([.. faces.Select(face => Record(face, model))], model, []))
        {
            Tell = headers => Told.Notices(headers, photo.Detail is { } detail ? [detail, .. photo.Notices] : photo.Notices),
        };
    }

    public static Task<Reply> ListAsync(RekognitionCall call)
    {
        var request = call.Read<ListRequest>();
        var collection = Collections.Require(request.CollectionId);
        var model = call.Use<KeepingGalleries>().Find(call.Actor, collection).Model;
        var subjects = call.Use<KeepingSubjects>();
        var count = PageToken.Results(request.MaxResults);
        var only = request.FaceIds?.Select(FaceShape.EncounterOf).ToHashSet();
        var found = Faces(call, subjects, collection, Place(request.NextToken))
            .Where(face => (only is null || only.Contains(face.Encounter.Id)) && (request.UserId is null || face.User == request.UserId))
            .Take(count + 1).ToList();
        var next = found.Count > count ? PageToken.Of($"{found[count - 1].Number} {found[count - 1].Encounter.SubjectId}") : null;
        return Reply.Of(new Listed(
            [.. found.Take(count).Select(face => FaceShape.Kept(face.Encounter, model, face.User))], next, model));
    }

    public static Task<Reply> DeleteAsync(RekognitionCall call)
    {
        var request = call.Read<DeleteRequest>();
        var collection = Collections.Require(request.CollectionId);
        if (request.FaceIds is not { Count: >= 1 and <= PageToken.MaxResults } ids)
            throw new ProblemException(Problem.BadValue, $"FaceIds has 1 to {PageToken.MaxResults} ids");
        var subjects = call.Use<KeepingSubjects>();
        var (deleted, undeleted) = (new List<string>(), new List<Undeleted>());
        foreach (var (id, encounter) in ids.Select(id => (id, FaceShape.EncounterOf(id))).DistinctBy(pair => pair.Item2).ToList())
        {
            if (subjects.FindEncounter(call.Actor, collection, encounter) is { } found)
            {
                subjects.RemoveEncounter(call.Actor, collection, found.SubjectId, found.Id);
                deleted.Add(id);
            }
            else
            {
                undeleted.Add(new Undeleted(id, ["FACE_NOT_FOUND"]));
            }
        }
        return Reply.Of(new Deleted(deleted, undeleted));
    }

    // One subject for each face: what a client calls its images may be the name of a person, of a folder, or of a day, and two people
    // under one subject would be found as one. The same image under the same name is the same face.
    private static string SubjectOf(ReadOnlySpan<byte> image, string? external) => "face-" + Convert.ToHexStringLower(
        SHA256.HashData([.. SHA256.HashData(image), .. Encoding.UTF8.GetBytes(external ?? "")]).AsSpan(0, 16));

    private static FaceRecord Record(Encounter encounter, string model) => new(
        FaceShape.Kept(encounter, model, null),
        new FaceDetailShape(
            BoundingBoxShape.Of(encounter.Box, encounter.ImageWidth, encounter.ImageHeight),
            FaceDetailShape.Percent(encounter.Confidence)));

    /// <summary>The faces behind a place, in the order of subjects.</summary>
    private static IEnumerable<(Encounter Encounter, int Number, string? User)> Faces(
        RekognitionCall call, KeepingSubjects subjects, string collection, (int Number, string Subject)? place)
    {
        if (place is var (told, begun))
        {
            foreach (var face in Known(call, subjects, collection, begun).Skip(told))
                yield return face;
        }
        for (var after = place?.Subject; ;)
        {
            var page = subjects.List(call.Actor, collection, after, null);
            foreach (var face in page.Subjects.SelectMany(Numbered))
                yield return face;
            if (page.Next is null)
                yield break;
            after = page.Next;
        }
    }

    // The subject at which a page ended may be gone.
    private static IEnumerable<(Encounter Encounter, int Number, string? User)> Known(
        RekognitionCall call, KeepingSubjects subjects, string collection, string subject)
    {
        try
        {
            return Numbered(subjects.Find(call.Actor, collection, subject));
        }
        catch (Frs.Errors.CodedException gone) when (gone.Code == Frs.Errors.ErrorCodes.NotFound)
        {
            return [];
        }
    }

    private static IEnumerable<(Encounter Encounter, int Number, string? User)> Numbered(Subject subject) => subject.Encounters.Select(
        (encounter, place) => (encounter, place + 1, subject.Biographics.GetValueOrDefault(FaceShape.UserIdKey)));

    private static (int Number, string Subject)? Place(string? token) => PageToken.Place(token) switch
    {
        null => null,
        var text when text.Split(' ', 2) is [var number, { Length: > 0 } subject]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var told) => (told, subject),
        _ => throw PageToken.Unknown(),
    };
}
