using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.CompreFace;

/// <summary><c>/api/v1/recognition/subjects</c>: the people of a collection, with a face or announced without one.</summary>
internal static class Subjects
{
    public sealed record SubjectShape(string? Subject = null);

    public sealed record ListShape(IReadOnlyList<string> Subjects);

    public sealed record DeletedShape(int Deleted);

    public sealed record UpdatedShape(bool Updated);

    public static void Map(RouteGroupBuilder recognition)
    {
        const string path = "/subjects", one = path + "/{subject}";
        recognition.MapGet(path, List).RequireAuthorization(Policies.KeepGallery);
        recognition.MapPost(path, AddAsync).RequireAuthorization(Policies.KeepGallery);
        recognition.MapDelete(path, DeleteAll).RequireAuthorization(Policies.KeepGallery);
        recognition.MapPut(one, RenameAsync).RequireAuthorization(Policies.KeepGallery);
        recognition.MapDelete(one, Delete).RequireAuthorization(Policies.KeepGallery);
    }

    /// <summary>The enrolled subjects of a gallery, page by page.</summary>
    public static IEnumerable<Subject> Enrolled(CompreFaceCall call, KeepingSubjects subjects, string gallery)
    {
        string? after = null;
        do
        {
            var page = subjects.List(call.Actor, gallery, after, null);
            foreach (var subject in page.Subjects)
                yield return subject;
            after = page.Next;
        }
        while (after is not null);
    }

    private static IResult List(
        HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects, AnnouncingSubjects announcing)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var gallery = call.Gallery;
        return CompreFaceJson.Answer(new ListShape(
        [
            .. Enrolled(call, subjects, gallery).Select(subject => subject.Id).Union(announcing.List(call.Actor, gallery))
                .Order(StringComparer.Ordinal),
        ]));
    }

    private static async Task<IResult> AddAsync(HttpContext context, KeepingClientSettings settings, AnnouncingSubjects announcing)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var name = await NameAsync(context);
        announcing.Announce(call.Actor, call.Gallery, name);
        return CompreFaceJson.Answer(new SubjectShape(name), StatusCodes.Status201Created);
    }

    private static IResult Delete(
        string subject, HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects, AnnouncingSubjects announcing)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var gallery = call.Gallery;
        var isAnnounced = announcing.IsAnnounced(call.Actor, gallery, subject);
        if (!isAnnounced || IsEnrolled(call, subjects, gallery, subject))
            subjects.Remove(call.Actor, gallery, subject);
        if (isAnnounced)
            announcing.Withdraw(call.Actor, gallery, subject);
        return CompreFaceJson.Answer(new SubjectShape(subject));
    }

    private static IResult DeleteAll(
        HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects, AnnouncingSubjects announcing)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var gallery = call.Gallery;
        var deleted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var subject in Enrolled(call, subjects, gallery).Select(subject => subject.Id).ToList())
        {
            subjects.Remove(call.Actor, gallery, subject);
            deleted.Add(subject);
        }
        foreach (var subject in announcing.List(call.Actor, gallery))
        {
            announcing.Withdraw(call.Actor, gallery, subject);
            deleted.Add(subject);
        }
        return CompreFaceJson.Answer(new DeletedShape(deleted.Count));
    }

    private static async Task<IResult> RenameAsync(
        string subject, HttpContext context, KeepingClientSettings settings, KeepingSubjects subjects, AnnouncingSubjects announcing)
    {
        var call = CompreFaceDialect.CallOf(context, settings);
        var (gallery, name) = (call.Gallery, await NameAsync(context));
        if (IsEnrolled(call, subjects, gallery, subject))
            throw new CodedException(
                ErrorCodes.NotOffered,
                "a subject with faces keeps its name, of which the ids of its images are made: add its images under the new name, and "
                    + "delete this one");
        if (!announcing.IsAnnounced(call.Actor, gallery, subject))
            throw new CodedException(ErrorCodes.NotFound, "the gallery has no such subject");
        if (name != subject && !IsEnrolled(call, subjects, gallery, name))
            announcing.Announce(call.Actor, gallery, name);
        if (name != subject)
            announcing.Withdraw(call.Actor, gallery, subject);
        return CompreFaceJson.Answer(new UpdatedShape(true));
    }

    private static bool IsEnrolled(CompreFaceCall call, KeepingSubjects subjects, string gallery, string subject)
    {
        try
        {
            subjects.Find(call.Actor, gallery, subject);
            return true;
        }
        catch (CodedException missing) when (missing.Code == ErrorCodes.NotFound)
        {
            return false;
        }
    }

    private static async Task<string> NameAsync(HttpContext context) =>
        (await CompreFaceJson.ReadAsync<SubjectShape>(context))?.Subject is { Length: > 0 } name
            ? name
            : throw new ProblemException(CompreFaceErrors.MissingParameter, "the body has no 'subject'");
}
