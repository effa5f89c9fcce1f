using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Files;

/// <summary>A file that is written while it is sent, by calls that wait, on a thread of its own.</summary>
/// <param name="name">What it is called where it is kept.</param>
/// <param name="type">Its media type.</param>
/// <param name="write">Writes it.</param>
internal sealed class Streamed(string name, string type, Action<Stream, CancellationToken> write) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        (response.ContentType, response.Headers.CacheControl) = (type, "no-store");
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        response.Headers.ContentDisposition = disposition.ToString();
        httpContext.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
        return Task.Run(() => write(response.Body, httpContext.RequestAborted), httpContext.RequestAborted);
    }
}
