using System.ComponentModel;
using System.Xml;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Rest;

namespace MatchEngine.Service.Sandbox;

/// <summary>The time of the sandbox.</summary>
/// <param name="Now">The time by which every rule of the service goes (UTC).</param>
/// <param name="Machine">The machine's (UTC).</param>
/// <param name="Ahead">How far the first is ahead of the second: a duration of ISO 8601.</param>
public sealed record ClockResponse(DateTimeOffset Now, DateTimeOffset Machine, string Ahead);

/// <summary>A step of the clock.</summary>
/// <param name="Advance">How far: a duration of ISO 8601 in whole numbers.</param>
public sealed record ClockStep([property: Description("A duration of ISO 8601 in whole numbers: P7Y, P30D, PT61M")] string Advance);

/// <summary>A time to go to.</summary>
/// <param name="Now">The time (UTC where no offset is named), not before the present one.</param>
public sealed record ClockSetting(DateTimeOffset Now);

/// <summary><c>/v1/sandbox/clock</c>: what time it is, and later.</summary>
internal static class ClockResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/sandbox/clock", (MovableClock clock) => Response(clock))
            .Needs(Policies.SignedIn).WithName("getClock").WithTags("sandbox").WithSummary("The time of the sandbox")
            .Produces<ClockResponse>();
        v1.MapPost("/sandbox/clock", (ClockStep step, HttpContext context, MovableClock clock) => Move(
                context, clock, (CalendarSpan.Parse(step.Advance ?? "") ?? throw new ProblemException(
                    Problem.BadValue, "advance is a duration of ISO 8601 in whole numbers, such as P7Y, P30D or PT61M")).After))
            .Needs(Policies.AdministerService).WithName("advanceClock").WithTags("sandbox")
            .WithSummary("Let time pass: what is due by then is done before the answer")
            .Produces<ClockResponse>().Problems(400);
        v1.MapPut("/sandbox/clock", (ClockSetting setting, HttpContext context, MovableClock clock) =>
                Move(context, clock, _ => setting.Now.ToUniversalTime()))
            .Needs(Policies.AdministerService).WithName("setClock").WithTags("sandbox")
            .WithSummary("Go to a later time: what is due by then is done before the answer")
            .Produces<ClockResponse>().Problems(400);
    }

    private static ClockResponse Move(HttpContext context, MovableClock clock, Func<DateTimeOffset, DateTimeOffset> step)
    {
        if (clock.Move(step) is not var (from, to))
            throw new ProblemException(
                Problem.BadValue,
                "the clock goes forward only, by at most 90 years: events of the audit and what expires follow each other in time, and "
                    + "none was written in the future. POST /v1/sandbox/reset brings back the machine's time, with everything else");
        var services = context.RequestServices;
        services.GetRequiredService<AuditTrail>().Note(context.Actor(), "sandbox.clock-moved", new { from, to });
        foreach (var sweep in services.GetServices<IHostedService>().OfType<ISweep>())
            sweep.Sweep(context.RequestAborted);
        return Response(clock);
    }

    private static ClockResponse Response(MovableClock clock)
    {
        var ahead = clock.Ahead;
        return new ClockResponse(clock.GetUtcNow(), TimeProvider.System.GetUtcNow(), XmlConvert.ToString(ahead));
    }
}
