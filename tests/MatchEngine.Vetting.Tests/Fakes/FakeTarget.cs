using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>A <see cref="FakeService"/> behind the port without a network.</summary>
/// <param name="service">The service; null for a well-behaved one.</param>
/// <param name="time">The run's clock; null for the system's.</param>
internal sealed class FakeTarget(FakeService? service = null, TimeProvider? time = null) : ISystemUnderTest
{
    private readonly FakeService _service = service ?? new FakeService();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Name => "fake:";

    public Uri? Address => null;

    public TargetAbilities Abilities { get; init; } = TargetAbilities.AllBut(new Dictionary<Ability, string>(), ScoreScale.Cosine);

    public Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync("identify", terms, () => _service.Identify(terms.Caller), cancellationToken);

    public Task<Exchange<EnrolmentAnswer>> EnrolAsync(EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync("enrol", terms, () => _service.Enrol(terms.Caller, query), cancellationToken);

    public Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync("remove", terms, () => _service.Remove(terms.Caller, subject), cancellationToken);

    public Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync("search", terms, () => _service.Search(terms.Caller, query), cancellationToken);

    public Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync("compare", terms, () => _service.Compare(terms.Caller, query), cancellationToken);

    public Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(string searchId, CallTerms terms, CancellationToken cancellationToken) =>
        CallAsync("read", terms, () => _service.Read(terms.Caller, searchId), cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task<Exchange<T>> CallAsync<T>(string call, CallTerms terms, Func<T> ask, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        var running = RunningCall.Start(_time, terms);
        var sent = new SentMessage("call", call, new Dictionary<string, string>(), null, 0);
        try
        {
            return Task.FromResult(new Exchange<T>(sent, null, running.End(), ask()));
        }
        catch (FakeRefusal refusal)
        {
            return Task.FromResult(new Exchange<T>(
                sent, null, running.End(), new TargetFailure(refusal.Kind, refusal.Code, refusal.Message)));
        }
    }
}
