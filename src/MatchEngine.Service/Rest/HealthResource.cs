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
        app.MapGet("/ready", (Readiness readiness) =>
            {
                readiness.RequireRoom();
                return new HealthResponse("ok");
            })
            .AllowAnonymous().DisableRateLimiting().WithName("ready")
            .WithSummary("Galleries and networks are loaded, the disk has room: searches are answered").WithTags("operations")
            .Produces<HealthResponse>().Problems(StatusCodes.Status503ServiceUnavailable);
    }
}
