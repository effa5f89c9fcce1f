using System.Security.Cryptography;
using MatchEngine.Client;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Rest;

/// <summary>
/// A MatchEngine service over its REST interface, through the typed client and without its repetitions: <c>matchengine:URL</c>. One gallery
/// is examined; it is made where there is none of its name.
/// </summary>
public sealed class RestTarget : ISystemUnderTest
{
    private readonly TargetHttp _http;
    private readonly ServiceClient _client;
    private readonly TargetOptions _options;

    private RestTarget(TargetHttp http, TargetOptions options)
    {
        (_http, _options, _client) = (http, options, new ServiceClient(http.Client));
        Abilities = TargetAbilities.AllBut(Missing(options.Credentials), ScoreScale.Cosine);
    }

    /// <inheritdoc/>
    public string Name => $"matchengine:{_http.Address}";

    /// <inheritdoc/>
    public Uri? Address => _http.Address;

    /// <inheritdoc/>
    public TargetAbilities Abilities { get; }

    /// <summary>Opens the service and finds the gallery, or makes it.</summary>
    /// <param name="service">Its address.</param>
    /// <param name="options">Which gallery, and how the service is reached.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TargetUnusableException">The service or the gallery cannot be used.</exception>
    /// <exception cref="ArgumentException">The address is not one of HTTP.</exception>
    public static async Task<RestTarget> OpenAsync(Uri service, TargetOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Credentials.Of(Caller.Examiner) is null)
            throw new TargetUnusableException("a MatchEngine service is asked with the key of an account: name the file that holds it");
        var target = new RestTarget(new TargetHttp(service, options), options);
        return await GalleryUnderTest.FindOrMakeAsync(
            target, $"the gallery '{options.Gallery}'", target.CreateAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken) => CallAsync(
        terms, async token => Identity(await _client.GetGalleryAsync(_options.Gallery, token).ConfigureAwait(false)), cancellationToken);

    /// <inheritdoc/>
    public Task<Exchange<EnrolmentAnswer>> EnrolAsync(EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Face is not PhotoInput photo
            ? NotSupported<EnrolmentAnswer>(Ability.EnrolTemplate)
            : WithImageAsync(photo, image => CallAsync(terms, token => EnrolAsync(query.Subject, image, token), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) => CallAsync(
        terms,
        async token =>
        {
            await _client.RemoveSubjectAsync(_options.Gallery, subject, token).ConfigureAwait(false);
            return new RemovalAnswer(WasThere: true);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Probe is not PhotoInput photo
            ? NotSupported<SearchAnswer>(Ability.SearchTemplate)
            : WithImageAsync(photo, image => CallAsync(
                terms,
                async token => Answer(await _client.SearchAsync(
                    new SearchRequest
                    {
                        Image = image,
                        Galleries = [_options.Gallery],
                        ListLength = query.ListLength,
                        ScoreFloor = (float?)query.ScoreFloor,
                        Purpose = Purpose(query.Purpose),
                    },
                    token).ConfigureAwait(false)),
                cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return WithImageAsync(query.First, first => WithImageAsync(query.Second, second => CallAsync(
            terms,
            async token => Answer(await _client.CompareAsync(
                new ComparisonRequest { First = first, Second = second, Purpose = Purpose(query.Purpose) }, token).ConfigureAwait(false)),
            cancellationToken)));
    }

    /// <inheritdoc/>
    public Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(string searchId, CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync(terms, async token => Answer(await _client.GetSearchAsync(searchId, token).ConfigureAwait(false)), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Dictionary<Ability, string> Missing(TargetCredentials credentials)
    {
        const string photos = "its REST interface takes photos, no templates";
        var missing = new Dictionary<Ability, string> { [Ability.EnrolTemplate] = photos, [Ability.SearchTemplate] = photos };
        if (credentials.Of(Caller.OtherOrganisation) is null)
            missing[Ability.OtherOrganisation] = "no key of an account of another organisation was given";
        return missing;
    }

    private Task<Exchange<TargetIdentity>> CreateAsync(CancellationToken cancellationToken) => CallAsync(
        CallTerms.Usual,
        async token => Identity(
            await _client.CreateGalleryAsync(new GalleryRequest { Name = _options.Gallery }, token).ConfigureAwait(false)),
        cancellationToken);

    private async Task<EnrolmentAnswer> EnrolAsync(string subject, byte[] image, CancellationToken cancellationToken)
    {
        var answer = await _client.EnrolAsync(
            _options.Gallery, subject, new EncounterRequest { Image = [image] }, cancellationToken).ConfigureAwait(false);
        if (answer.Enrolled + answer.Duplicates == 0)
        {
            var refused = answer.Photos is [{ } one, ..] ? one : null;
            throw new TargetAnswerException(RestFailures.Of(refused?.Code, refused?.Detail, status: 422, retryAfter: null));
        }
        return new EnrolmentAnswer(subject, answer.Enrolled > 0);
    }

    // The client writes the image into its body; what was copied for it is cleared when the call is over.
    private static async Task<T> WithImageAsync<T>(PhotoInput photo, Func<byte[], Task<T>> call)
    {
        var image = photo.Bytes.ToArray();
        try
        {
            return await call(image).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(image);
        }
    }

    private Task<Exchange<T>> CallAsync<T>(CallTerms terms, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : class => _http.CallAsync(terms, ask, RestFailures.Of, cancellationToken);

    private Task<Exchange<T>> NotSupported<T>(Ability ability)
        where T : class => Task.FromResult(Exchange.NotSupported<T>(ability, Abilities, _options.Time));

    private static PurposeWire? Purpose(SearchPurpose? purpose) => purpose is null
        ? null
        : new PurposeWire { CaseNumber = purpose.CaseNumber, Basis = purpose.Basis, Requester = purpose.Requester };

    private static TargetIdentity Identity(GalleryResponse gallery) => new(
        "MatchEngine", null, ToldText.Of(gallery.Model ?? throw Lacks("the gallery's model")), new Dictionary<string, string>
        {
            ["gallery"] = ToldText.Of(gallery.Name ?? throw Lacks("the gallery's name"))!,
            ["owner"] = ToldText.Of(gallery.Owner ?? throw Lacks("the gallery's owner"))!,
            ["profile"] = ToldText.Of(gallery.Profile ?? throw Lacks("the gallery's profile"))!,
            ["approved"] = gallery.Approved ? "yes" : "no",
        });

    // What the interface promises is not taken for granted: another service may stand there.
    private static SearchAnswer Answer(SearchResponse list) => new([.. (list.Candidates ?? throw Lacks("candidates")).Select(Candidate)])
    {
        SearchId = list.SearchId,
        Disclaimer = list.Disclaimer?.Text,
        Model = ToldText.Of(list.Model),
        StrangersExpected = Strangers(list.StrangersExpected),
        StrangersUnsaid = ToldText.Of(list.StrangersExpected?.Reason, 100),
        Withheld = list.Withheld,
        Notices = [.. (list.Notices ?? []).OfType<string>().Take(20).Select(notice => ToldText.Of(notice)!)],
    };

    private static CandidateAnswer Candidate(CandidateResponse candidate) => new(
        (candidate ?? throw Lacks("a candidate")).Rank, candidate.SubjectId ?? throw Lacks("a candidate's subjectId"),
        Score(candidate.Score, candidate.ScorePercent))
    {
        Biographics = [.. (candidate.Biographics?.Keys ?? []).Take(50).Select(name => ToldText.Of(name)!)],
        StrangersExpected = Strangers(candidate.StrangersExpected),
    };

    private static ComparisonAnswer Answer(ComparisonResponse comparison) => new(Score(comparison.Score, comparison.ScorePercent))
    {
        Disclaimer = comparison.Disclaimer?.Text,
        Model = ToldText.Of(comparison.Model),
        Members = MemberNames.Of(Recording.Current!.Body.Span),
    };

    private static SearchRecordAnswer Answer(SearchRecord record) => new(
        record.SearchId ?? throw Lacks("the search's id"),
        record.Audit?.AdditionalProperties.TryGetValue("purpose", out var purpose) == true
                && purpose is System.Text.Json.JsonElement { ValueKind: System.Text.Json.JsonValueKind.Object } told
            ? ToldText.Of(string.Join("; ", told.EnumerateObject()
                .Where(one => one.Value.ValueKind == System.Text.Json.JsonValueKind.String).Select(one => one.Value.GetString())))
            : null,
        record.Searched);

    // Some profiles tell 0 … 100 in place of the cosine; the floor is a cosine all the same.
    private static double? Score(double? cosine, double? percent) => (cosine ?? percent / 50 - 1) is { } score
        ? double.IsFinite(score) ? score : throw TargetAnswerException.Broken("a score is no number")
        : null;

    private static ExpectedStrangers? Strangers(StrangersWire? told) =>
        told?.Value is { } value ? new ExpectedStrangers(value, told.Low, told.High) : null;

    private static TargetAnswerException Lacks(string what) => TargetAnswerException.Broken($"{what} is missing");
}
