using System.Collections.Concurrent;
using System.Threading.Channels;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Frs.Batches;

/// <summary>
/// Searches that go on after their request was answered: one, or many by one request, which share a pass of the index.
/// </summary>
/// <remarks>
/// Photos are in memory only, until their templates are made; these are kept, sealed, until they were searched with, and then the answers
/// are, sealed, until they were fetched or have expired. What a stop or a kill interrupts goes on at the next start; of a photo whose
/// templates were not made yet nothing is left, and its sender is told to send it again. Between the event of a search and its answer a
/// kill makes the search be made again, with an event of its own; answers and the book of searches are written in one transaction.
/// </remarks>
/// <param name="batches">The store.</param>
/// <param name="together">Searches with several probes.</param>
/// <param name="searching">Searches with one.</param>
/// <param name="dialect">Reads requests and writes answers.</param>
/// <param name="accounts">Who asked.</param>
/// <param name="seals">Seal what is kept.</param>
/// <param name="receipts">Take digests, and say that a probe is gone.</param>
/// <param name="candidates">Say whether a list may be told still.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="options">How long, and how many.</param>
/// <param name="clock">Gives the time.</param>
public sealed class SearchingBatches(
    ISearchBatches batches, SearchingTogether together, SearchingGalleries searching, IAnswerDialect dialect, IAccounts accounts,
    AnswerSeals seals, Receipts receipts, CandidateAccess candidates, AuditTrail trail, FrsOptions options, TimeProvider clock)
{
    /// <summary>How many probes share a pass of the index: more gain little by it, and lose more to a kill.</summary>
    internal const int Together = 64;

    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, PhotosInMemory> _photos = new(StringComparer.Ordinal);
    // How the galleries were before a batch's first search, as long as they have been so at each of its searches.
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, long>> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _again = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    /// <summary>Takes searches; what can be refused at once is refused now.</summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="added">The searches. Its photos are taken over, and cleared when this throws.</param>
    /// <exception cref="CodedException">A rule or a permission is missing, a value cannot be used, or there are too many.</exception>
    public SearchBatch Submit(Actor actor, NewBatch added)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(added);
        try
        {
            var batch = Add(actor, added);
            if (added.Photos is { } held)
                _photos[batch.Id] = new PhotosInMemory(held);
            Queue(batch.Id);
            return batch;
        }
        catch
        {
            added.Photos?.Owner.Dispose();
            throw;
        }
    }

    private SearchBatch Add(Actor actor, NewBatch added)
    {
        actor.Require(Policies.Search);
        var photos = added.Photos?.Photos.Count ?? 0;
        var total = photos + added.Encounters.Count;
        if (total == 0)
            throw new CodedException(ErrorCodes.BadValue, "there is no probe: send images, or name encounters");
        if (total > options.BatchProbes)
            throw new CodedException(
                ErrorCodes.BadValue, $"{total:N0} probes; {options.BatchProbes:N0} are taken at a time");
        var request = dialect.Read(added.Request);
        if (added.Kind == SearchBatch.Many)
            together.Require(
                actor,
                request with { ApprovalId = added.Encounters.Select(probe => probe.ApprovalId).FirstOrDefault(id => id is not null) });
        byte[]?[] probes =
        [
            .. Enumerable.Repeat((byte[]?)null, photos),
            .. added.Encounters.Select(probe => seals.Seal(
                actor.Account, new KeptProbe(probe.EncounterId, probe.EncounterGallery, probe.ApprovalId))),
        ];
        return trail.ChangeBook(
            actor,
            "search.submitted",
            change => batches.Add(
                change, added.Kind, actor.Account, seals.Seal(actor.Account, new KeptRequest(added.Request.ToArray(), added.Form)), probes,
                clock.GetUtcNow() + options.AnswerLifetime,
                // Answers to submissions wait for nobody to fetch them; what a folder holds bounds them.
                added.Kind == SearchBatch.Submission ? int.MaxValue : options.Batches),
            made => made is null ? null : new
            {
                galleries = request.Galleries?.Where(Galleries.GalleryName.IsValid).Take(20).ToList(), operation = made.Id, probes = total,
            }) ?? throw new CodedException(
                ErrorCodes.QueueFull, $"the account has {options.Batches:N0} operations whose answers were not fetched; fetch or end some");
    }

    /// <summary>Takes the photo of a probe again whose first one was lost with a process that ended.</summary>
    /// <param name="actor">Whose batch it is.</param>
    /// <param name="id">The batch.</param>
    /// <param name="number">The probe.</param>
    /// <param name="photo">The photo; it is taken over, and cleared when this throws.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Conflict"/>:
    /// it is not wanted.</exception>
    public SearchBatch Resend(Actor actor, string id, int number, HeldPhotos photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        try
        {
            var found = Find(actor, id);
            if (!trail.ChangeBook(
                actor, "search.resent", change => batches.Resend(change, found.Id, number),
                taken => taken ? new { operation = id, probe = number } : null))
                throw new CodedException(ErrorCodes.Conflict, "the photo of this probe is not wanted again");
            _photos.AddOrUpdate(
                found.Id, _ => new PhotosInMemory(photo, number), (_, others) => others.With(photo, number));
            Queue(found.Id);
        }
        catch
        {
            photo.Owner.Dispose();
            throw;
        }
        return Find(actor, id);
    }

    /// <summary>One's batches, newest first.</summary>
    public IReadOnlyList<SearchBatch> List(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.May(Policies.Search) ? batches.List(actor.Account) : [];
    }

    /// <summary>A batch of one's own.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public SearchBatch Find(Actor actor, string id)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return actor.May(Policies.Search) && batches.Find(id) is { } found && found.Account == actor.Account
            ? found
            : throw new CodedException(ErrorCodes.NotFound, "there is no such operation");
    }

    /// <summary>Answers that were not fetched, by the numbers of their probes.</summary>
    /// <param name="actor">Whose batch it is.</param>
    /// <param name="id">The batch.</param>
    /// <param name="after">Behind which number the page begins: the answers up to it were fetched, and are deleted.</param>
    /// <param name="count">The largest number of answers; null for 100.</param>
    /// <param name="areReceived">Whether those up to <paramref name="after"/> were received; false deletes none.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public IReadOnlyList<(int Number, ProbeState State, KeptAnswer? Answer)> Answers(
        Actor actor, string id, int after, int? count, bool areReceived = true)
    {
        var found = Find(actor, id);
        if (after > 0 && areReceived)
            Forget(actor, found.Id, after);
        return
        [
            .. batches.Answers(found.Id, after, PageSize.Of(count, 1000))
                .Select(answer => (
                    answer.Number, answer.State,
                    Told(actor, seals.Open<KeptAnswer>(found.Account, answer.Sealed), _versions.GetValueOrDefault(found.Id)))),
        ];
    }

    // What was searched before may be told today, or it is told why not.
    private KeptAnswer? Told(Actor actor, KeptAnswer? answer, IReadOnlyDictionary<string, long>? versions)
    {
        if (answer?.Search is not { } search)
            return answer;
        try
        {
            candidates.RequireTold(actor, search, versions);
            return answer;
        }
        catch (Exception e) when (e is CodedException or GalleryNotFoundException)
        {
            return dialect.Write(actor, e);
        }
    }

    /// <summary>Deletes the answers up to a number: they were fetched.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public void Forget(Actor actor, string id, int upTo)
    {
        var found = Find(actor, id);
        batches.Forget(found.Id, upTo);
        QueueThoseThatWait(found.Account);
    }

    /// <summary>The answer to the one search of an operation.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is none, or it was fetched;
    /// <see cref="ErrorCodes.Conflict"/>: it is not there yet.</exception>
    public KeptAnswer Answer(Actor actor, string id)
    {
        var found = Find(actor, id);
        if (found.Kind == SearchBatch.Many)
            throw new CodedException(ErrorCodes.Conflict, "the operation has many searches: their answers come page by page");
        if (found.Progress.Waiting > 0)
            throw new CodedException(ErrorCodes.Conflict, "the search is under way")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        if (found.Progress.Resend > 0)
            throw new CodedException(
                ErrorCodes.Resend, "the service ended before the photo was searched with, and nothing of it is left: send it again");
        return Answers(actor, id, 0, 1) is [{ Answer: { } answer }]
            ? answer
            : throw new CodedException(ErrorCodes.NotFound, "the answer was fetched, or has expired");
    }

    /// <summary>Ends a batch of one's own; of its probes and answers nothing is kept.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Conflict"/>:
    /// it has ended so.</exception>
    public SearchBatch Cancel(Actor actor, string id)
    {
        var found = Find(actor, id);
        if (!trail.ChangeBook(
            actor, "search.withdrawn", change => batches.End(change, found.Id, OperationState.Cancelled),
            ended => ended ? new { operation = id } : null))
            throw new CodedException(ErrorCodes.Conflict, "the operation has ended");
        if (_running.TryGetValue(id, out var running))
            running.Cancel();
        else if (_photos.TryRemove(id, out var photos))
            photos.Dispose();
        QueueThoseThatWait(found.Account);
        return Find(actor, id);
    }

    /// <summary>Queues what the last run of the service left unfinished, and has the photos sent again that it had in memory.</summary>
    public void Resume()
    {
        batches.LosePhotos();
        foreach (var id in batches.Unfinished())
            Queue(id);
    }

    /// <summary>Tries again what a store kept from going on.</summary>
    public void Retry(string id) => Queue(id);

    /// <summary>Removes what has expired.</summary>
    public void Purge()
    {
        if (batches.Purge(clock.GetUtcNow()) == 0)
            return;
        foreach (var id in batches.Unfinished())
            Queue(id);
        foreach (var id in _versions.Keys.Where(id => batches.Find(id) is null))
            _versions.TryRemove(id, out _);
    }

    /// <summary>The batches whose turn comes.</summary>
    public IAsyncEnumerable<string> DueAsync(CancellationToken cancellationToken) => _queue.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Works on a batch until nothing is left to do, or its answers hold as much as they may: then it goes on when some are
    /// fetched.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="stopping">The service stops: the next start goes on.</param>
    /// <returns>The error when it was an unexpected one; else null.</returns>
    /// <exception cref="OperationCanceledException">The service stops.</exception>
    /// <exception cref="StoreException">The book or the audit cannot be used.</exception>
    public async Task<Exception?> RunAsync(string id, CancellationToken stopping)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        if (!_running.TryAdd(id, cancel))
        {
            // What it was queued for may have come when the other had looked already.
            _again[id] = true;
            return null;
        }
        _photos.TryRemove(id, out var photos);
        try
        {
            if (!batches.Begin(id) || batches.Find(id) is not { } batch
                || seals.Open<KeptRequest>(batch.Account, batches.Request(id)!) is not { } kept)
                return null;
            var work = new Work(
                batch, Requester(batch), dialect.Read(kept.Request) with { NeedsScores = kept.Form.IsInterchange }, kept.Form);
            try
            {
                if (photos is not null)
                {
                    await TakeAsync(work, photos, cancel.Token);
                    // Receipts say that they are gone.
                    photos.Clear();
                }
                while (batches.AnswerBytes(batch.Account) < options.KeptAnswerBytes
                    && batches.Ready(id, batch.Kind == SearchBatch.Many ? Together : 1) is { Count: > 0 } ready)
                    await SearchAsync(work, ready, cancel.Token);
                batches.Settle(id);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                stopping.ThrowIfCancellationRequested();
            }
            catch (Exception e) when (e is not StoreException)
            {
                // Nobody knows which probe it was: none of them is tried for ever.
                batches.LosePhotos(id);
                foreach (var (number, _) in batches.Ready(id, options.BatchProbes))
                    Keep(work, number, null, e);
                batches.Settle(id);
                return e;
            }
            return null;
        }
        finally
        {
            photos?.Dispose();
            _running.TryRemove(id, out _);
            // What came while it ran.
            if (_again.TryRemove(id, out _) | _photos.ContainsKey(id))
                Queue(id);
        }
    }

    private async Task TakeAsync(Work work, PhotosInMemory photos, CancellationToken cancellationToken)
    {
        foreach (var (number, photo) in photos.Each())
        {
            var digest = receipts.Digest(photo.Span);
            try
            {
                if (work.Batch.Kind != SearchBatch.Many)
                {
                    var answer = await searching.SearchAsync(work.Actor, work.Request, photo, cancellationToken);
                    photos.Clear();
                    Keep(work, number, answer, null);
                    return;
                }
                using var probe = await together.ExtractAsync(work.Actor, work.Request, photo, cancellationToken);
                using var kept = KeptProbe.Of(probe, digest);
                if (!batches.Prepare(work.Batch.Id, number, seals.Seal(work.Batch.Account, kept)))
                    return;
            }
            catch (Exception e) when (e is not StoreException && ErrorCodes.Of(e) is not null)
            {
                Keep(work, number, null, e);
            }
        }
    }

    private async Task SearchAsync(Work work, IReadOnlyList<(int Number, byte[] Sealed)> ready, CancellationToken cancellationToken)
    {
        var probes = new List<TogetherProbe>();
        try
        {
            foreach (var (number, @sealed) in ready)
            {
                using var kept = seals.Open<KeptProbe>(work.Batch.Account, @sealed);
                if (kept is null)
                    Keep(work, number, null, new CodedException(
                        ErrorCodes.Resend, "the probe that was kept cannot be opened; send it again"));
                else
                    probes.Add(kept.ToProbe(number));
            }
            if (probes.Count == 0)
                return;
            if (work.Batch.Kind == SearchBatch.Many)
            {
                NoteVersions(work);
                await together.SearchAsync(
                    work.Actor, work.Request, probes,
                    answers =>
                    {
                        foreach (var answer in answers)
                            Keep(work, answer.Number, answer.Answer, answer.Error);
                    },
                    cancellationToken);
            }
            else
            {
                await SearchAsync(work, probes[0], cancellationToken);
            }
        }
        finally
        {
            foreach (var probe in probes)
                probe.Photo?.Dispose();
        }
    }

    private void NoteVersions(Work work)
    {
        IReadOnlyDictionary<string, long> unknown = new Dictionary<string, long>();
        try
        {
            var now = candidates.Versions(work.Actor, work.Request.Galleries);
            // How they were when an earlier run of the service searched nobody knows.
            var first = _versions.GetOrAdd(work.Batch.Id, work.Batch.Progress.Done > 0 ? unknown : now);
            if (now.Any(one => !first.TryGetValue(one.Key, out var version) || version != one.Value))
                _versions[work.Batch.Id] = unknown;
        }
        catch (Exception e) when (e is CodedException or GalleryNotFoundException)
        {
            // The search itself says what is wrong.
            _versions[work.Batch.Id] = unknown;
        }
    }

    private async Task SearchAsync(Work work, TogetherProbe probe, CancellationToken cancellationToken)
    {
        try
        {
            Keep(work, probe.Number, await searching.SearchAsync(work.Actor, work.Request, null, cancellationToken), null);
        }
        catch (Exception e) when (e is not StoreException && ErrorCodes.Of(e) is not null)
        {
            Keep(work, probe.Number, null, e);
        }
    }

    private void Keep(Work work, int number, SearchAnswer? answer, Exception? error)
    {
        var lifetime = answer?.Retention is { } shorter && shorter < options.AnswerLifetime ? shorter : options.AnswerLifetime;
        var kept = answer is null
            ? dialect.Write(work.Actor, error!)
            : dialect.Write(
                work.Actor, answer,
                answer.Digest is not { } digest ? null
                    : answer.Examination is null ? receipts.Deleted(digest) : receipts.Sealed(digest),
                work.Form) with { Search = answer.Id };
        batches.Answer(
            work.Batch.Id, number, answer is null ? ProbeState.Failed : ProbeState.Done, seals.Seal(work.Batch.Account, kept),
            clock.GetUtcNow() + lifetime);
    }

    // By an earlier request, whose key was looked at then; whoever was shut out meanwhile searches no more.
    private Actor Requester(SearchBatch batch) => accounts.Find(batch.Account) is { Disabled: false } account
        ? Actor.Of(account, batch.Id)
        : Actor.Service with { Account = batch.Account, RequestId = batch.Id };

    // There is room for answers again: any of the account's batches may have waited for it.
    private void QueueThoseThatWait(string account)
    {
        foreach (var batch in batches.List(account).Where(batch => batch.Progress.Waiting > 0))
            Queue(batch.Id);
    }

    private void Queue(string id) => _queue.Writer.TryWrite(id);

    /// <summary>A batch that is worked on.</summary>
    private sealed record Work(SearchBatch Batch, Actor Actor, SearchRequest Request, AnswerForm Form);
}
