using Microsoft.Extensions.Primitives;

namespace MatchEngine.Service.Access;

/// <summary>
/// Under https each cookie of ours is called <c>__Host-…</c>: a browser takes one of that name only over https, for all paths, and from
/// this very host, so that neither another host of the domain nor somebody on the way can plant one. Under plain HTTP (this machine alone)
/// a browser would refuse the name.
/// </summary>
internal static class HostCookies
{
    /// <summary>What the name of each cookie of ours begins with.</summary>
    public const string OurNames = "matchengine";

    private const string Prefix = "__Host-";

    public static Task Rename(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.IsHttps)
            return next(context);
        var headers = context.Request.Headers;
        if (headers.Cookie.Count > 0)
            headers.Cookie = new StringValues(Arrived(headers.Cookie));
        context.Response.OnStarting(() =>
        {
            var answer = context.Response.Headers;
            answer.SetCookie = new StringValues([.. answer.SetCookie.Select(cookie => IsOurs(cookie) ? Prefix + cookie : cookie)]);
            return Task.CompletedTask;
        });
        return next(context);
    }

    // What bears our name without the prefix was set by somebody else.
    private static string Arrived(StringValues lines) => string.Join("; ", lines
        .SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Where(cookie => !IsOurs(cookie))
        .Select(cookie => cookie.StartsWith(Prefix + OurNames, StringComparison.Ordinal) ? cookie[Prefix.Length..] : cookie));

    private static bool IsOurs(string? cookie) => cookie?.StartsWith(OurNames, StringComparison.Ordinal) == true;
}
