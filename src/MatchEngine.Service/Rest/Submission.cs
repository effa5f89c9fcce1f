using System.Text.Json;
using MatchEngine.Frs.Probes;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Searches;
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
    private readonly string[] _imageMembers;

    /// <param name="imageMembers">The names of images that are known beside the members of the request.</param>
    private Submission(string[] imageMembers) => _imageMembers = imageMembers;

    /// <summary>The images, in the order in which they came.</summary>
    public IReadOnlyList<BodyPart> Images { get; private set; } = [];

    /// <summary>Everything but the images, as JSON; cleared with the rest.</summary>
    public ReadOnlyMemory<byte> Json { get; private set; } = "{}"u8.ToArray();

    /// <summary>What the ANSI/NIST file that was the whole body asks for; null where it says nothing, or another body came.</summary>
    public SearchTerms? Terms { get; private set; }

    /// <summary>Reads a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="names">The names under which images may come.</param>
    /// <exception cref="ProblemException">Too large, of an unsupported kind, malformed.</exception>
    public static Task<Submission> ReadAsync(HttpContext context, params string[] names) => ReadAsync(context, null, names);

    /// <summary>Reads a search, which may also be an ANSI/NIST file as the whole body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The name under which the image may come.</param>
    /// <exception cref="ProblemException">Too large, of an unsupported kind, malformed.</exception>
    /// <exception cref="Interchange.InterchangeException">The file has no face, several, or terms that cannot be read.</exception>
    public static Task<Submission> ReadSearchAsync(HttpContext context, string name) =>
        ReadAsync(context, InterchangeFiles.Type, name);

    private static async Task<Submission> ReadAsync(HttpContext context, string? file, params string[] names)
    {
        var services = context.RequestServices;
        var limits = services.GetRequiredService<ServiceSettings>().Limits;
        var observer = services.GetService<IBufferObserver>();
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type))
            throw Unsupported();
        var multipart = type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        var raw = type.MediaType.Equals(file, StringComparison.OrdinalIgnoreCase);
        if (!multipart && !raw && !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Unsupported();

        PackedBody.Refuse(context.Request);
        var submission = new Submission(multipart || raw ? [] : names);
        try
        {
            var body = await RequestBody.ReadAsync(context, limits.BodyBytes);
            submission._owned.Add(body);
            if (raw)
                submission.TakeFile(body, names[0]);
            else if (multipart)
                submission.TakeParts(MultipartBody.Parse(body.Memory, MultipartBody.Boundary(type), limits.Parts), names);
            else
                submission.TakeJson(body, names, limits.Parts, observer);
            JsonText.Require(submission.Json.Span);
            var idc = submission.Terms?.FaceIdc ?? IdcOf(submission.Json.Span);
            submission.Images = InterchangeProbe.UnwrapAll(
                context, submission.Images, idc, limits.ImageBytes, observer, submission._owned);
            return submission;
        }
        catch
        {
            submission.Dispose();
            throw;
        }
    }

    /// <summary>Everything but the images.</summary>
    /// <exception cref="ProblemException">It does not fit <typeparamref name="T"/>.</exception>
    public T Read<T>()
    {
        JsonFaults.RequireSingleNames(Json, typeof(T));
        try
        {
            return JsonSerializer.Deserialize<T>(Json.Span, WireJson.Options)
                ?? throw new ProblemException(Problem.BadRequest, "the request is null");
        }
        catch (JsonException e)
        {
            throw JsonFaults.Explain(Json, typeof(T), e, _imageMembers);
        }
    }

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
        var taken = new Submission(_imageMembers) { Images = Images, Json = Json };
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

    private void TakeFile(OwnedBuffer body, string name)
    {
        // Records are views of the buffer; anything but a file of records is refused by its reader.
        Terms = SearchTerms.Read(Transaction.Read(body.Memory));
        Images = [new BodyPart(name, null, null, body.Memory)];
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
                && reader.Read() && WholeNumbers<int>.TryRead(ref reader, out var idc))
                return idc;
        return null;
    }

    private static ProblemException Unsupported() =>
        new(Problem.Unsupported, "send multipart/form-data with the image as a file, or application/json with the image in base64");
}
