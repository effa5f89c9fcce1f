using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Pages;

/// <summary>The bench: two photos side by side.</summary>
/// <param name="SearchId">The search whose candidate lies on it; null for two photos of the examiner's own.</param>
/// <param name="Rank">The candidate.</param>
/// <param name="Candidates">The candidates of the search, to change over to.</param>
public sealed record BenchModel(string? SearchId, int? Rank, IReadOnlyList<AuditedCandidate> Candidates);

/// <summary>The examiner's bench. Photos that are chosen there stay in the browser: nothing of them is sent.</summary>
internal static class BenchPages
{
    public static void Map(IEndpointRouteBuilder pages) => pages
        .MapGet("/bench", (string? search, int? rank, HttpContext context, ProbeSearch searches, Notifications notifications) =>
        {
            if (search is null)
                return context.Page<BenchView, BenchModel>(new BenchModel(null, null, []));
            var record = SearchesResource.Get(search, context, searches, notifications);
            var candidates = System.Text.Json.JsonSerializer.Deserialize<SearchAudit>(
                record.Audit, System.Text.Json.JsonSerializerOptions.Web)!.Candidates;
            return context.Page<BenchView, BenchModel>(
                new BenchModel(search, rank ?? (candidates.Count > 0 ? candidates[0].Rank : null), candidates));
        })
        .For(Policies.ReadRecord);
}
