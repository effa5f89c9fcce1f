using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Audit;

/// <summary>A store other than a gallery whose changes have their events, and which notes those that it made.</summary>
public interface IChangeWitness
{
    /// <summary>Its name, by which events say where their change was made.</summary>
    string Store { get; }

    /// <summary>Whether the change of an event was made here.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    bool HasMade(AuditEvent written);
}

/// <summary>Where it is noted up to which event all changes are settled.</summary>
public interface ISettledMark
{
    /// <summary>
    /// The number of the last event of which it is known, together with all before it, whether their changes came about; 0: of none.
    /// </summary>
    /// <exception cref="StoreException">It cannot be read or written.</exception>
    long Settled { get; set; }
}
