using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>A target that does as another does; those that misbehave override a call.</summary>
/// <param name="inner">The other; ended with this one.</param>
internal abstract class DelegatingTarget(ISystemUnderTest inner) : ISystemUnderTest
{
    public virtual string Name => inner.Name;

    public virtual Uri? Address => inner.Address;

    public virtual TargetAbilities Abilities => inner.Abilities;

    public virtual Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken) =>
        inner.IdentifyAsync(terms, cancellationToken);

    public virtual Task<Exchange<EnrolmentAnswer>> EnrolAsync(
        EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken) => inner.EnrolAsync(query, terms, cancellationToken);

    public virtual Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken) =>
        inner.RemoveAsync(subject, terms, cancellationToken);

    public virtual Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken) =>
        inner.SearchAsync(query, terms, cancellationToken);

    public virtual Task<Exchange<ComparisonAnswer>> CompareAsync(
        ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken) => inner.CompareAsync(query, terms, cancellationToken);

    public virtual Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(
        string searchId, CallTerms terms, CancellationToken cancellationToken) => inner.ReadRecordAsync(searchId, terms, cancellationToken);

    public virtual ValueTask DisposeAsync() => inner.DisposeAsync();
}
