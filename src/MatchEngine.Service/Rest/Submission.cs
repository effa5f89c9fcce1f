using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Rest;

/// <summary>
/// A request that carries images: as <c>multipart/form-data</c> (images as files, the rest as JSON in a part <c>request</c>) or as JSON
/// with the images in base64. All of it lies in buffers of ours, which are cleared on <see cref="Dispose"/>.
/// </summary>
internal sealed class Submission : IDisposable
{
    /// <summary>The part of a multipart body that holds the JSON.</summary>
    public const string RequestPart = "request";

    private readonly List<IDisposable> _owned = [];

    private Submission()
    {
    }

    /// <summary>The images, in the order in which they came.</summary>
    public IReadOnlyList<BodyPart> Images { get; private set; } = [];

    /// <summary>Everything but the images, as JSON; cleared with the rest.</summary>
    public ReadOnlyMemory<byte> Json { get; private set; } = "{}"u8.ToArray();

    /// <summary>Reads a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="names">The names under which images may come.</param>
    /// <exception cref="ProblemException">Too large, of an unsupported kind, malformed.</exception>
    public static async Task<Submission> ReadAsync(HttpContext context, params string[] names)
    {
        var services = context.RequestServices;
        var limits = services.GetRequiredService<ServiceSettings>().Limits;
        var observer = services.GetService<IBufferObserver>();
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
            throw Unsupported();
        var multipart = type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        if (!multipart && !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Unsupported();

        RequireUnpacked(context.Request);
        var submission = new Submission();
        try
        {
            var body = await RequestBody.ReadAsync(context, limits.BodyBytes);
            submission._owned.Add(body);
            if (multipart)
                submission.TakeParts(MultipartBody.Parse(body.Memory, MultipartBody.Boundary(type), limits.Parts), names);
            else
                submission.TakeJson(body, names, limits.Parts, observer);
            var idc = IdcOf(submission.Json.Span);
            submission.Images = [.. submission.Images.Select(image => InterchangeProbe.Unwrap(image, idc, observer, submission._owned))];
            foreach (var image in submission.Images)
            {
                if (image.Content.Length > limits.ImageBytes)
                    throw new ProblemException(
                        Problem.TooLarge, $"the image has {image.Content.Length:N0} bytes; {limits.ImageBytes:N0} is the limit");
                if (image.Content.IsEmpty)
                    throw new ProblemException(Problem.BadValue, $"'{image.Name}' is empty");
            }
            return submission;
        }
        catch
        {
            submission.Dispose();
            throw;
        }
    }

    /// <summary>A packed body would have to be unpacked into memory before anybody knows how large it is.</summary>
    private static void RequireUnpacked(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } packed
            && packed.Any(coding => !string.Equals(coding?.Trim(), "identity", StringComparison.OrdinalIgnoreCase)))
            throw new ProblemException(
                Problem.Unsupported,
                "the body has a Content-Encoding; send it as it is, without gzip or another packing: images gain nothing by it");
    }

    /// <summary>Everything but the images.</summary>
    /// <exception cref="JsonException">It does not fit <typeparamref name="T"/>.</exception>
    public T Read<T>() =>
        JsonSerializer.Deserialize<T>(Json.Span, WireJson.Options) ?? throw new ProblemException(Problem.BadRequest, "the request is null");

    /// <summary>The one image of this name; null when there is none.</summary>
    /// <exception cref="ProblemException">There are several.</exception>
    public BodyPart? Image(string name)
    {
        var found = Images.Where(image => image.Name == name).ToList();
        return found.Count <= 1
            ? found.FirstOrDefault()
            : throw new ProblemException(Problem.BadValue, $"'{name}' stands {found.Count} times in the request; one is taken");
    }

    /// <exception cref="ProblemException">There is none, or there are several.</exception>
    public BodyPart RequireImage(string name) => Image(name) ?? throw new ProblemException(
        Problem.BadValue, $"the request has no image '{name}': send it as a file of this name, or as base64 in JSON");

    /// <summary>Gives everything to whoever clears it later, by disposing of what this returns.</summary>
    public IDisposable HandOver()
    {
        var taken = new Submission { Images = Images, Json = Json };
        taken._owned.AddRange(_owned);
        _owned.Clear();
        return taken;
    }

    /// <summary>Overwrites everything that came with the request.</summary>
    public void Dispose()
    {
        Images = [];
        foreach (var owned in _owned)
            owned.Dispose();
        _owned.Clear();
    }

    private void TakeParts(IReadOnlyList<BodyPart> parts, string[] names)
    {
        var request = false;
        foreach (var part in parts)
        {
            if (part.Name == RequestPart && !request)
                (Json, request) = (part.Content, true);
            else if (!names.Contains(part.Name))
                throw new ProblemException(
                    Problem.BadValue,
                    $"the body has a part '{(part.Name.Length <= 40 ? part.Name : part.Name[..40])}', which is not known here, "
                        + $"or '{RequestPart}' twice; known are {RequestPart}, {string.Join(", ", names)}");
        }
        Images = [.. parts.Where(part => part.Name != RequestPart)];
    }

    private void TakeJson(OwnedBuffer body, string[] names, int maxImages, IBufferObserver? observer)
    {
        var rest = new OwnedWriter(observer);
        _owned.Add(rest);
        // A byte order mark, which some editors and libraries write, is no JSON and harms nobody (RFC 8259, section 8.1).
        var text = body.Memory.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body.Memory[3..] : body.Memory;
        Images = JsonImages.Take(text, names, maxImages, rest);
        Json = rest.Written;
    }

    /// <summary>
    /// The number that the request gives for its files; null when there is none. What else is wrong with it is found later.
    /// </summary>
    /// <exception cref="JsonException">The request is not JSON.</exception>
    private static int? IdcOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 32 });
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                && reader.ValueTextEquals(InterchangeProbe.IdcMember)
                && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var idc))
                return idc;
        return null;
    }

    private static ProblemException Unsupported() =>
        new(Problem.Unsupported, "send multipart/form-data with the image as a file, or application/json with the image in base64");

    /// <summary>A writer into a buffer that is cleared.</summary>
    private sealed class OwnedWriter(IBufferObserver? observer) : IBufferWriter<byte>, IDisposable
    {
        private readonly OwnedBuffer _buffer = new(1024, observer);
        private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(64 << 10, pinned: true);

        public ReadOnlyMemory<byte> Written => _buffer.Memory;

        public void Advance(int count) => _buffer.Append(_scratch.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => sizeHint <= _scratch.Length
            ? _scratch
            : throw new ProblemException(Problem.BadValue, "a value in the body is too long");

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Dispose()
        {
            CryptographicOperations.ZeroMemory(_scratch);
            _buffer.Dispose();
        }
    }
}
