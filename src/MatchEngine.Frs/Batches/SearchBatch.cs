using MatchEngine.Frs.Operations;

namespace MatchEngine.Frs.Batches;

/// <summary>How far a probe of a batch has come.</summary>
public enum ProbeState
{
    /// <summary>Its photo is in memory, and nowhere else.</summary>
    Photo,

    /// <summary>Its templates, or the encounter that it is, are kept sealed: a restart goes on with it.</summary>
    Ready,

    /// <summary>It was searched with.</summary>
    Done,

    /// <summary>The search was refused, or gave nothing.</summary>
    Failed,

    /// <summary>The service ended before its photo was made templates: it has to be sent again.</summary>
    Resend,
}

/// <summary>How many probes of a batch have come how far.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Waiting">Those that are not searched with yet.</param>
/// <param name="Done">Those that were.</param>
/// <param name="Failed">Those that gave nothing.</param>
/// <param name="Resend">Those whose photo has to be sent again.</param>
public sealed record BatchProgress(int Total, int Waiting, int Done, int Failed, int Resend);

/// <summary>Searches that go on after their request was answered: one, or many by one request.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="Kind">What it is; see <see cref="Search"/>.</param>
/// <param name="Account">The account that asked for it.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Created">When it was asked for (UTC).</param>
/// <param name="Finished">When nothing was left to do.</param>
/// <param name="Expires">Until when it is kept with its answers.</param>
/// <param name="Progress">How far its probes have come.</param>
public sealed record SearchBatch(
    string Id, string Kind, string Account, OperationState State, DateTimeOffset Created, DateTimeOffset? Finished, DateTimeOffset Expires,
    BatchProgress Progress)
{
    /// <summary>The kind of one search that is answered later.</summary>
    public const string Search = "search";

    /// <summary>The kind of one search that was submitted by a file: its answer is fetched as often as anybody likes until it
    /// expires.</summary>
    public const string Submission = "submission";

    /// <summary>The kind of many searches by one request.</summary>
    public const string Many = "search-batch";
}

/// <summary>The sealed answer to a probe of a batch.</summary>
/// <param name="Number">The probe's number, from 1.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Sealed">The answer.</param>
public sealed record BatchAnswer(int Number, ProbeState State, ReadOnlyMemory<byte> Sealed);
