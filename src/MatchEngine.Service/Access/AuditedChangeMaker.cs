using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Service.Access;

/// <summary>Makes the use cases' changes.</summary>
internal sealed class AuditedChangeMaker(AuditedChanges changes) : IChangeMaker
{
    /// <inheritdoc/>
    public T Make<T>(Func<object?, AuditEntry> entry, Func<Func<ChangeRecord>, T> change) => changes.Make(entry, change);
}
