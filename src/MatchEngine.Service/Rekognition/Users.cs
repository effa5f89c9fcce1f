using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rekognition;

/// <summary>
/// Users, which are what faces have in common by somebody's word: a name that is announced in the collection, and a key of the biographics
/// of each subject whose face is associated with it.
/// </summary>
internal static class Users
{
    private const string Active = "ACTIVE";
    private const string Created = "CREATED";
    private const int MaxUserId = 128;
    private const int MaxFaces = 100;

    public sealed record UserRequest(string? CollectionId = null, string? UserId = null, IReadOnlyList<string>? FaceIds = null);

    public sealed record ListRequest(string? CollectionId = null, int? MaxResults = null, string? NextToken = null);

    public sealed record UserShape(string UserId, string UserStatus);

    public sealed record Listed(IReadOnlyList<UserShape> Users, string? NextToken);

    public sealed record ChangedFace(string FaceId);

    public sealed record Unchanged(string FaceId, string? UserId, IReadOnlyList<string> Reasons);

    public sealed record Associated(
        IReadOnlyList<ChangedFace> AssociatedFaces, IReadOnlyList<Unchanged> UnsuccessfulFaceAssociations, string UserStatus);

    public sealed record Disassociated(
        IReadOnlyList<ChangedFace> DisassociatedFaces, IReadOnlyList<Unchanged> UnsuccessfulFaceDisassociations, string UserStatus);

    public sealed record ByImageRequest(
        string? CollectionId = null, ImageShape? Image = null, int? MaxUsers = null, double? UserMatchThreshold = null);

    public sealed record UserMatch(double? Similarity, UserShape User);

    public sealed record SearchedFace(FaceDetailShape FaceDetail);

    public sealed record Found(
        IReadOnlyList<UserMatch> UserMatches, string FaceModelVersion, SearchedFace? SearchedFace, IReadOnlyList<object> UnsearchedFaces);

    public sealed record Empty;

    public static Task<Reply> CreateAsync(RekognitionCall call)
    {
        var (collection, user, _) = Require(call.Read<UserRequest>());
        call.Use<AnnouncingSubjects>().Announce(call.Actor, collection, user);
        return Reply.Of(new Empty());
    }

    public static Task<Reply> ListAsync(RekognitionCall call)
    {
        var request = call.Read<ListRequest>();
        var collection = Collections.Require(request.CollectionId);
        var (after, count) = (PageToken.Place(request.NextToken) ?? "", PageToken.Results(request.MaxResults));
        var rest = call.Use<AnnouncingSubjects>().List(call.Actor, collection)
            .Where(user => string.CompareOrdinal(user, after) > 0).Order(StringComparer.Ordinal).ToList();
        var active = SubjectsOf(call, collection).Select(UserOf).ToHashSet();
        var page = rest.Take(count).ToList();
        return Reply.Of(new Listed(
            [.. page.Select(user => new UserShape(user, active.Contains(user) ? Active : Created))],
            rest.Count > count ? PageToken.Of(page[^1]) : null));
    }

    public static Task<Reply> AssociateAsync(RekognitionCall call)
    {
        var (collection, user, faces) = Require(call.Read<UserRequest>());
        var (done, undone) = Change(call, collection, user, faces, now => now switch
        {
            null => (new Dictionary<string, string> { [FaceShape.UserIdKey] = user }, null, null),
            _ when now == user => (null, null, null),
            _ => (null, null, "ASSOCIATED_TO_A_DIFFERENT_USER"),
        });
        return Reply.Of(new Associated(done, undone, Active));
    }

    public static Task<Reply> DisassociateAsync(RekognitionCall call)
    {
        var (collection, user, faces) = Require(call.Read<UserRequest>());
        var (done, undone) = Change(call, collection, user, faces, now => now switch
        {
            _ when now == user => (null, new[] { FaceShape.UserIdKey }, null),
            null => (null, null, "FACE_NOT_FOUND"),
            _ => (null, null, "ASSOCIATED_TO_A_DIFFERENT_USER"),
        });
        var isActive = SubjectsOf(call, collection).Any(subject => UserOf(subject) == user);
        return Reply.Of(new Disassociated(done, undone, isActive ? Active : Created));
    }

    public static Task<Reply> DeleteAsync(RekognitionCall call)
    {
        var (collection, user, _) = Require(call.Read<UserRequest>());
        RequireUser(call, collection, user);
        // The name goes last: what a failure leaves behind can be deleted by the same request again.
        foreach (var subject in SubjectsOf(call, collection).Where(subject => UserOf(subject) == user).ToList())
            call.Use<KeepingSubjects>().Correct(call.Actor, collection, subject.Id, null, [FaceShape.UserIdKey]);
        call.Use<AnnouncingSubjects>().Withdraw(call.Actor, collection, user);
        return Reply.Of(new Empty());
    }

    public static async Task<Reply> SearchByImageAsync(RekognitionCall call)
    {
        var request = call.Read<ByImageRequest>();
        var answer = await FaceSearches.ByImageAsync(
            call, request.CollectionId, request.Image, request.MaxUsers, request.UserMatchThreshold, nameof(request.UserMatchThreshold));
        // The list is in rank order: the first of a user's faces is its best.
        var found = answer.List.Candidates
            .Select(candidate => (Candidate: candidate, User: candidate.Biographics.GetValueOrDefault(FaceShape.UserIdKey)))
            .Where(row => row.User is not null).DistinctBy(row => row.User)
            .Select(row => new UserMatch(SimilarityScale.Of(answer.ScoreOf(row.Candidate)), new UserShape(row.User!, Active))).ToList();
        // Faces of nobody, and several of one, do not make a list of one user a list of several.
        var withheld = found.Count < answer.List.MinCandidates ? found.Count : 0;
        return FaceSearches.Told(
            call, answer,
            new Found(
                withheld > 0 ? [] : found, answer.List.Model,
                answer.List.Probe is { } probe ? new SearchedFace(FaceDetailShape.Of(probe)) : null, []),
            withheld);
    }

    private static (IReadOnlyList<ChangedFace> Done, IReadOnlyList<Unchanged> Undone) Change(
        RekognitionCall call, string collection, string user, IReadOnlyList<string>? faces,
        Func<string?, (Dictionary<string, string>? Set, string[]? Remove, string? Reason)> change)
    {
        if (faces is not { Count: >= 1 and <= MaxFaces })
            throw new ProblemException(Problem.BadValue, $"FaceIds has 1 to {MaxFaces} ids");
        RequireUser(call, collection, user);
        var subjects = call.Use<KeepingSubjects>();
        var (done, undone) = (new List<ChangedFace>(), new List<Unchanged>());
        foreach (var (id, encounter) in faces.Select(id => (id, FaceShape.EncounterOf(id))).DistinctBy(pair => pair.Item2).ToList())
        {
            if (subjects.FindEncounter(call.Actor, collection, encounter) is not { } found)
            {
                undone.Add(new Unchanged(id, null, ["FACE_NOT_FOUND"]));
                continue;
            }
            var subject = subjects.Find(call.Actor, collection, found.SubjectId);
            var now = UserOf(subject);
            var (set, remove, reason) = change(now);
            if (reason is not null)
            {
                undone.Add(new Unchanged(id, now, [reason]));
                continue;
            }
            if (set is not null || remove is not null)
                subjects.Correct(call.Actor, collection, subject.Id, set, remove);
            done.Add(new ChangedFace(id));
        }
        return (done, undone);
    }

    private static IEnumerable<Subject> SubjectsOf(RekognitionCall call, string collection)
    {
        string? after = null;
        do
        {
            var page = call.Use<KeepingSubjects>().List(call.Actor, collection, after, null);
            foreach (var subject in page.Subjects)
                yield return subject;
            after = page.Next;
        }
        while (after is not null);
    }

    private static string? UserOf(Subject subject) => subject.Biographics.GetValueOrDefault(FaceShape.UserIdKey);

    private static void RequireUser(RekognitionCall call, string collection, string user)
    {
        if (!call.Use<AnnouncingSubjects>().IsAnnounced(call.Actor, collection, user))
            throw new CodedException(ErrorCodes.NotFound, "the collection has no such user");
    }

    private static (string Collection, string User, IReadOnlyList<string>? Faces) Require(UserRequest request) =>
        request.UserId is { Length: >= 1 and <= MaxUserId } user
            ? (Collections.Require(request.CollectionId), user, request.FaceIds)
            : throw new ProblemException(Problem.BadValue, $"UserId has 1 to {MaxUserId} characters");
}
