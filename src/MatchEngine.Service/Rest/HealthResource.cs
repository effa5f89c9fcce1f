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
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>Whether the service lives, and whether it can answer.</summary>
/// <param name="Status"><c>ok</c>, or why not.</param>
public sealed record HealthResponse(string Status);

/// <summary><c>/health</c> and <c>/ready</c>: open to all, for they tell nothing of what is inside.</summary>
internal static class HealthResource
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health", () => new HealthResponse("ok"))
            .AllowAnonymous().DisableRateLimiting().WithName("health").WithSummary("The process lives").WithTags("operations")
            .Produces<HealthResponse>();
        app.MapGet("/ready", () => new HealthResponse("ok")).WhenReady()
            .AllowAnonymous().DisableRateLimiting().WithName("ready")
            .WithSummary("Galleries and networks are loaded: searches are answered").WithTags("operations")
            .Produces<HealthResponse>().Problems(StatusCodes.Status503ServiceUnavailable);
    }
}
