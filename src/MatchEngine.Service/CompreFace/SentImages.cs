using MatchEngine.Frs.Probes;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.CompreFace;

/// <summary>
/// The images of a request, as files of a <c>multipart/form-data</c> body or in base64 as members of a JSON object, in buffers that are
/// cleared. What else such a body holds is left alone, as CompreFace leaves it.
/// </summary>
internal sealed class SentImages : IDisposable
{
    /// <summary>The most bytes of an image, as CompreFace documents it.</summary>
    private const int MaxImageBytes = 5 << 20;

    // Two images in base64, and what stands beside them.
    private const int MaxBodyBytes = 2 * (MaxImageBytes / 3 * 4 + 4) + (64 << 10);

    private readonly List<IDisposable> _owned = [];
    private IReadOnlyList<BodyPart> _images = [];

    private SentImages()
    {
    }

    /// <summary>Reads them.</summary>
    /// <param name="context">The request.</param>
    /// <param name="names">The parts or members that hold them.</param>
    /// <exception cref="ProblemException">Too large, of an unsupported kind, malformed.</exception>
    public static async Task<SentImages> ReadAsync(HttpContext context, params string[] names)
    {
        var limits = context.RequestServices.GetRequiredService<ServiceSettings>().Limits;
        var observer = context.RequestServices.GetService<IBufferObserver>();
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
            throw Unsupported();
        var multipart = type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        if (!multipart && !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Unsupported();
        PackedBody.Refuse(context.Request);
        var sent = new SentImages();
        try
        {
            var body = await RequestBody.ReadAsync(context, Math.Min(limits.BodyBytes, MaxBodyBytes));
            sent._owned.Add(body);
            var found = multipart
                ? MultipartBody.Parse(body.Memory, MultipartBody.Boundary(type), limits.Parts)
                : sent.OfJson(body.Memory, names, observer);
            sent._images = InterchangeProbe.UnwrapAll(
                context, [.. found.Where(part => names.Contains(part.Name))], null,
                Math.Min(limits.ImageBytes, MaxImageBytes), observer, sent._owned);
            return sent;
        }
        catch
        {
            sent.Dispose();
            throw;
        }
    }

    /// <summary>The one image of a name.</summary>
    /// <exception cref="ProblemException">There is none, or there are several.</exception>
    public ReadOnlyMemory<byte> Require(string name)
    {
        var found = _images.Where(image => image.Name == name).ToList();
        return found.Count == 1
            ? found[0].Content
            : throw new ProblemException(
                CompreFaceErrors.MissingParameter, $"the request has {found.Count} images '{name}'; one is needed");
    }

    public void Dispose()
    {
        _images = [];
        foreach (var owned in _owned)
            owned.Dispose();
        _owned.Clear();
    }

    private IReadOnlyList<BodyPart> OfJson(Memory<byte> body, string[] names, IBufferObserver? observer)
    {
        var rest = new OwnedWriter(observer);
        _owned.Add(rest);
        return JsonImages.Take(body, names, names.Length, rest);
    }

    private static ProblemException Unsupported() =>
        new(Problem.Unsupported, "send multipart/form-data with the image as a file, or application/json with the image in base64");
}
