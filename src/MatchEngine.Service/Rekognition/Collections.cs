using MatchEngine.Frs.Sharing;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rekognition;

/// <summary>Collections, which are galleries.</summary>
internal static class Collections
{
    public sealed record CollectionRequest(string? CollectionId = null);

    public sealed record ListRequest(int? MaxResults = null, string? NextToken = null);

    public sealed record Created(int StatusCode, string CollectionArn, string FaceModelVersion);

    public sealed record Listed(IReadOnlyList<string> CollectionIds, string? NextToken, IReadOnlyList<string> FaceModelVersions);

    public sealed record Described(long FaceCount, string FaceModelVersion, string CollectionARN, double CreationTimestamp);

    public sealed record Deleted(int StatusCode);

    public static Task<Reply> CreateAsync(RekognitionCall call)
    {
        var made = call.Use<KeepingGalleries>().Create(
            call.Actor, new NewGallery(Require(call.Read<CollectionRequest>().CollectionId), null, null, null, null, null));
        return Reply.Of(new Created(200, Arn(made), made.Model));
    }

    public static Task<Reply> ListAsync(RekognitionCall call)
    {
        var request = call.Read<ListRequest>();
        var (after, count) = (PageToken.Place(request.NextToken) ?? "", PageToken.Results(request.MaxResults));
        var rest = call.Use<KeepingGalleries>().List(call.Actor)
            .Where(gallery => gallery.Problem is null && string.CompareOrdinal(gallery.Name, after) > 0)
            .OrderBy(gallery => gallery.Name, StringComparer.Ordinal).ToList();
        var page = rest.Take(count).ToList();
        return Reply.Of(new Listed(
            [.. page.Select(gallery => gallery.Name)], rest.Count > count ? PageToken.Of(page[^1].Name) : null,
            [.. page.Select(gallery => gallery.Model)]));
    }

    public static Task<Reply> DescribeAsync(RekognitionCall call)
    {
        var gallery = call.Use<KeepingGalleries>().Find(call.Actor, Require(call.Read<CollectionRequest>().CollectionId));
        return Reply.Of(new Described(
            gallery.Encounters, gallery.Model, Arn(gallery), gallery.Created.ToUnixTimeMilliseconds() / 1000.0));
    }

    public static Task<Reply> DeleteAsync(RekognitionCall call)
    {
        call.Use<KeepingGalleries>().Delete(call.Actor, Require(call.Read<CollectionRequest>().CollectionId));
        return Reply.Of(new Deleted(200));
    }

    /// <summary>The name of a collection.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static string Require(string? collection) => collection is { Length: > 0 }
        ? collection
        : throw new ProblemException(Problem.BadValue, "CollectionId is needed");

    // There is one region, and it has no name.
    private static string Arn(GalleryOverview gallery) => $"aws:rekognition:local:{gallery.Owner}:collection/{gallery.Name}";
}
