using System.Globalization;
using System.Text;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.MappedHttp;

/// <summary>Any service that answers with JSON, described by a mapping file: <c>http:MAPPING</c>.</summary>
public sealed class MappedTarget : ISystemUnderTest
{
    internal const int MaxCandidates = 10_000;

    private const int MaxSearched = 64 << 10;

    private readonly ServiceMapping _mapping;
    private readonly TargetHttp _http;
    private readonly TargetOptions _options;

    private MappedTarget(ServiceMapping mapping, string name, TargetOptions options)
    {
        (_mapping, _options, Name) = (mapping, options, name);
        _http = new TargetHttp(new Uri(mapping.Address), options, Credential);
        Abilities = TargetAbilities.AllBut(Missing(mapping, options.Credentials), Scale(mapping.Scores));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Uri? Address => _http.Address;

    /// <inheritdoc/>
    public TargetAbilities Abilities { get; }

    private bool IsDistance => _mapping.Scores.Better == "smaller";

    /// <summary>Opens a target; nothing is sent yet.</summary>
    /// <param name="file">The mapping file.</param>
    /// <param name="options">How the service is reached.</param>
    /// <exception cref="TargetUnusableException">The mapping cannot be read, or says something that is not understood.</exception>
    public static MappedTarget Open(string file, TargetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new MappedTarget(MappingReader.ReadFile(file), $"http:{Path.GetFileName(file)}", options);
    }

    /// <summary>Opens a target of a mapping that is no file.</summary>
    internal static MappedTarget Open(ServiceMapping mapping, string name, TargetOptions options) => new(mapping, name, options);

    /// <inheritdoc/>
    public Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken)
    {
        var identity = _mapping.Identity;
        if (identity.Request is not { } request)
            return Task.FromResult(new Exchange<TargetIdentity>(
                SentMessage.Nothing, null, RunningCall.Start(_options.Time, terms).End(), Identity(identity, null)));
        return AskAsync(terms, request, new MappedRequest(), answer => Identity(identity, answer), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Exchange<EnrolmentAnswer>> EnrolAsync(EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return (_mapping.Enrol, query.Face) switch
        {
            (null, _) => NotSupported<EnrolmentAnswer>(Ability.Enrol),
            ({ } enrol, PhotoInput photo) => AskAsync(
                terms, enrol, new MappedRequest().Say(Placeholder.Subject, query.Subject).Say(Placeholder.Image, photo),
                answer => new EnrolmentAnswer(
                    enrol.Subject is null
                        ? query.Subject
                        : answer.Text(enrol.Subject)
                            ?? throw TargetAnswerException.Broken($"enrol.subject ({enrol.Subject}): nothing is there"),
                    New: true),
                cancellationToken),
            _ => NotSupported<EnrolmentAnswer>(Ability.EnrolTemplate),
        };
    }

    /// <inheritdoc/>
    public Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) =>
        _mapping.Remove is { } remove
            ? AskAsync(
                terms, remove, new MappedRequest().Say(Placeholder.Subject, subject), _ => new RemovalAnswer(WasThere: true),
                cancellationToken)
            : NotSupported<RemovalAnswer>(Ability.Remove);

    /// <inheritdoc/>
    public Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return (_mapping.Search, query.Probe) switch
        {
            (null, _) => NotSupported<SearchAnswer>(Ability.Search),
            ({ } search, PhotoInput photo) => AskAsync(
                terms, search,
                new MappedRequest().Say(Placeholder.Image, photo)
                    .Say(Placeholder.ListLength, query.ListLength?.ToString(CultureInfo.InvariantCulture))
                    .Say(Placeholder.ScoreFloor, Turned(query.ScoreFloor)?.ToString("R", CultureInfo.InvariantCulture))
                    .Say(query.Purpose),
                answer => Answer(search, answer), cancellationToken),
            _ => NotSupported<SearchAnswer>(Ability.SearchTemplate),
        };
    }

    /// <inheritdoc/>
    public Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _mapping.Compare is { } compare
            ? AskAsync(
                terms, compare,
                new MappedRequest().Say(Placeholder.First, query.First).Say(Placeholder.Second, query.Second).Say(query.Purpose),
                answer => new ComparisonAnswer(Turned(answer.Number(compare.Score, "compare.score")))
                {
                    Disclaimer = answer.Text(compare.Disclaimer),
                    Model = ToldText.Of(answer.Text(compare.Model)),
                    Members = MemberNames.Of(Recording.Current!.Body.Span),
                },
                cancellationToken)
            : NotSupported<ComparisonAnswer>(Ability.Compare);
    }

    /// <inheritdoc/>
    public Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(string searchId, CallTerms terms, CancellationToken cancellationToken) =>
        _mapping.Record is { } record
            ? AskAsync(
                terms, record, new MappedRequest().Say(Placeholder.SearchId, searchId),
                answer => new SearchRecordAnswer(
                    searchId, ToldText.Of(answer.Text(record.Purpose)),
                    DateTimeOffset.TryParse(
                        answer.Text(record.Recorded), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var recorded)
                        ? recorded
                        : null),
                cancellationToken)
            : NotSupported<SearchRecordAnswer>(Ability.SearchRecord);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ScoreScale Scale(ScoreMapping scores) => scores.Better == "smaller"
        ? new ScoreScale(-scores.High, -scores.Low, IsNegatedDistance: true)
        : new ScoreScale(scores.Low, scores.High, IsNegatedDistance: false);

    private static Dictionary<Ability, string> Missing(ServiceMapping mapping, TargetCredentials credentials)
    {
        var search = mapping.Search;
        IEnumerable<(Ability Ability, bool Has, string Reason)> all =
        [
            (Ability.Enrol, mapping.Enrol is not null, "the mapping has no 'enrol'"),
            (Ability.EnrolTemplate, false, "a mapping describes photos, no templates"),
            (Ability.Remove, mapping.Remove is not null, "the mapping has no 'remove'"),
            (Ability.Search, search is not null, "the mapping has no 'search'"),
            (Ability.SearchTemplate, false, "a mapping describes photos, no templates"),
            (Ability.Compare, mapping.Compare is not null, "the mapping has no 'compare'"),
            (Ability.ComparisonScore, mapping.Compare?.Score is not null, "the mapping has no 'compare.score'"),
            (Ability.CandidateScore, search?.Score is not null, "the mapping has no 'search.score'"),
            (Ability.ListLength, MappingReader.Uses(search, Placeholder.ListLength), "'search' has no place for {listLength}"),
            (Ability.ScoreFloor, MappingReader.Uses(search, Placeholder.ScoreFloor), "'search' has no place for {scoreFloor}"),
            (Ability.Purpose,
                MappingReader.Uses(search, Placeholder.CaseNumber) || MappingReader.Uses(search, Placeholder.Basis)
                    || MappingReader.Uses(search, Placeholder.Requester),
                "'search' has no place for {caseNumber}, {basis} or {requester}"),
            (Ability.Disclaimer, search?.Disclaimer is not null, "the mapping has no 'search.disclaimer'"),
            (Ability.Model, search?.Model is not null || MappedAnswer.IsPath(mapping.Identity.Model),
                "neither 'search.model' nor 'identity.model' is a path: the service does not tell its model"),
            (Ability.StrangersExpected, search?.StrangersExpected is not null, "the mapping has no 'search.strangersExpected'"),
            (Ability.SearchRecord, mapping.Record is not null && search?.SearchId is not null,
                "the mapping has no 'record', or no 'search.searchId'"),
            (Ability.Credentials,
                credentials.Of(Caller.Examiner) is not null && mapping.Headers.Values.Any(text => text.Contains("{credential}")),
                "no header of the mapping holds {credential}, or no key was given"),
            (Ability.OtherOrganisation, credentials.Of(Caller.OtherOrganisation) is not null,
                "no key of an account of another organisation was given"),
        ];
        return all.Where(one => !one.Has).ToDictionary(one => one.Ability, one => one.Reason);
    }

    private static TargetIdentity Identity(IdentityMapping identity, MappedAnswer? answer)
    {
        return new TargetIdentity(
            Told(identity.Product), Told(identity.Version), Told(identity.Model),
            identity.Settings.Select(setting => (setting.Key, Value: Told(setting.Value))).Where(setting => setting.Value is not null)
                .ToDictionary(setting => setting.Key, setting => setting.Value!));

        string? Told(string? text) => ToldText.Of(MappedAnswer.IsPath(text) ? answer?.Text(text) : text);
    }

    private SearchAnswer Answer(SearchMapping search, MappedAnswer answer)
    {
        var candidates = answer.Parts(search.Candidates).Take(MaxCandidates + 1).ToList();
        if (candidates.Count > MaxCandidates)
            throw TargetAnswerException.Broken($"search.candidates ({search.Candidates}): more than {MaxCandidates} candidates");
        return new SearchAnswer([.. candidates.Select((candidate, place) => Candidate(search, candidate, place + 1))])
        {
            SearchId = answer.Text(search.SearchId),
            Disclaimer = answer.Text(search.Disclaimer),
            Model = ToldText.Of(answer.Text(search.Model)),
            StrangersExpected = answer.Number(search.StrangersExpected, "search.strangersExpected") is { } strangers
                ? new ExpectedStrangers(strangers, null, null)
                : null,
            Withheld = (int)Math.Clamp(answer.Number(search.Withheld, "search.withheld") ?? 0, 0, int.MaxValue),
        };
    }

    private CandidateAnswer Candidate(SearchMapping search, MappedAnswer candidate, int place) => new(
        (int)Math.Clamp(candidate.Number(search.Rank, "search.rank") ?? place, int.MinValue, int.MaxValue),
        candidate.Text(search.Subject)
            ?? throw TargetAnswerException.Broken($"search.subject ({search.Subject}): candidate {place} has none"),
        Turned(candidate.Number(search.Score, "search.score")))
    {
        Biographics = candidate.Names(search.Biographics),
    };

    // Zero stays zero: a distance of none is a score of none, without a sign.
    private double? Turned(double? score) => IsDistance && score is not 0 ? -score : score;

    private Task<Exchange<T>> AskAsync<T>(
        CallTerms terms, RequestMapping mapping, MappedRequest said, Func<MappedAnswer, T> read, CancellationToken cancellationToken)
        where T : class
    {
        return _http.CallAsync(terms, CallAsync, null, cancellationToken);

        async Task<T> CallAsync(CancellationToken token)
        {
            using var request = said.Say(Placeholder.Gallery, _options.Gallery).Fill(mapping);
            foreach (var (name, text) in _mapping.Headers)
                if (!text.Contains("{credential}", StringComparison.Ordinal))
                    request.Headers.TryAddWithoutValidation(name, text);
            using var response = await _http.Client.SendAsync(request, token).ConfigureAwait(false);
            var body = Recording.Current!.Body;
            if (!response.IsSuccessStatusCode)
                throw new TargetAnswerException(Failure((int)response.StatusCode, body, response.Headers.RetryAfter?.Delta));
            return read(MappedAnswer.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, response.Headers));
        }
    }

    private void Credential(HttpRequestMessage request, string secret)
    {
        foreach (var (name, text) in _mapping.Headers)
            if (text.Contains("{credential}", StringComparison.Ordinal))
                request.Headers.TryAddWithoutValidation(name, text.Replace("{credential}", secret, StringComparison.Ordinal));
    }

    private TargetFailure Failure(int status, ReadOnlyMemory<byte> body, TimeSpan? retryAfter)
    {
        var text = Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MaxSearched)]);
        var known = _mapping.Failures.FirstOrDefault(one => (one.Status is null || one.Status == status)
            && (one.Contains is null || text.Contains(one.Contains, StringComparison.OrdinalIgnoreCase)));
        return new TargetFailure(
            known?.Kind ?? StatusFailures.Of(status), status.ToString(CultureInfo.InvariantCulture), ToldText.Of(text, 200))
        {
            RetryAfter = retryAfter,
        };
    }

    private Task<Exchange<T>> NotSupported<T>(Ability ability)
        where T : class => Task.FromResult(Exchange.NotSupported<T>(ability, Abilities, _options.Time));
}
