using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Auditing;

/// <summary>The service's own book as a whole: its transactions, and the note that a change was made.</summary>
public interface IServiceStore : IChangeWitness, ISettledMark
{
    /// <summary>Makes one transaction of everything that <paramref name="work"/> reads and writes in the book on this thread.</summary>
    /// <exception cref="Galleries.Errors.StoreException">It cannot be written; nothing of it was.</exception>
    T Transact<T>(Func<T> work);

    /// <summary>Writes the event of the change that the present <see cref="Transact"/> makes; its last step.</summary>
    /// <param name="record">Writes the event.</param>
    /// <param name="details">What there is to say of the change.</param>
    void Record(ChangeRecord record, object? details);
}
