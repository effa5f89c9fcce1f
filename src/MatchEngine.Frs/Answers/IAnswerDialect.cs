using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;

namespace MatchEngine.Frs.Answers;

/// <summary>In which form an answer is wanted that is given later.</summary>
/// <param name="IsInterchange">Whether as an ANSI/NIST-ITL file.</param>
/// <param name="Origin">The file that the probe came in; null when it was no such file.</param>
public sealed record AnswerForm(bool IsInterchange = false, InterchangeOrigin? Origin = null);

/// <summary>How a dialect reads a request that was kept, and what it makes of an answer that is to be kept.</summary>
public interface IAnswerDialect
{
    /// <summary>Reads a request as the dialect was given it.</summary>
    SearchRequest Read(ReadOnlyMemory<byte> request);

    /// <summary>The answer to a search.</summary>
    /// <param name="actor">Who searched.</param>
    /// <param name="answer">What it gave.</param>
    /// <param name="receipt">That the probe is deleted; null for an enrolled encounter.</param>
    /// <param name="form">The form that is wanted.</param>
    KeptAnswer Write(Actor actor, SearchAnswer answer, DeletionReceipt? receipt, AnswerForm form);

    /// <summary>The answer to a search that came to nothing.</summary>
    /// <param name="actor">Who searched.</param>
    /// <param name="error">Why.</param>
    KeptAnswer Write(Actor actor, Exception error);
}
