using System.Diagnostics;
using System.Security.Claims;

namespace MatchEngine.Service.Observability;

/// <summary>
/// One line and one span a request: method, route, status, time, id, account. The route is the pattern
/// (<c>/v1/galleries/{gallery}/subjects/{subject}</c>) and never the path, which can name a person.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, Telemetry telemetry, ILogger<RequestLog> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        using var activity = telemetry.Activities.StartActivity("request", ActivityKind.Server);
        await next(context);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        var account = context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "-";
        activity?.SetTag("http.request.method", context.Request.Method).SetTag("http.route", route).SetTag(
            "http.response.status_code", context.Response.StatusCode);
        if (activity is not null)
            activity.DisplayName = $"{context.Request.Method} {route}";
        log.LogInformation(
            "{Method} {Route} {Status} {Milliseconds:0.0} ms request {RequestId} account {Account}",
            context.Request.Method,
            route,
            context.Response.StatusCode,
            Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            context.TraceIdentifier,
            account);
    }
}
