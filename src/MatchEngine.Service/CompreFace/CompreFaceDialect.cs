using MatchEngine.Faces;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.CompreFace;

/// <summary>The dialect of CompreFace: <c>/api/v1</c>, keys in <c>x-api-key</c>, a key for a face collection.</summary>
internal static class CompreFaceDialect
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.WithMetadata(new SignedInBy(KeyAuthentication.SchemeName), new CompreFaceErrors());
        api.ExcludeFromDescription();
        var recognition = api.MapGroup("/recognition");
        Subjects.Map(recognition);
        Examples.Map(recognition);
        Recognition.Map(recognition);
        Verification.Map(api);
    }

    /// <summary>The request, with what holds for its key.</summary>
    public static CompreFaceCall CallOf(HttpContext context, KeepingClientSettings settings) =>
        new(context, settings.Of(context.Actor()));

    /// <summary>A comparison as the request asks for it.</summary>
    public static ComparisonRequest Comparison(CompreFaceCall call) => new()
    {
        Face = call.Limit == 1 ? FaceChoice.Largest : FaceChoice.Only,
        Purpose = call.Purpose,
        ApprovalId = call.Approval,
    };

    /// <summary>A score on the dialect's scale, 0 … 1; null where the profile tells none.</summary>
    public static double? Similarity(ShownScore shown) =>
        SimilarityScale.Of(shown) is { } similarity ? Math.Round(similarity / 100, 5) : null;

    /// <summary>The faces of which the detector is as sure as the request wants.</summary>
    /// <exception cref="AcquisitionException">There is none.</exception>
    public static IReadOnlyList<ProbeFace> RequireFaces(IReadOnlyList<ProbeFace> faces, double confidence)
    {
        var sure = faces.Where(face => face.Confidence >= confidence).ToList();
        return sure.Count > 0
            ? sure
            : throw new AcquisitionException(
                AcquisitionFailure.NoFace, "no face is found in the given image, or none that the detector is so sure of");
    }

    /// <summary>The largest of them.</summary>
    /// <param name="faces">The faces, largest first.</param>
    /// <param name="limit">How many; 0: all.</param>
    public static IEnumerable<ProbeFace> Limited(IReadOnlyList<ProbeFace> faces, int limit) =>
        limit == 0 ? faces : faces.Take(limit);
}
