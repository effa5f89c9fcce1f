using MatchEngine.Faces.Geometry;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Pages;

/// <summary>The bench: two photos side by side.</summary>
/// <param name="SearchId">The search whose candidate lies on it; null for two photos of the examiner's own.</param>
/// <param name="Rank">The candidate.</param>
/// <param name="Candidates">The candidates of the search, to change over to.</param>
/// <param name="ProbeBox">Where the face of the probe is, so that the same is cut out of it; null where that was not recorded.</param>
public sealed record BenchModel(string? SearchId, int? Rank, IReadOnlyList<ReadCandidate> Candidates, BoundingBox? ProbeBox);

/// <summary>The examiner's bench. Photos that are chosen there stay in the browser: nothing of them is sent.</summary>
internal static class BenchPages
{
    public static void Map(IEndpointRouteBuilder pages) => pages
        .MapGet("/bench", (string? search, int? rank, HttpContext context, ReadingSearches searches) =>
        {
            if (search is null)
                return context.Page<BenchView, BenchModel>(new BenchModel(null, null, [], null));
            var read = searches.Read(context.Actor(), search);
            return context.Page<BenchView, BenchModel>(new BenchModel(
                search, rank ?? (read.Candidates.Count > 0 ? read.Candidates[0].Candidate.Rank : null), read.Candidates,
                read.Search.ProbeBox));
        })
        .For(Policies.ReadRecord);
}
