using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Pages;

/// <summary>The bench: two photos side by side.</summary>
/// <param name="SearchId">The search whose candidate lies on it; null for two photos of the examiner's own.</param>
/// <param name="Rank">The candidate.</param>
/// <param name="Candidates">The candidates of the search, to change over to.</param>
public sealed record BenchModel(string? SearchId, int? Rank, IReadOnlyList<ReadCandidate> Candidates);

/// <summary>The examiner's bench. Photos that are chosen there stay in the browser: nothing of them is sent.</summary>
internal static class BenchPages
{
    public static void Map(IEndpointRouteBuilder pages) => pages
        .MapGet("/bench", (string? search, int? rank, HttpContext context, ReadingSearches searches) =>
        {
            if (search is null)
                return context.Page<BenchView, BenchModel>(new BenchModel(null, null, []));
            var candidates = searches.Read(context.Actor(), search).Candidates;
            return context.Page<BenchView, BenchModel>(
                new BenchModel(search, rank ?? (candidates.Count > 0 ? candidates[0].Candidate.Rank : null), candidates));
        })
        .For(Policies.ReadRecord);
}
