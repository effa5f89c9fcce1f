using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Pages;

/// <summary>The bench: two photos side by side.</summary>
/// <param name="SearchId">The search whose candidate lies on it; null for two photos of the examiner's own.</param>
/// <param name="Rank">The candidate.</param>
/// <param name="Candidates">The candidates of the search, to change over to.</param>
public sealed record BenchModel(string? SearchId, int? Rank, IReadOnlyList<RecordedCandidate> Candidates);

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
                new BenchModel(search, rank ?? (candidates.Count > 0 ? candidates[0].Rank : null), candidates));
        })
        .For(Policies.ReadRecord);
}
