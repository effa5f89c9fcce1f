using MatchEngine.Frs.Examining;

namespace MatchEngine.Service.Headers;

/// <summary>A picture for people's eyes as an answer, which no browser keeps; it is overwritten when it is sent.</summary>
internal static class PictureAnswer
{
    public static async Task WriteAsync(HttpContext context, Picture picture)
    {
        using (picture)
        {
            var response = context.Response;
            response.ContentType = picture.ContentType;
            response.ContentLength = picture.Content.Length;
            response.Headers.CacheControl = "no-store";
            response.Headers.XContentTypeOptions = "nosniff";
            await response.Body.WriteAsync(picture.Content, context.RequestAborted);
        }
    }
}
