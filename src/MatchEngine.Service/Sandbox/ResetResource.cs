using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Rest;

namespace MatchEngine.Service.Sandbox;

/// <summary>By this a request tells who handed it in that all is to begin anew when it is answered.</summary>
internal sealed class ResetSwitch
{
    /// <summary>Whether it does.</summary>
    public bool IsWanted { get; set; }
}

/// <summary><c>/v1/sandbox/reset</c>: everything as it was at first.</summary>
internal static class ResetResource
{
    public static void Map(IEndpointRouteBuilder v1) => v1.MapPost("/sandbox/reset", (HttpContext context) =>
        {
            // The service cannot end itself while it answers: what stands around it does when this request has left it.
            var reset = context.Features.Get<ResetSwitch>() ?? throw new ProblemException(
                Problem.Conflict, "nothing stands around this service that could begin it anew: start it with --sandbox");
            reset.IsWanted = true;
            return Results.Empty;
        })
        .Needs(Policies.AdministerService).WithName("resetSandbox").WithTags("sandbox")
        .WithSummary("Bring everything back as it was made, keys included; faults, time and what is known of clients begin anew")
        .Produces(StatusCodes.Status204NoContent).Problems(409);
}
