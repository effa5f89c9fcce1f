using System.Text.Json;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Headers;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;
using Microsoft.AspNetCore.Http.Features;

namespace MatchEngine.Service.Rekognition;

/// <summary>A request of the dialect: who asks, the members, and the images, all of it in buffers that are cleared.</summary>
internal sealed class RekognitionCall : IDisposable
{
    private static readonly string[] ImageNames = ["Image.Bytes", "SourceImage.Bytes", "TargetImage.Bytes"];

    private readonly List<IDisposable> _owned = [];
    private readonly IReadOnlyList<BodyPart> _images;
    private readonly ReadOnlyMemory<byte> _json;

    /// <summary>Takes the body of a request that was signed.</summary>
    /// <exception cref="ProblemException">It holds no usable images.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public RekognitionCall(HttpContext context)
    {
        Context = context;
        var services = context.RequestServices;
        var observer = services.GetService<IBufferObserver>();
        var body = context.Features.GetRequiredFeature<SignedBody>().Bytes;
        _owned.Add(body);
        var rest = new OwnedWriter(observer);
        _owned.Add(rest);
        try
        {
            var limit = Math.Min(RekognitionProtocol.MaxImageBytes, services.GetRequiredService<ServiceSettings>().Limits.ImageBytes);
            _images = InterchangeProbe.UnwrapAll(
                context, JsonImages.Take(body.Memory, ImageNames, ImageNames.Length, rest), null, limit, observer, _owned);
            _json = rest.Written;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The request.</summary>
    public HttpContext Context { get; }

    /// <summary>Who asks.</summary>
    public Actor Actor => Context.Actor();

    /// <summary>Ends when nobody waits for the answer.</summary>
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>Why: by the headers of the request, else as the credential says.</summary>
    public SearchPurpose Purpose => Said.Purpose(Context.Request, Context.Features.GetRequiredFeature<SigningCredential>().Purpose);

    /// <summary>A supervisor's approval.</summary>
    public string? Approval => Said.Approval(Context.Request);

    /// <summary>A use case.</summary>
    public T Use<T>() where T : notnull => Context.RequestServices.GetRequiredService<T>();

    /// <summary>Everything but the images.</summary>
    /// <exception cref="JsonException">It does not fit <typeparamref name="T"/>.</exception>
    public T Read<T>() => JsonSerializer.Deserialize<T>(_json.Span, RekognitionProtocol.Json)!;

    /// <summary>The bytes of an image.</summary>
    /// <param name="member">The member that holds it.</param>
    /// <param name="shape">What else stands there.</param>
    /// <exception cref="ProblemException">There are none.</exception>
    public ReadOnlyMemory<byte> Image(string member, ImageShape? shape)
    {
        if (shape?.S3Object is not null)
            throw new ProblemException(
                RekognitionErrors.NoStorage,
                $"{member}.S3Object is not offered: this service has no storage of yours; send {member}.Bytes");
        var found = _images.Where(image => image.Name == $"{member}.Bytes").ToList();
        return found.Count == 1
            ? found[0].Content
            : throw new ProblemException(Problem.BadValue, $"the request has {found.Count} {member}.Bytes; one is needed");
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
        _owned.Clear();
    }
}
