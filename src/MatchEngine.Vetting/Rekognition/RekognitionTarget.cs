using System.Buffers;
using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Rekognition;

/// <summary>
/// A service that speaks the interface of Amazon Rekognition's face collections (JSON 1.1, signature version 4): <c>rekognition:URL</c>.
/// One collection is examined; it is made where there is none of its name. What the interface has no word for goes in headers, which a
/// MatchEngine service reads and others leave alone.
/// </summary>
public sealed partial class RekognitionTarget : ISystemUnderTest
{
    private const string Service = "rekognition", ContentType = "application/x-amz-json-1.1", DefaultRegion = "us-east-1";
    private const int FacesAPage = 4096, MaxPages = 10_000;

    private static readonly HttpRequestOptionsKey<ReadOnlyMemory<byte>> SentBody = new("body to be signed");

    private readonly TargetHttp _http;
    private readonly TargetOptions _options;
    private readonly string _region;

    private RekognitionTarget(Uri service, TargetOptions options)
    {
        _options = options;
        _region = RegionOfHost().Match(service.Host) is { Success: true } found ? found.Groups["region"].Value : DefaultRegion;
        _http = new TargetHttp(service, options, Sign);
        Abilities = TargetAbilities.AllBut(Missing(options.Credentials), new ScoreScale(0, 100, IsNegatedDistance: false));
    }

    /// <inheritdoc/>
    public string Name => $"rekognition:{_http.Address}";

    /// <inheritdoc/>
    public Uri? Address => _http.Address;

    /// <inheritdoc/>
    public TargetAbilities Abilities { get; }

    /// <summary>Opens the service and finds the collection, or makes it.</summary>
    /// <param name="service">Its address.</param>
    /// <param name="options">Which collection, and how the service is reached. The credential is the access key id and the secret, with a
    /// blank between.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TargetUnusableException">The service or the collection cannot be used.</exception>
    /// <exception cref="ArgumentException">The address is not one of HTTP.</exception>
    public static async Task<RekognitionTarget> OpenAsync(Uri service, TargetOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Credentials.Of(Caller.Examiner)?.Split(' ') is not [{ Length: > 0 }, { Length: > 0 }])
            throw new TargetUnusableException(
                "requests of Rekognition's interface are signed: name the file that holds an access key id and its secret, "
                    + "in one line with a blank between");
        var target = new RekognitionTarget(service, options);
        return await GalleryUnderTest.FindOrMakeAsync(
            target, $"the collection '{options.Gallery}'", target.CreateAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken) => AskAsync(
        terms, "DescribeCollection", null, WriteCollection, Identity, cancellationToken);

    /// <inheritdoc/>
    public Task<Exchange<EnrolmentAnswer>> EnrolAsync(EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Face is not PhotoInput photo
            ? NotSupported<EnrolmentAnswer>(Ability.EnrolTemplate)
            : AskAsync(
                terms, "IndexFaces", null,
                json =>
                {
                    WriteCollection(json);
                    WriteImage(json, "Image", photo);
                    json.WriteString("ExternalImageId", query.Subject);
                    json.WriteNumber("MaxFaces", 1);
                },
                (answer, _) => Parts(answer, "FaceRecords").Any()
                    ? new EnrolmentAnswer(query.Subject, New: true)
                    : throw new TargetAnswerException(Unindexed(answer)),
                cancellationToken, photo);
    }

    /// <inheritdoc/>
    public Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) =>
        _http.CallAsync(
            terms,
            async token =>
            {
                var faces = await FacesOfAsync(subject, token).ConfigureAwait(false);
                if (faces.Count == 0)
                    throw new TargetAnswerException(
                        new TargetFailure(FailureKind.NotFound, null, "the collection lists no face with this external image id"));
                var (answer, _) = await SendAsync(
                    "DeleteFaces", null,
                    json =>
                    {
                        WriteCollection(json);
                        json.WriteStartArray("FaceIds");
                        foreach (var face in faces)
                            json.WriteStringValue(face);
                        json.WriteEndArray();
                    },
                    [], token).ConfigureAwait(false);
                return new RemovalAnswer(Parts(answer, "DeletedFaces").Any());
            },
            null, cancellationToken);

    /// <inheritdoc/>
    public Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Probe is not PhotoInput photo
            ? NotSupported<SearchAnswer>(Ability.SearchTemplate)
            : AskAsync(
                terms, "SearchFacesByImage", query.Purpose,
                json =>
                {
                    WriteCollection(json);
                    WriteImage(json, "Image", photo);
                    if (query.ListLength is { } length)
                        json.WriteNumber("MaxFaces", length);
                    // Its own floor is 80 where none is named.
                    json.WriteNumber("FaceMatchThreshold", query.ScoreFloor ?? 0);
                },
                Answer, cancellationToken, photo);
    }

    /// <inheritdoc/>
    public Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return AskAsync(
            terms, "CompareFaces", query.Purpose,
            json =>
            {
                WriteImage(json, "SourceImage", query.First);
                WriteImage(json, "TargetImage", query.Second);
                json.WriteNumber("SimilarityThreshold", 0);
            },
            (answer, headers) => new ComparisonAnswer(
                Parts(answer, "FaceMatches").Select(match => Number(match, "Similarity")).FirstOrDefault())
            {
                Disclaimer = Header(headers, "disclaimer"),
                Model = ToldText.Of(Header(headers, "model")),
                Members = MemberNames.Of(Recording.Current!.Body.Span),
            },
            cancellationToken, query.First, query.Second);
    }

    /// <inheritdoc/>
    public Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(string searchId, CallTerms terms, CancellationToken cancellationToken) =>
        NotSupported<SearchRecordAnswer>(Ability.SearchRecord);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Dictionary<Ability, string> Missing(TargetCredentials credentials)
    {
        const string photos = "the interface takes photos, no templates";
        var missing = new Dictionary<Ability, string>
        {
            [Ability.EnrolTemplate] = photos,
            [Ability.SearchTemplate] = photos,
            [Ability.StrangersExpected] = "the interface has no place for expected strangers",
            [Ability.SearchRecord] = "the interface has no call that reads what was recorded of a search",
        };
        if (credentials.Of(Caller.OtherOrganisation) is null)
            missing[Ability.OtherOrganisation] = "no credential of an account of another organisation was given";
        return missing;
    }

    private Task<Exchange<TargetIdentity>> CreateAsync(CancellationToken cancellationToken) => AskAsync(
        CallTerms.Usual, "CreateCollection", null, WriteCollection, Identity, cancellationToken);

    private TargetIdentity Identity(JsonElement collection, HttpResponseHeaders headers)
    {
        var settings = new Dictionary<string, string> { ["collection"] = _options.Gallery };
        if (Number(collection, "FaceCount") is { } faces)
            settings["faces"] = faces.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        return new TargetIdentity(
            "a service with Rekognition's interface", null, ToldText.Of(Text(collection, "FaceModelVersion")), settings);
    }

    private static SearchAnswer Answer(JsonElement answer, HttpResponseHeaders headers) => new(
        [.. Parts(answer, "FaceMatches").Select((match, place) => Candidate(match, place + 1))])
    {
        SearchId = ToldText.Of(Header(headers, "search-id")),
        Disclaimer = Header(headers, "disclaimer"),
        Model = ToldText.Of(Text(answer, "FaceModelVersion")),
        Withheld = int.TryParse(Header(headers, "withheld"), out var withheld) ? Math.Max(withheld, 0) : 0,
        Notices = Header(headers, "notices") is { } notices ? [.. notices.Split(", ").Take(20).Select(notice => ToldText.Of(notice)!)] : [],
    };

    private static CandidateAnswer Candidate(JsonElement match, int place)
    {
        var face = match.TryGetProperty("Face", out var told) && told.ValueKind == JsonValueKind.Object
            ? told
            : throw TargetAnswerException.Broken($"FaceMatches[{place - 1}] has no Face");
        return new CandidateAnswer(
            place,
            Text(face, "ExternalImageId") ?? Text(face, "UserId") ?? Text(face, "FaceId")
                ?? throw TargetAnswerException.Broken($"FaceMatches[{place - 1}].Face has no id"),
            Number(match, "Similarity"));
    }

    private static TargetFailure Unindexed(JsonElement answer)
    {
        var reasons = Parts(answer, "UnindexedFaces").SelectMany(face => Parts(face, "Reasons"))
            .Select(reason => reason.ToString()).ToList();
        return reasons.Count == 0
            ? new TargetFailure(FailureKind.NoFace, null, "no face was indexed, and no reason is told")
            : new TargetFailure(FailureKind.PoorQuality, ToldText.Of(reasons[0], 100), ToldText.Of(string.Join(", ", reasons)));
    }

    private async Task<List<string>> FacesOfAsync(string subject, CancellationToken cancellationToken)
    {
        var faces = new List<string>();
        string? next = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var (answer, _) = await SendAsync(
                "ListFaces", null,
                json =>
                {
                    WriteCollection(json);
                    json.WriteNumber("MaxResults", FacesAPage);
                    if (next is not null)
                        json.WriteString("NextToken", next);
                },
                [], cancellationToken).ConfigureAwait(false);
            faces.AddRange(Parts(answer, "Faces").Where(face => Text(face, "ExternalImageId") == subject)
                .Select(face => Text(face, "FaceId")).OfType<string>());
            if ((next = Text(answer, "NextToken")) is not { Length: > 0 })
                return faces;
        }
        throw TargetAnswerException.Broken("ListFaces does not come to an end");
    }

    private Task<Exchange<T>> AskAsync<T>(
        CallTerms terms, string operation, SearchPurpose? purpose, Action<Utf8JsonWriter> write,
        Func<JsonElement, HttpResponseHeaders, T> read, CancellationToken cancellationToken, params PhotoInput[] photos)
        where T : class => _http.CallAsync(
            terms,
            async token =>
            {
                var (answer, headers) = await SendAsync(operation, purpose, write, photos, token).ConfigureAwait(false);
                return read(answer, headers);
            },
            null, cancellationToken);

    private async Task<(JsonElement Answer, HttpResponseHeaders Headers)> SendAsync(
        string operation, SearchPurpose? purpose, Action<Utf8JsonWriter> write, PhotoInput[] photos, CancellationToken cancellationToken)
    {
        // Of a size that it does not outgrow: what it would leave behind could not be cleared.
        var body = new ArrayBufferWriter<byte>(
            photos.Sum(photo => Base64.GetMaxEncodedToUtf8Length(photo.Bytes.Length) + 1024) + (1 << 20));
        try
        {
            using (var json = new Utf8JsonWriter(body))
            {
                json.WriteStartObject();
                write(json);
                json.WriteEndObject();
            }
            using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            request.Headers.TryAddWithoutValidation("X-Amz-Target", $"RekognitionService.{operation}");
            foreach (var (name, value) in (IEnumerable<(string, string?)>)[
                ("case", purpose?.CaseNumber), ("basis", purpose?.Basis), ("requester", purpose?.Requester)])
                if (value is not null)
                    request.Headers.TryAddWithoutValidation($"x-matchengine-{name}", Uri.EscapeDataString(value).Replace("%20", " "));
            request.Options.Set(SentBody, body.WrittenMemory);
            using var response = await _http.Client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var told = Recording.Current!.Body;
            if (!response.IsSuccessStatusCode)
                throw new TargetAnswerException(RekognitionFailures.Of((int)response.StatusCode, response.Headers, told.Span));
            return (JsonSerializer.Deserialize<JsonElement>(told.Span), response.Headers);
        }
        finally
        {
            body.Clear();
        }
    }

    private void Sign(HttpRequestMessage request, string secret)
    {
        // A wrong credential is one word: as id and as secret it fits nothing.
        var parts = secret.Split(' ');
        request.Options.TryGetValue(SentBody, out var body);
        RequestSignature.Put(request, body.Span, (parts[0], parts[^1]), _region, Service, _options.Time.GetUtcNow());
    }

    private Task<Exchange<T>> NotSupported<T>(Ability ability)
        where T : class => Task.FromResult(Exchange.NotSupported<T>(ability, Abilities, _options.Time));

    private void WriteCollection(Utf8JsonWriter json) => json.WriteString("CollectionId", _options.Gallery);

    private static void WriteImage(Utf8JsonWriter json, string member, PhotoInput photo)
    {
        json.WriteStartObject(member);
        json.WriteBase64String("Bytes", photo.Bytes.Span);
        json.WriteEndObject();
    }

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues($"x-matchengine-{name}", out var values) ? Uri.UnescapeDataString(values.ToString()) : null;

    private static JsonElement.ArrayEnumerator Parts(JsonElement answer, string member) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(member, out var parts) && parts.ValueKind == JsonValueKind.Array
            ? parts.EnumerateArray()
            : default;

    private static string? Text(JsonElement answer, string member) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private static double? Number(JsonElement answer, string member) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(member, out var number)
            && number.ValueKind == JsonValueKind.Number
            ? double.IsFinite(number.GetDouble()) ? number.GetDouble() : throw TargetAnswerException.Broken($"{member} is no finite number")
            : null;

    [GeneratedRegex(
        @"^rekognition(-fips)?\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex RegionOfHost();
}
