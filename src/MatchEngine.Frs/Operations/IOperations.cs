using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Importing;

namespace MatchEngine.Frs.Operations;

/// <summary>The store of operations, so that they survive a restart.</summary>
public interface IOperations
{
    /// <summary>Adds an operation that waits.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="gallery">The gallery it works on.</param>
    /// <param name="account">The account that asks for it.</param>
    /// <param name="request">What is to be imported.</param>
    Operation Add(BookChange change, string kind, string gallery, string account, ImportRequest request);

    /// <summary>The operation of an id; null when there is none.</summary>
    Operation? Find(string id);

    /// <summary>Newest first, at most 1,000; of one account, or of all.</summary>
    /// <param name="account">The account; null for all.</param>
    IReadOnlyList<Operation> List(string? account);

    /// <summary>What has not ended, oldest first.</summary>
    IReadOnlyList<Operation> Unfinished();

    /// <summary>Begins, or goes on; false when it was ended meanwhile.</summary>
    bool Begin(string id);

    /// <summary>Notes what it has come to, while it runs.</summary>
    void Report(string id, ImportProgress progress);

    /// <summary>Ends it; false when it had ended.</summary>
    /// <param name="id">The operation.</param>
    /// <param name="state">How it ended.</param>
    /// <param name="progress">What it came to; null: as was reported last.</param>
    /// <param name="problem">Why it could not go on, or null.</param>
    bool End(string id, OperationState state, ImportProgress? progress, string? problem);
}
