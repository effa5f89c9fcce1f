using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Operations;

namespace MatchEngine.Frs.Batches;

/// <summary>
/// The store of searches that are answered later. Requests, probes and answers are given to it sealed; of a photo nothing is.
/// </summary>
public interface ISearchBatches
{
    /// <summary>Adds a batch that waits; null where the account has as many as it may.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="account">Who asks for it.</param>
    /// <param name="request">The request, sealed.</param>
    /// <param name="probes">The probes by their numbers, from 1, sealed; null for one whose photo is in memory.</param>
    /// <param name="expires">Until when it is kept.</param>
    /// <param name="most">How many that wait, or whose answers were not fetched, an account has at most.</param>
    SearchBatch? Add(
        BookChange change, string kind, string account, ReadOnlyMemory<byte> request, IReadOnlyList<byte[]?> probes, DateTimeOffset expires,
        int most);

    /// <summary>The batch of an id; null when there is none, or it has expired.</summary>
    SearchBatch? Find(string id);

    /// <summary>The batches of an account, newest first.</summary>
    IReadOnlyList<SearchBatch> List(string account);

    /// <summary>The batches with probes that wait, oldest first.</summary>
    IReadOnlyList<string> Unfinished();

    /// <summary>The sealed request of a batch; null when there is none.</summary>
    byte[]? Request(string id);

    /// <summary>Begins, or goes on; false when it was ended meanwhile.</summary>
    bool Begin(string id);

    /// <summary>Has every photo sent again that was in a memory that is gone; returns how many.</summary>
    /// <param name="id">Of this batch; null: of all.</param>
    int LosePhotos(string? id = null);

    /// <summary>Waits for a photo again; false when it was not wanted again.</summary>
    bool Resend(BookChange change, string id, int number);

    /// <summary>Keeps the templates of a photo; false when the batch was ended meanwhile.</summary>
    bool Prepare(string id, int number, ReadOnlyMemory<byte> probe);

    /// <summary>The first probes that are ready, by their numbers.</summary>
    IReadOnlyList<(int Number, byte[] Sealed)> Ready(string id, int count);

    /// <summary>
    /// Keeps the answer to a probe, of which nothing else is kept then. Nothing is done where the batch was ended meanwhile.
    /// </summary>
    /// <param name="id">The batch.</param>
    /// <param name="number">The probe.</param>
    /// <param name="state">What became of it.</param>
    /// <param name="answer">The answer, sealed; null for none.</param>
    /// <param name="expires">The batch expires no later than this.</param>
    void Answer(string id, int number, ProbeState state, ReadOnlyMemory<byte>? answer, DateTimeOffset expires);

    /// <summary>Notes that nothing is left to do, if that is so; whether it is.</summary>
    bool Settle(string id);

    /// <summary>Ends a batch, of which no probe and no answer is kept; false when it had ended so before.</summary>
    bool End(BookChange change, string id, OperationState state);

    /// <summary>Answers that were not fetched, by the numbers of their probes.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="after">Behind which number the page begins.</param>
    /// <param name="count">The largest number of answers.</param>
    IReadOnlyList<BatchAnswer> Answers(string id, int after, int count);

    /// <summary>Deletes the answers up to a number: they were fetched.</summary>
    void Forget(string id, int upTo);

    /// <summary>How many bytes the answers hold that are kept for an account.</summary>
    long AnswerBytes(string account);

    /// <summary>Removes what has expired; returns how many batches.</summary>
    int Purge(DateTimeOffset now);
}
