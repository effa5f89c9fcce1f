using MatchEngine.Frs;

namespace MatchEngine.Service.Errors;

/// <summary>
/// Gives each request an id: the client's <c>x-request-id</c> where it is well-formed, else one of ours. It comes back in the answer, and
/// stands in the log and in the audit.
/// </summary>
internal sealed class RequestIds(RequestDelegate next)
{
    public const string Header = "x-request-id";

    private const int MaxLength = 64;

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header].ToString();
        context.TraceIdentifier = IsWellFormed(given) ? given : TimeOrderedId.New();
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = context.TraceIdentifier;
            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>1 to 64 letters, digits, '.', '-' and '_': nothing that could break a log line.</summary>
    public static bool IsWellFormed(string id) =>
        id.Length is >= 1 and <= MaxLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
