using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Searching;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Rest;

namespace MatchEngine.Service.Sandbox;

/// <summary>
/// Lets answers go wrong as it was asked for. Each answer that is touched says so in its header, and the audit says what was faked before
/// the answer leaves. It stands in the way of requests only where faults can be asked for at all.
/// </summary>
internal sealed class FaultyAnswers(RequestDelegate next, Faults faults, FaultyList lists)
{
    /// <summary>The header that names the kinds of faults of an answer.</summary>
    public const string Header = "x-matchengine-fault";

    private const double UsualDelay = 2, UsualDrip = 5, UsualRetry = 2;

    /// <summary>Never touched: how a tester takes faults away again, and what tells whether the service lives.</summary>
    private static readonly string[] Spared = ["/v1/sandbox", "/health", "/ready"];

    public async Task InvokeAsync(HttpContext context)
    {
        var concerning = Array.Exists(Spared, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            ? []
            : faults.Concerning(ScopeOf(context));
        if (concerning.Count == 0)
        {
            await next(context);
            return;
        }
        // Which galleries a search is made in shows in its answer; that of another request, in its path.
        var isSearch = context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == SearchesResource.Name;
        var gallery = context.GetRouteValue("gallery") as string;
        var early = concerning.Where(fault => fault.Setting.Kind.IsOfTransport()
            && (fault.Setting.Gallery is not { } named || !isSearch && named == gallery));
        await TransportAsync(context, [.. early.Where(fault => fault.IsTurn())], null);
        var late = concerning.Where(fault => isSearch && !(fault.Setting.Kind.IsOfTransport() && fault.Setting.Gallery is null)).ToList();
        if (late.Count == 0)
            await next(context);
        else
            await AnswerAsync(context, late);
    }

    private static FaultScope ScopeOf(HttpContext context) => new(
        context.User.Identity is { IsAuthenticated: true } ? context.Actor().Key : null,
        $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}",
        name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null);

    /// <summary>Has a search answered, and changes the answer before any of it leaves.</summary>
    private async Task AnswerAsync(HttpContext context, List<Fault> late)
    {
        var answered = context.Response.Body;
        using var held = new MemoryStream();
        context.Response.Body = held;
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = answered;
        }
        var search = context.Features.Get<SearchAnswer>();
        var inScope = search is null
            ? []
            : late.Where(fault => fault.Setting.Gallery is not { } gallery || search.List.Galleries.Contains(gallery)).ToList();
        ReadOnlyMemory<byte> body = held.GetBuffer().AsMemory(0, (int)held.Length);
        if (search is not null && context.Response is { StatusCode: StatusCodes.Status200OK, ContentType: { } type }
            && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            var list = JsonNode.Parse(body.Span)!.AsObject();
            var touched = inScope.Where(fault => !fault.Setting.Kind.IsOfTransport() && fault.IsTurn())
                .Where(fault => lists.Apply(fault, list, context.Actor())).ToList();
            if (touched.Count > 0)
            {
                body = JsonSerializer.SerializeToUtf8Bytes(list, WireJson.Options);
                context.Response.ContentLength = body.Length;
                await TellAsync(context, touched, search.Id);
            }
        }
        await TransportAsync(
            context, [.. inScope.Where(fault => fault.Setting.Kind.IsOfTransport() && fault.IsTurn())], search?.Id);
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Waits, refuses, or puts a stream that drips or ends in the place of the answer's.</summary>
    private static async Task TransportAsync(HttpContext context, List<Fault> struck, string? search)
    {
        if (struck.Count == 0)
            return;
        // Of several refusals the first is the answer.
        var refusal = struck.Find(fault => fault.Setting.Kind.Refuses());
        struck = [.. struck.Where(fault => refusal is null || fault == refusal || fault.Setting.Kind == FaultKind.Delay)];
        await TellAsync(context, struck, search);
        foreach (var fault in struck)
        {
            var seconds = fault.Setting.Seconds;
            switch (fault.Setting.Kind)
            {
                case FaultKind.Delay:
                    await Task.Delay(TimeSpan.FromSeconds(seconds ?? UsualDelay), context.RequestAborted);
                    break;
                case FaultKind.SlowBody:
                    context.Response.Body = new DrippingStream(context.Response.Body, TimeSpan.FromSeconds(seconds ?? UsualDrip));
                    break;
                case FaultKind.CutBody:
                    context.Response.Body = new CutStream(context.Response.Body, context.Abort);
                    break;
            }
        }
        if (refusal is not null)
            throw Refusal(refusal.Setting);
    }

    private static ProblemException Refusal(FaultSetting setting)
    {
        var wait = TimeSpan.FromSeconds(setting.Seconds ?? UsualRetry);
        return setting.Kind switch
        {
            FaultKind.RateLimited => new ProblemException(
                Problem.RateLimited, "this account or address asks too often; wait as long as Retry-After says") { RetryAfter = wait },
            FaultKind.Unavailable => new ProblemException(
                Problem.NotReady, "the service cannot answer at the moment; wait as long as Retry-After says") { RetryAfter = wait },
            _ => new ProblemException(Problem.Internal, "an unexpected error; the log has more under the request's id"),
        };
    }

    private static async Task TellAsync(HttpContext context, List<Fault> struck, string? search)
    {
        foreach (var fault in struck)
        {
            fault.CountStrike();
            context.Response.Headers.Append(Header, fault.Setting.Kind.ToName());
        }
        var trail = context.RequestServices.GetRequiredService<AuditTrail>();
        await trail.WriteAsync(
            context.User.Identity is { IsAuthenticated: true } ? context.Actor() : Frs.Actor.Service, "sandbox.answer-faulted",
            new { faults = struck.Select(fault => new { fault = fault.Name, kind = fault.Setting.Kind.ToName() }), search });
    }
}
