using MatchEngine.Frs.Importing;

namespace MatchEngine.Frs.Operations;

/// <summary>How far an operation has come.</summary>
public enum OperationState
{
    /// <summary>It waits for its turn.</summary>
    Queued,

    /// <summary>It is under way; after a restart it goes on.</summary>
    Running,

    /// <summary>It has ended.</summary>
    Done,

    /// <summary>It could not go on.</summary>
    Failed,

    /// <summary>Somebody ended it.</summary>
    Cancelled,
}

/// <summary>Work that goes on after its request was answered: an import.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Kind">What it is; see <see cref="Import"/>.</param>
/// <param name="Gallery">The gallery it works on.</param>
/// <param name="Account">The account that asked for it.</param>
/// <param name="Request">What is to be imported.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Created">When it was asked for (UTC).</param>
/// <param name="Finished">When it ended.</param>
/// <param name="Progress">What it has come to; null before it begins.</param>
/// <param name="Problem">Why it could not go on.</param>
public sealed record Operation(
    string Id, string Kind, string Gallery, string Account, ImportRequest Request, OperationState State, DateTimeOffset Created,
    DateTimeOffset? Finished, ImportProgress? Progress, string? Problem)
{
    /// <summary>The kind of an import.</summary>
    public const string Import = "import";
}
