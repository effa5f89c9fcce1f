using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Pages;

/// <summary>
/// The form that restores a gallery. Archives are larger than memory: unlike <see cref="PageForm"/> it is read as it comes, the file last,
/// and the file is never held.
/// </summary>
internal static class RestorationForm
{
    private const int MaxText = 1000;

    /// <summary>Reads the texts, makes sure that a page of ours sent them, and hands the file on as a stream.</summary>
    /// <param name="context">The request.</param>
    /// <param name="limit">The largest body, in bytes.</param>
    /// <param name="restore">Given the gallery's name, whether its permissions are wanted, and the file.</param>
    /// <exception cref="ProblemException">It is malformed, names no gallery or file, or was sent by another page.</exception>
    public static async Task<IResult> ReadAsync(HttpContext context, long limit, Func<string, bool, Stream, Task<IResult>> restore)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw PageForm.Unsupported();
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = limit;
        var reader = new MultipartReader(MultipartBody.Boundary(type), context.Request.Body);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                var disposition = section.GetContentDispositionHeader() ?? throw new InvalidDataException("a part has no name");
                if (disposition.IsFileDisposition())
                {
                    await RequireOwnAsync(context, texts.GetValueOrDefault(PageForm.TokenField));
                    return texts.GetValueOrDefault("name")?.Trim() is { Length: > 0 } name
                        ? await restore(name, texts.ContainsKey("permissions"), section.Body)
                        : throw new ProblemException(Problem.BadValue, "name the gallery");
                }
                using var text = new StreamReader(section.Body);
                var read = new char[MaxText];
                texts[HeaderUtilities.RemoveQuotes(disposition.Name).ToString()] = new string(
                    read, 0, await text.ReadBlockAsync(read, context.RequestAborted));
                if (text.Read() >= 0)
                    throw new InvalidDataException($"a text in it is longer than {MaxText} characters");
            }
        }
        catch (Exception e) when (e is InvalidDataException || IsCutShort(e))
        {
            throw new ProblemException(Problem.BadRequest, $"the form is malformed: {e.Message}", e);
        }
        await RequireOwnAsync(context, texts.GetValueOrDefault(PageForm.TokenField));
        throw new ProblemException(Problem.BadValue, "choose the exported file first");
    }

    /// <summary>
    /// What the reader throws where the last boundary is missing; a fault of the disk bears the code of the system's error.
    /// </summary>
    private static bool IsCutShort(Exception e) => e.GetType() == typeof(IOException) && e.HResult == new IOException().HResult;

    private static async Task RequireOwnAsync(HttpContext context, string? token)
    {
        context.Request.Headers[PageForm.TokenHeader] = token ?? "";
        try
        {
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
        }
        catch (AntiforgeryValidationException e)
        {
            throw PageForm.OutOfDate(e);
        }
    }
}
