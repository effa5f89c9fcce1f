using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Enrolling;

/// <summary>
/// The store of names that were announced for people of whom a gallery has no face yet: a gallery itself holds nobody without one. A
/// gallery is its name and its identity, so that a later one of the same name has none of it.
/// </summary>
public interface IAnnouncedSubjects
{
    /// <summary>The names of a gallery, in the byte order.</summary>
    IReadOnlyList<string> List(string gallery, string identity);

    /// <summary>How many names a gallery has.</summary>
    int Count(string gallery, string identity);

    /// <summary>Whether a gallery has a name.</summary>
    bool Contains(string gallery, string identity, string subject);

    /// <summary>Announces a name; false when it is there already.</summary>
    bool Announce(BookChange change, string gallery, string identity, string subject);

    /// <summary>Takes a name back; false when it was not there.</summary>
    bool Withdraw(BookChange change, string gallery, string identity, string subject);

    /// <summary>Removes the names of galleries that are not among these.</summary>
    /// <param name="galleries">The names of the galleries that there are.</param>
    /// <returns>How many names.</returns>
    int KeepOnly(IReadOnlyCollection<string> galleries);
}
