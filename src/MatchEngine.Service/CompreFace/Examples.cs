using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Headers;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.CompreFace;

/// <summary><c>/api/v1/recognition/faces</c>: the images of a collection's subjects, which are encounters.</summary>
internal static class Examples
{
    private const string File = "file";
    private const int MaxPage = 1000;
    private const int DefaultPage = 20;

    public sealed record ExampleShape(string ImageId, string Subject);

    public sealed record PageShape(
        IReadOnlyList<ExampleShape> Faces, int PageNumber, int PageSize, int TotalPages, int TotalElements);

    public sealed record DeletedShape(int Deleted);

    public sealed record DeletedListShape(IReadOnlyList<ExampleShape> Deleted);

    public sealed record VerifiedShape(IReadOnlyList<VerifiedFace> Result);

    public sealed record VerifiedFace(BoxShape Box, double? Similarity);

    public static void Map(RouteGroupBuilder recognition)
    {
        const string path = "/faces", one = path + "/{image_id}";
        recognition.MapPost(path, AddAsync).RequireAuthorization(Policies.KeepGallery).WhenReady();
        recognition.MapGet(path, List).RequireAuthorization(Policies.KeepGallery);
        recognition.MapDelete(path, DeleteAll).RequireAuthorization(Policies.KeepGallery);
        recognition.MapPost(path + "/delete", DeleteSeveralAsync).RequireAuthorization(Policies.KeepGallery);
        recognition.MapDelete(one, Delete).RequireAuthorization(Policies.KeepGallery);
        recognition.MapGet(one + "/img", Image).RequireAuthorization(Policies.KeepGallery);
        recognition.MapPost(one + "/verify", VerifyAsync).RequireAuthorization(Policies.Compare).WhenReady();
    }

    private static async Task<IResult> AddAsync(
        HttpContext context, KeepingClientSettings settings, EnrollingPhotos enrolling, KeepingSubjects subjects)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var (gallery, subject, confidence) = (call.Gallery, call.Require("subject"), call.Confidence);
        enrolling.Require(call.Actor, gallery, subject);
        EnrolledPhoto photo;
        using (var images = await SentImages.ReadAsync(context, File))
        {
            photo = (await enrolling.EnrolAsync(
                call.Actor, gallery, subject, [new GivenPhoto(File, images.Require(File))], new PhotoContext(null, null, null),
                call.Aborted))[0];
        }
        if (photo.Status == PhotoStatus.Failed)
            throw new ProblemException(HttpErrors.Of(photo.Code!), photo.Detail!);
        var notices = (List<string>)[.. call.Unheeded, .. photo.Notices];
        if (photo.Detail is { } detail)
            notices.Add(detail);
        if (confidence > 0)
            notices.Add("det_prob_threshold has no effect when an image is added: the detector's own threshold holds");
        Told.Notices(context.Response.Headers, notices);
        // Where a profile enrols each person of a photo, the first of several is a subject of its own.
        var first = subjects.FindEncounter(call.Actor, gallery, photo.Encounters[0]);
        return CompreFaceJson.Answer(
            new ExampleShape(CompreFaceCall.IdOf(photo.Encounters[0]), first?.SubjectId ?? subject), StatusCodes.Status201Created);
    }

    private static IResult List(HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var (page, size) = (call.Number("page", 0, int.MaxValue) ?? 0, call.Number("size", 1, MaxPage) ?? DefaultPage);
        var (faces, count) = (new List<ExampleShape>(), 0);
        foreach (var encounter in Of(call, subjects, call.Gallery, call.Text("subject")))
        {
            if (count / size == page)
                faces.Add(ShapeOf(encounter));
            count++;
        }
        return CompreFaceJson.Answer(new PageShape(faces, page, size, (count + size - 1) / size, count));
    }

    private static IResult DeleteAll(HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var gallery = call.Gallery;
        var encounters = Of(call, subjects, gallery, call.Text("subject")).ToList();
        foreach (var subject in encounters.Select(encounter => encounter.SubjectId).Distinct().ToList())
            subjects.Remove(call.Actor, gallery, subject);
        return CompreFaceJson.Answer(new DeletedShape(encounters.Count));
    }

    private static IResult Delete(string image_id, HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var encounter = Require(call, subjects, call.Gallery, image_id);
        subjects.RemoveEncounter(call.Actor, call.Gallery, encounter.SubjectId, encounter.Id);
        return CompreFaceJson.Answer(ShapeOf(encounter));
    }

    private static async Task<IResult> DeleteSeveralAsync(HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var gallery = call.Gallery;
        var ids = await CompreFaceJson.ReadAsync<List<string>>(context) ?? [];
        var deleted = new List<ExampleShape>();
        foreach (var id in ids.Select(CompreFaceCall.EncounterOf).Distinct().ToList())
        {
            if (subjects.FindEncounter(call.Actor, gallery, id) is not { } encounter)
                continue;
            subjects.RemoveEncounter(call.Actor, gallery, encounter.SubjectId, encounter.Id);
            deleted.Add(ShapeOf(encounter));
        }
        return CompreFaceJson.Answer(new DeletedListShape(deleted));
    }

    private static IResult Image(string image_id, HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var encounter = Require(call, subjects, call.Gallery, image_id);
        return Results.Bytes(subjects.Crop(call.Actor, call.Gallery, encounter.SubjectId, encounter.Id), "image/jpeg");
    }

    private static async Task<IResult> VerifyAsync(
        string image_id, HttpContext context, KeepingClientSettings settings, ComparingFaces comparing, Receipts receipts)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var (gallery, confidence) = (call.Gallery, call.Confidence);
        var subject = comparing.RequireSubject(call.Actor, gallery, CompreFaceCall.EncounterOf(image_id));
        ComparedSubject compared;
        using (var images = await SentImages.ReadAsync(context, File))
        {
            compared = await comparing.CompareWithSubjectAsync(
                call.Actor, gallery, subject, CompreFaceDialect.Comparison(call), images.Require(File), call.Aborted);
        }
        Told.Reader(context.Response.Headers, compared.Disclaimer, [.. call.Unheeded, .. compared.Notices]);
        Told.Receipts(context.Response.Headers, [receipts.Deleted(compared.Digest)]);
        var face = compared.Comparison.Face;
        CompreFaceDialect.RequireFaces([face], confidence);
        return CompreFaceJson.Answer(new VerifiedShape(
            [new VerifiedFace(BoxShape.Of(face), CompreFaceDialect.Similarity(compared.Shown))]));
    }

    private static IEnumerable<Encounter> Of(CompreFaceCall call, KeepingSubjects subjects, string gallery, string? subject)
    {
        if (subject is null)
            return Subjects.Enrolled(call, subjects, gallery).SelectMany(found => found.Encounters);
        try
        {
            return subjects.Find(call.Actor, gallery, subject).Encounters;
        }
        catch (CodedException missing) when (missing.Code == ErrorCodes.NotFound)
        {
            return [];
        }
    }

    private static Encounter Require(CompreFaceCall call, KeepingSubjects subjects, string gallery, string image) =>
        subjects.FindEncounter(call.Actor, gallery, CompreFaceCall.EncounterOf(image))
            ?? throw new CodedException(ErrorCodes.NotFound, "the gallery has no such image");

    private static ExampleShape ShapeOf(Encounter encounter) => new(CompreFaceCall.IdOf(encounter.Id), encounter.SubjectId);
}
