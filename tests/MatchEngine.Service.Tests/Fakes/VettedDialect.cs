using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vetting.Rest;
using MatchEngine.Vetting.Targets;
using SearchAnswer = MatchEngine.Vetting.Targets.SearchAnswer;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// A dialect of the running service as the vetting bench meets it through its adapter: what it tells is what REST tells of the same
/// gallery, on the dialect's own scale.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="whole">The highest similarity of the dialect's scale.</param>
public abstract class VettedDialect(TestService service, double whole) : IAsyncLifetime
{
    private const int People = 6;

    private readonly string _gallery = $"vetted-{Guid.NewGuid():N}";
    private ISystemUnderTest _target = null!;
    private RestTarget _rest = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The service.</summary>
    protected TestService Service => service;

    /// <summary>Whether the interface, by its own description, searches with the largest of several faces.</summary>
    protected virtual bool TakesTheLargest => false;

    /// <summary>The credential of an account, as the dialect takes it.</summary>
    /// <param name="account">A client with a key of the account.</param>
    /// <param name="key">The key.</param>
    protected abstract Task<string> CredentialAsync(HttpClient account, string key);

    /// <summary>Opens the adapter.</summary>
    protected abstract Task<ISystemUnderTest> OpenAsync(TargetOptions options);

    public async ValueTask InitializeAsync()
    {
        using var own = service.Admin();
        var (_, key) = service.KeyOf("others", Role.Agent, Role.Supervisor, Role.GalleryOwner, Role.Administrator);
        using var other = service.Client(key);
        var rest = new TargetOptions { Gallery = _gallery, Credentials = new TargetCredentials(service.FirstKey, key) };
        _rest = await RestTarget.OpenAsync(service.Address, rest, Token);
        _target = await OpenAsync(rest with
        {
            Credentials = new TargetCredentials(
                await CredentialAsync(own, service.FirstKey), await CredentialAsync(other, key)),
        });
        for (var person = 0; person < People; person++)
            Assert.True((await _target.EnrolAsync(new EnrolmentQuery($"p{person}", Photo(person)), CallTerms.Usual, Token))
                .Answered(out var enrolled) && enrolled is { New: true } && enrolled.Subject == $"p{person}");
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        await _rest.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_list_is_that_of_REST_on_the_scale_of_the_dialect()
    {
        var probe = Photo(2, 1);
        var (told, own) = (await ListAsync(_target, new SearchQuery(probe)), await ListAsync(_rest, new SearchQuery(probe)));
        Assert.Equal("p2", told.Candidates[0].Subject);
        Assert.Equal(Enumerable.Range(0, People).Select(person => $"p{person}"), told.Candidates.Select(one => one.Subject).Order());
        Assert.Equal(Enumerable.Range(1, People), told.Candidates.Select(one => one.Rank));
        // REST tells four decimals of a cosine.
        foreach (var (one, rest) in told.Candidates.Zip(own.Candidates))
            Assert.Equal(SimilarityScale.Of(rest.Score!.Value) / 100, one.Score!.Value / whole, 0.0003);
        Assert.Equal(("fake", own.Disclaimer, own.Model), (told.Model, told.Disclaimer, told.Model));
        var record = await _rest.ReadRecordAsync(told.SearchId!, CallTerms.Usual, Token);
        Assert.Equal("VETTING; Examination of the service before use; Vetting unit", record.Value?.Purpose);
    }

    [Fact]
    public async Task Length_and_floor_reach_the_service()
    {
        Assert.Equal(3, (await ListAsync(_target, new SearchQuery(Photo(1, 1)) { ListLength = 3 })).Candidates.Count);
        var all = (await ListAsync(_target, new SearchQuery(Photo(1, 1)))).Candidates;
        if (!_target.Abilities.Has(Ability.ScoreFloor))
            return;
        var floor = (all[2].Score!.Value + all[3].Score!.Value) / 2;
        Assert.Equal(3, (await ListAsync(_target, new SearchQuery(Photo(1, 1)) { ScoreFloor = floor })).Candidates.Count);
    }

    [Fact]
    public async Task Who_is_enrolled_is_found_with_any_photo_and_who_is_removed_is_not()
    {
        foreach (var variation in (int[])[0, 2])
            Assert.True((await _target.EnrolAsync(
                new EnrolmentQuery("new-1", Photo(50, variation)), CallTerms.Usual, Token)).Answered(out _));
        Assert.Equal("new-1", (await ListAsync(_target, new SearchQuery(Photo(50, 1)))).Candidates[0].Subject);
        var removed = await _target.RemoveAsync("new-1", CallTerms.Usual, Token);
        Assert.True(removed.Answered(out var answer) && answer.WasThere, removed.Failure?.Detail);
        Assert.DoesNotContain(
            (await ListAsync(_target, new SearchQuery(Photo(50, 1)))).Candidates, one => one.Subject == "new-1");
        Assert.Equal(FailureKind.NotFound, (await _target.RemoveAsync("nobody", CallTerms.Usual, Token)).Failure?.Kind);
    }

    [Fact]
    public async Task A_comparison_is_that_of_REST_and_tells_no_data_of_a_person()
    {
        var query = new ComparisonQuery(Photo(1), Photo(1, 1));
        var compared = await _target.CompareAsync(query, CallTerms.Usual, Token);
        Assert.True(compared.Answered(out var answer), compared.Failure?.Detail);
        var own = (await _rest.CompareAsync(query, CallTerms.Usual, Token)).Value!;
        Assert.Equal(SimilarityScale.Of(own.Score!.Value) / 100, answer.Score!.Value / whole, 0.0003);
        Assert.Equal(own.Disclaimer, answer.Disclaimer);
        Assert.NotEmpty(answer.Members);
    }

    [Fact]
    public async Task What_speaks_against_a_photo_is_told_as_that_for_a_probe_and_for_who_is_enrolled()
    {
        foreach (var (photo, kind) in ((byte[], FailureKind)[])
        [
            (FakeImage.Picture("nobody"), FailureKind.NoFace),
            (FakeImage.Picture("two", new FakeFace(1), new FakeFace(2, Size: 80, X: 200)), FailureKind.SeveralFaces),
            ("no image"u8.ToArray(), FailureKind.UnreadableImage),
        ])
        {
            var input = new PhotoInput(photo);
            var searched = await _target.SearchAsync(new SearchQuery(input), CallTerms.Usual, Token);
            Assert.Equal(kind == FailureKind.SeveralFaces && TakesTheLargest ? null : kind, searched.Failure?.Kind);
            // Who enrols takes one of several where the interface's own description says so.
            if (kind != FailureKind.SeveralFaces)
                Assert.Equal(
                    kind, (await _target.EnrolAsync(new EnrolmentQuery("x", input), CallTerms.Usual, Token)).Failure?.Kind);
        }
        byte[] tail = [.. FakeImage.Picture("big", new FakeFace(1)), .. new byte[2 << 20]];
        var huge = new PhotoInput(tail);
        Assert.Equal(FailureKind.TooLarge, (await _target.SearchAsync(new SearchQuery(huge), CallTerms.Usual, Token)).Failure?.Kind);
    }

    [Fact]
    public async Task Nobody_a_stranger_another_organisation_and_who_says_no_purpose_are_refused_as_that()
    {
        var query = new SearchQuery(Photo(1));
        foreach (var caller in (Caller[])[Caller.Nobody, Caller.Stranger])
            Assert.Equal(FailureKind.Unauthorised, (await _target.SearchAsync(query, As(caller), Token)).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await _target.SearchAsync(query, As(Caller.OtherOrganisation), Token)).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await _target.RemoveAsync("p1", As(Caller.OtherOrganisation), Token)).Failure?.Kind);
        Assert.Equal(
            FailureKind.PurposeMissing,
            (await _target.SearchAsync(query with { Purpose = null }, CallTerms.Usual, Token)).Failure?.Kind);

        static CallTerms As(Caller caller) => new() { Caller = caller };
    }

    private static PhotoInput Photo(int person, int variation = 0) =>
        new(FakeImage.Picture($"{person} {variation}", new FakeFace(person, variation)), "image/x-portable-pixmap");

    private static async Task<SearchAnswer> ListAsync(ISystemUnderTest target, SearchQuery query)
    {
        // CompreFace's own list, where no length is named, is of one.
        var list = await target.SearchAsync(query.ListLength is null ? query with { ListLength = 20 } : query, CallTerms.Usual, Token);
        Assert.True(list.Answered(out var answer), list.Failure?.Detail);
        return answer;
    }
}
