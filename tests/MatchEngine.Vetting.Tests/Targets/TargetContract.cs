using System.Text;
using System.Text.Json;
using MatchEngine.Faces.Images;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;

namespace MatchEngine.Vetting.Tests.Targets;

/// <summary>
/// What every adapter owes: over the same <see cref="FakeService"/> it tells the same as the service asked directly. Where it lacks an
/// ability, a call says so and sends nothing.
/// </summary>
public abstract class TargetContract : IAsyncLifetime
{
    private const int People = 6;

    private ISystemUnderTest _target = null!;

    /// <summary>How a score of the service is told by the adapter: a distance is told negated.</summary>
    protected virtual double Told(double score) => score;

    /// <summary>Whether the identity names the model; where it does not, a list does.</summary>
    protected virtual bool IdentityNamesModel => true;

    /// <summary>Opens the adapter over a service.</summary>
    internal abstract Task<ISystemUnderTest> OpenAsync(FakeService service);

    /// <summary>The service behind the target, to be asked directly.</summary>
    internal FakeService Service { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _target = await OpenAsync(Service);
        for (var person = 0; person < People; person++)
            Service.Enrol(Caller.Examiner, new EnrolmentQuery($"p{person}", FakeFace.Input(person)));
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task It_says_what_it_is()
    {
        var identity = await _target.IdentifyAsync(CallTerms.Usual, Token);
        Assert.True(identity.Answered(out var told), identity.Failure?.Detail);
        Assert.False(string.IsNullOrWhiteSpace(told.Product));
        if (_target.Abilities.Has(Ability.Model))
            Assert.Equal(IdentityNamesModel ? Service.Identify(Caller.Examiner).Model : null, told.Model);
    }

    [Fact]
    public async Task A_list_is_the_services_own_with_ranks_and_scores()
    {
        if (await LacksAsync(Ability.Search, () => _target.SearchAsync(new SearchQuery(FakeFace.Input(2, 1)), CallTerms.Usual, Token)))
            return;
        var list = await _target.SearchAsync(new SearchQuery(FakeFace.Input(2, 1)), CallTerms.Usual, Token);
        Assert.True(list.Answered(out var told), list.Failure?.Detail);
        var own = Service.Search(Caller.Examiner, new SearchQuery(FakeFace.Input(2, 1)));
        Assert.Equal(
            own.Candidates.Select(one => (one.Rank, one.Subject)), told.Candidates.Select(one => (one.Rank, one.Subject)));
        if (_target.Abilities.Has(Ability.CandidateScore))
            Assert.Equal(
                own.Candidates.Select(one => Told(one.Score!.Value)), told.Candidates.Select(one => Math.Round(one.Score!.Value, 4)));
        if (_target.Abilities.Has(Ability.Disclaimer))
            Assert.Equal(own.Disclaimer, told.Disclaimer);
        if (_target.Abilities.Has(Ability.Model))
            Assert.Equal(own.Model, told.Model ?? own.Model);
    }

    [Fact]
    public async Task Length_and_floor_reach_the_service()
    {
        if (_target.Abilities.Has(Ability.ListLength))
            Assert.Equal(3, (await ListAsync(new SearchQuery(FakeFace.Input(1, 1)) { ListLength = 3 })).Candidates.Count);
        if (!_target.Abilities.Has(Ability.ScoreFloor))
            return;
        var all = Service.Search(Caller.Examiner, new SearchQuery(FakeFace.Input(1, 1))).Candidates;
        var floor = all[3].Score!.Value;
        var floored = await ListAsync(new SearchQuery(FakeFace.Input(1, 1)) { ScoreFloor = Told(floor) });
        Assert.Equal(all.Count(one => one.Score >= floor), floored.Candidates.Count);
    }

    [Fact]
    public async Task Strangers_expected_and_candidates_held_back_are_told()
    {
        if (!_target.Abilities.Has(Ability.StrangersExpected))
            return;
        for (var person = 20; person < 40; person++)
            Service.Enrol(Caller.Examiner, new EnrolmentQuery($"p{person}", FakeFace.Input(person)));
        var query = new SearchQuery(FakeFace.Input(1, 1)) { ScoreFloor = Told(0.1) };
        var own = Service.Search(Caller.Examiner, query with { ScoreFloor = 0.1 });
        Assert.Equal(own.StrangersExpected!.Value, (await ListAsync(query)).StrangersExpected!.Value, 6);
        var alone = await ListAsync(query with { ScoreFloor = Told(0.9) });
        Assert.Equal((0, 1), (alone.Candidates.Count, alone.Withheld));
    }

    [Fact]
    public async Task Who_is_enrolled_is_found_and_who_is_removed_is_not()
    {
        var query = new EnrolmentQuery("new-1", FakeFace.Input(50));
        if (await LacksAsync(Ability.Enrol, () => _target.EnrolAsync(query, CallTerms.Usual, Token)))
            return;
        var enrolled = await _target.EnrolAsync(query, CallTerms.Usual, Token);
        Assert.True(enrolled.Answered(out var answer), enrolled.Failure?.Detail);
        Assert.True(answer.New);
        Assert.Equal(answer.Subject, (await ListAsync(new SearchQuery(FakeFace.Input(50, 1)))).Candidates[0].Subject);

        if (await LacksAsync(Ability.Remove, () => _target.RemoveAsync(answer.Subject, CallTerms.Usual, Token)))
            return;
        Assert.True((await _target.RemoveAsync(answer.Subject, CallTerms.Usual, Token)).Answered(out _));
        Assert.DoesNotContain((await ListAsync(new SearchQuery(FakeFace.Input(50, 1)))).Candidates, one => one.Subject == answer.Subject);
        Assert.Equal(FailureKind.NotFound, (await _target.RemoveAsync("nobody", CallTerms.Usual, Token)).Failure?.Kind);
    }

    [Fact]
    public async Task A_comparison_is_the_services_own()
    {
        var query = new ComparisonQuery(FakeFace.Input(1), FakeFace.Input(1, 1));
        if (await LacksAsync(Ability.Compare, () => _target.CompareAsync(query, CallTerms.Usual, Token)))
            return;
        var compared = await _target.CompareAsync(query, CallTerms.Usual, Token);
        Assert.True(compared.Answered(out var answer), compared.Failure?.Detail);
        Assert.Equal(Told(Service.Compare(Caller.Examiner, query).Score!.Value), Math.Round(answer.Score!.Value, 4));
        Assert.NotEmpty(answer.Members);
    }

    [Fact]
    public async Task The_record_of_a_search_names_its_purpose_and_is_the_searchers_own()
    {
        if (await LacksAsync(Ability.SearchRecord, () => _target.ReadRecordAsync("s1", CallTerms.Usual, Token)))
            return;
        var list = await ListAsync(new SearchQuery(FakeFace.Input(1)));
        var record = await _target.ReadRecordAsync(list.SearchId!, CallTerms.Usual, Token);
        Assert.True(record.Answered(out var told), record.Failure?.Detail);
        Assert.Equal("VETTING; Examination of the service before use; Vetting unit", told.Purpose);
        Assert.Equal(DateTimeOffset.UnixEpoch, told.Recorded);
        var others = await _target.ReadRecordAsync(list.SearchId!, new CallTerms { Caller = Caller.OtherOrganisation }, Token);
        Assert.Equal(FailureKind.NotFound, others.Failure?.Kind);
    }

    [Theory]
    [InlineData(Caller.Nobody)]
    [InlineData(Caller.Stranger)]
    public async Task Who_has_no_good_credential_is_unauthorised(Caller caller)
    {
        if (!_target.Abilities.Has(Ability.Credentials))
            return;
        var refused = await _target.SearchAsync(new SearchQuery(FakeFace.Input(1)), new CallTerms { Caller = caller }, Token);
        Assert.Equal(FailureKind.Unauthorised, refused.Failure?.Kind);
    }

    [Fact]
    public async Task What_speaks_against_a_photo_is_told_as_that()
    {
        if (!_target.Abilities.Has(Ability.Search))
            return;
        using var grey = new Image(64, 64);
        grey.Pixels.Fill(128);
        using var wide = new Image(128, 64);
        Assert.Equal(FailureKind.NoFace, await RefusalAsync(ImageEncoder.ToPng(grey)));
        Assert.Equal(FailureKind.SeveralFaces, await RefusalAsync(ImageEncoder.ToPng(wide)));
        Assert.Equal(FailureKind.UnreadableImage, await RefusalAsync(Encoding.UTF8.GetBytes("no image")));
    }

    [Fact]
    public async Task A_search_without_a_purpose_goes_without_one()
    {
        if (!_target.Abilities.Has(Ability.Purpose))
            return;
        var refused = await _target.SearchAsync(new SearchQuery(FakeFace.Input(1)) { Purpose = null }, CallTerms.Usual, Token);
        Assert.Equal(FailureKind.PurposeMissing, refused.Failure?.Kind);
    }

    [Fact]
    public async Task No_exchange_shows_a_secret_or_an_image()
    {
        var photo = FakeFace.Input(1);
        Exchange[] made =
        [
            await _target.IdentifyAsync(CallTerms.Usual, Token),
            await _target.SearchAsync(new SearchQuery(photo), CallTerms.Usual, Token),
            await _target.CompareAsync(new ComparisonQuery(photo, photo), CallTerms.Usual, Token),
        ];
        foreach (var exchange in made)
        {
            var text = JsonSerializer.Serialize<Exchange>(exchange);
            Assert.DoesNotContain(FakeHttpServer.ExaminerKey, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(photo.Bytes.Span)[..40], text, StringComparison.Ordinal);
        }
        if (_target.Abilities.Has(Ability.Search) && _target.Address is not null)
            Assert.True(made[1].Sent is { Size: > 0, Digest.Length: 64 } && made[1].Received is { Status: 200, Digest.Length: 64 });
    }

    [Fact]
    public async Task A_call_that_is_ended_from_here_throws()
    {
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _target.SearchAsync(new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, ended.Token));
    }

    [Fact]
    public async Task Calls_side_by_side_have_each_their_own_answer()
    {
        if (!_target.Abilities.Has(Ability.Search))
            return;
        var lists = await Task.WhenAll(
            Enumerable.Range(0, 4 * People).Select(i => ListAsync(new SearchQuery(FakeFace.Input(i % People, 1)))));
        Assert.Equal(Enumerable.Range(0, 4 * People).Select(i => $"p{i % People}"), lists.Select(list => list.Candidates[0].Subject));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<SearchAnswer> ListAsync(SearchQuery query)
    {
        var list = await _target.SearchAsync(query, CallTerms.Usual, Token);
        Assert.True(list.Answered(out var answer), list.Failure?.Detail);
        return answer;
    }

    private async Task<FailureKind?> RefusalAsync(byte[] photo) =>
        (await _target.SearchAsync(new SearchQuery(new PhotoInput(photo, "image/png")), CallTerms.Usual, Token)).Failure?.Kind;

    private async Task<bool> LacksAsync<T>(Ability ability, Func<Task<Exchange<T>>> call)
        where T : class
    {
        if (_target.Abilities.Has(ability))
            return false;
        var exchange = await call();
        Assert.Equal((FailureKind.NotSupported, "none"), (exchange.Failure?.Kind, exchange.Sent.Verb));
        Assert.Equal(_target.Abilities.WhyNot(ability), exchange.Failure!.Detail);
        return true;
    }
}

public sealed class FakeTargetContractTests : TargetContract
{
    internal override Task<ISystemUnderTest> OpenAsync(FakeService service) => Task.FromResult<ISystemUnderTest>(new FakeTarget(service));
}
