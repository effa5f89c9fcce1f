using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// Gives handlers the parts of a path as the client meant them: ids of subjects may hold '/' and '%'. The server decodes a path before it
/// is taken apart and must leave <c>%2F</c> as it is for that reason; then an id with a slash cannot be told any more from one with the
/// three characters <c>%2F</c>. So those parts are decoded anew, from the target as it was sent.
/// </summary>
internal static class RouteSegments
{
    private const string EncodedSlash = "%2F";

    public static Task Decode(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is RouteEndpoint endpoint && context.Request.Path.Value is { } path
            && path.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase))
            Decode(context, endpoint.RoutePattern, path.Split('/'));
        return next(context);
    }

    private static void Decode(HttpContext context, RoutePattern pattern, string[] parts)
    {
        var sent = context.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?')[0].Split('/');
        // A path with '.' or '..' in it was made shorter, and a target can be a whole address: what stood where is not known then,
        // and what it names is not found.
        if (sent.Length != parts.Length)
            return;
        // Both begin with what stands before the first slash: nothing.
        foreach (var (place, segment) in pattern.PathSegments.Index())
        {
            if (segment.Parts is [RoutePatternParameterPart { IsCatchAll: false } parameter]
                && parts[place + 1].Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase))
                context.Request.RouteValues[parameter.Name] = Uri.UnescapeDataString(sent[place + 1]);
        }
    }
}
