using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Cases;

/// <summary>The store of cases. One is opened where its first search is recorded (<see cref="Searching.ISearches.Add"/>).</summary>
public interface ICases
{
    /// <summary>The case of an id; null when there is none.</summary>
    CaseFile? Find(string id);

    /// <summary>The case of a number; null when there is none.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="number">The case number.</param>
    CaseFile? Find(string organisation, string number);

    /// <summary>An organisation's cases, those opened last first.</summary>
    /// <param name="filter">Which of them.</param>
    /// <param name="count">The largest number returned.</param>
    IReadOnlyList<CaseFile> List(CaseFilter filter, int count);

    /// <summary>Whether an account has searched in a case.</summary>
    bool HasSearched(string id, string account);

    /// <summary>The galleries that were searched in a case.</summary>
    IReadOnlyList<string> Galleries(string id);

    /// <summary>The cases whose retention was over then and that are not on hold.</summary>
    IReadOnlyList<CaseFile> Overdue(DateTimeOffset upTo);

    /// <summary>What was written down of a case, the oldest first.</summary>
    /// <param name="id">The case.</param>
    /// <param name="account">Only what this account wrote; null for all.</param>
    IReadOnlyList<CaseNote> Notes(string id, string? account);

    /// <summary>Writes something down of a case; false when it is not open.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The case.</param>
    /// <param name="account">Who writes.</param>
    /// <param name="text">The words.</param>
    bool Note(BookChange change, string id, string account, string text);

    /// <summary>Closes a case; false when it is not open.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The case.</param>
    /// <param name="account">Who closes it.</param>
    /// <param name="expires">When its retention ends.</param>
    bool Close(BookChange change, string id, string account, DateTimeOffset expires);

    /// <summary>Opens a closed case again: its retention begins anew when it is closed; false when it is not closed.</summary>
    bool Reopen(BookChange change, string id);

    /// <summary>Places a hold, in place of one that is there; false when there is no such case.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The case.</param>
    /// <param name="account">Who places it.</param>
    /// <param name="reason">Why.</param>
    bool Hold(BookChange change, string id, string account, string reason);

    /// <summary>Takes the hold away; false when there is none.</summary>
    bool Release(BookChange change, string id);

    /// <summary>
    /// Deletes a closed case with its notes, its searches, their candidates, examinations, second requests, approvals and notifications.
    /// </summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">The case.</param>
    /// <returns>What went; null when it is open, on hold, or not there: nothing was done then.</returns>
    DeletedCase? Delete(BookChange change, string id);
}

/// <summary>What went with a case.</summary>
/// <param name="Searches">How many searches.</param>
/// <param name="Examinations">Their examinations; what is kept of their probes is to be deleted.</param>
public sealed record DeletedCase(int Searches, IReadOnlyList<string> Examinations);
