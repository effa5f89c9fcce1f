using MatchEngine.Service.Intake;
using Microsoft.AspNetCore.Http.Features;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// Answers HEAD as GET without the body (RFC 9110, 9.3.2): routes, roles and headers are those of GET, and what is written goes nowhere.
/// The server knows by itself that the answer has no body.
/// </summary>
internal static class HeadRequests
{
    public static async Task AnswerAsGet(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }
        var answer = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Request.Method = HttpMethods.Get;
        context.Features.Set(new AskedByHead());
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set(answer);
            context.Request.Method = HttpMethods.Head;
        }
    }
}
