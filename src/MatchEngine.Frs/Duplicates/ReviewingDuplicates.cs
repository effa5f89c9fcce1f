using System.Collections.Concurrent;
using System.Threading.Channels;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Duplicates;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Frs.Duplicates;

/// <summary>What is known of a gallery's duplicates.</summary>
/// <param name="Search">The last search; null: there was none.</param>
/// <param name="IsRunning">Whether it is under way in this process. One that is said to run and does not was cut off.</param>
/// <param name="Waiting">How many pairs wait for somebody's word.</param>
/// <param name="Subjects">How many subjects the gallery has.</param>
public sealed record DuplicatesState(SoughtDuplicates? Search, bool IsRunning, long Waiting, long Subjects);

/// <summary>
/// Who is enrolled twice, for the keepers of a gallery's owner: a search for it, which goes on after the answer, and what is decided of
/// each pair that it finds. Relatives and twins are alike too: a pair is a lead, and a person decides.
/// </summary>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="rules">The profiles.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class ReviewingDuplicates(GalleryAccess access, ServiceRules rules, TimeProvider clock, AuditTrail trail)
{
    /// <summary>Of so many subjects about one pair of different people is told, where no floor is named.</summary>
    public const int SubjectsPerStranger = 1000;

    private readonly Channel<DueSearch> _queue = Channel.CreateUnbounded<DueSearch>();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    /// <summary>What is known of a gallery's duplicates.</summary>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public DuplicatesState State(Actor actor, string gallery)
    {
        var kept = access.RequireKept(actor, gallery);
        var found = new FoundDuplicates(kept);
        return new DuplicatesState(
            found.Search, _running.ContainsKey(kept.Identity), found.CountWaiting(), kept.Summarize().Subjects);
    }

    /// <summary>Begins a search; what an earlier one found and nobody has decided is forgotten.</summary>
    /// <param name="actor">A keeper.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="floor">The score that pairs reach, −1 … 1; null: one that about one pair of different people for each
    /// <see cref="SubjectsPerStranger"/> subjects reaches by chance.</param>
    /// <param name="cancellationToken">Ends the finding of that floor.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.Conflict"/>: one is under
    /// way.</exception>
    /// <exception cref="Galleries.Errors.UnsaidFloorException">No floor can be said, as in a gallery of few subjects.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public async Task StartAsync(Actor actor, string gallery, float? floor, CancellationToken cancellationToken)
    {
        var kept = access.RequireKept(actor, gallery);
        if (floor is { } named && !(named is >= -1 and <= 1))
            throw new CodedException(ErrorCodes.BadValue, "floor is a score within −1 … 1");
        RequireIdle(kept);
        var least = floor ?? await Task.Run(
            () => new DuplicateSearch(kept).FloorForStrangers(
                Math.Max(1, (double)kept.Summarize().Subjects / SubjectsPerStranger), cancellationToken),
            cancellationToken);
        Queue(actor, kept, () => trail.ChangeGallery(
            actor, AuditKinds.DuplicatesSought, new { galleries = new[] { gallery }, floor = least },
            record =>
            {
                new FoundDuplicates(kept).Begin(least, actor.Account, record());
                return true;
            }));
    }

    /// <summary>Goes on with a search that was stopped or cut off.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.Conflict"/>: there is none to go on with.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void GoOn(Actor actor, string gallery)
    {
        var kept = access.RequireKept(actor, gallery);
        var found = new FoundDuplicates(kept);
        if (found.Search is not { State: not SeekingState.Done } search)
            throw new CodedException(ErrorCodes.Conflict, "there is no search to go on with: begin one");
        Queue(actor, kept, () =>
        {
            trail.Note(actor, AuditKinds.DuplicatesSought, new { galleries = new[] { gallery }, search.Floor, after = search.Through });
            found.GoOn();
        });
    }

    /// <summary>Stops the search that is under way; what it found stays.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.Conflict"/>: none is.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void Stop(Actor actor, string gallery)
    {
        var kept = access.RequireKept(actor, gallery);
        if (!_running.TryGetValue(kept.Identity, out var running))
            throw new CodedException(ErrorCodes.Conflict, "no search for duplicates is under way");
        running.Cancel();
    }

    /// <summary>Pairs that wait, by falling score.</summary>
    /// <param name="actor">A keeper.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="after">Begins behind this pair; null with the first.</param>
    /// <param name="count">The largest number returned, 1 … 500; null for 100.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public IReadOnlyList<(PairPlace Place, DuplicatePair Pair)> Waiting(Actor actor, string gallery, PairPlace? after, int? count) =>
        new FoundDuplicates(access.RequireKept(actor, gallery)).Waiting(after, PageSize.Of(count));

    /// <summary>Who is kept apart, the last decisions first.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public IReadOnlyList<KeptApart> Apart(Actor actor, string gallery, int? count) =>
        new FoundDuplicates(access.RequireKept(actor, gallery)).Apart(PageSize.Of(count));

    /// <summary>The two are two people: they are not asked for again.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: one of them is not there;
    /// <see cref="ErrorCodes.Conflict"/>: they are kept apart already.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void KeepApart(Actor actor, string gallery, string subject, string other)
    {
        var kept = access.RequireKept(actor, gallery);
        RequireBoth(kept, subject, other);
        if (!trail.ChangeGallery(
            actor, "duplicates.kept-apart", new { galleries = new[] { gallery }, subject, other },
            record => new FoundDuplicates(kept).KeepApart(subject, other, actor.Account, clock.GetUtcNow(), record())))
            throw new CodedException(ErrorCodes.Conflict, "the two are kept apart already");
    }

    /// <summary>Takes that back: the next search asks for them again.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: they are not kept apart.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void AskAgain(Actor actor, string gallery, string subject, string other)
    {
        var kept = access.RequireKept(actor, gallery);
        if (!trail.ChangeGallery(
            actor, "duplicates.asked-again", new { galleries = new[] { gallery }, subject, other },
            record => new FoundDuplicates(kept).AskAgain(subject, other, record())))
            throw new CodedException(ErrorCodes.NotFound, "the two are not kept apart");
    }

    /// <summary>
    /// The two are one person: every photo of the one becomes the other's, which takes what it lacks of biographics and links; the one is
    /// gone.
    /// </summary>
    /// <param name="actor">A keeper.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The one that goes.</param>
    /// <param name="into">The one that stays.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: one of them is not there;
    /// <see cref="ErrorCodes.Conflict"/>: they are two organisations' data; <see cref="ErrorCodes.MasterExists"/>: the profile keeps one
    /// photo a person.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void Merge(Actor actor, string gallery, string subject, string into)
    {
        var kept = access.RequireKept(actor, gallery);
        var (one, other) = RequireBoth(kept, subject, into);
        Move(actor, kept, "subject.merged", one, one.Encounters, other);
    }

    /// <summary>A photo of the one shows the other: it becomes that one's.</summary>
    /// <param name="actor">A keeper.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">Whose photo it is.</param>
    /// <param name="encounter">The encounter.</param>
    /// <param name="into">Whose it becomes.</param>
    /// <exception cref="CodedException">As for <see cref="Merge"/>.</exception>
    /// <exception cref="Galleries.Errors.GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public void MoveEncounter(Actor actor, string gallery, string subject, string encounter, string into)
    {
        var kept = access.RequireKept(actor, gallery);
        var (one, other) = RequireBoth(kept, subject, into);
        var moved = one.Encounters.Where(each => each.Id == encounter).ToList();
        if (moved.Count == 0)
            throw new CodedException(ErrorCodes.NotFound, "the subject has no such encounter");
        Move(actor, kept, "encounter.moved", one, moved, other);
    }

    /// <summary>The searches whose turn comes, one after the other.</summary>
    public IAsyncEnumerable<DueSearch> DueAsync(CancellationToken cancellationToken) => _queue.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Runs a search to its end, or until it is stopped.</summary>
    /// <param name="due">The search.</param>
    /// <param name="stopping">The service stops: the search is left as running, and may be gone on with.</param>
    /// <returns>The error that ended it; null: none did.</returns>
    public Exception? Run(DueSearch due, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(due);
        var found = new FoundDuplicates(due.Gallery);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping, due.Cancel.Token);
        var (subjects, pairs, outcome) = (0L, 0L, "failed");
        try
        {
            found.Run(
                new Told(page => (subjects, pairs) = (subjects + page.Subjects, pairs + page.Pairs.Count)), cancel.Token);
            outcome = "done";
            return null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            outcome = "cancelled";
            if (!stopping.IsCancellationRequested)
                found.Stop();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            _running.TryRemove(due.Gallery.Identity, out _);
            due.Cancel.Dispose();
            trail.Note(
                due.Requester, AuditKinds.DuplicatesEnded, new { galleries = new[] { due.Gallery.Name }, outcome, subjects, pairs });
        }
    }

    private void Move(
        Actor actor, Gallery gallery, string kind, Subject from, IReadOnlyList<Encounter> encounters, Subject into)
    {
        if (from.Provider != into.Provider)
            throw new CodedException(ErrorCodes.Conflict, "the two are the data of two organisations: neither becomes the other's");
        if (rules.ProfileOf(gallery.Properties).Rules.MasterImage is { Value: true, Source: var source })
            throw new CodedException(
                ErrorCodes.MasterExists, "the gallery's profile keeps one photo a person: remove the one that is not to stay")
            {
                Rule = $"{gallery.Properties.Profile}: masterImage ({source})",
            };
        string[] moved = [.. encounters.Select(encounter => encounter.Id)];
        if (!trail.ChangeGallery(
            actor, kind,
            new
            {
                galleries = new[] { gallery.Name },
                subject = into.Id,
                from = from.Id,
                encounter = kind == "encounter.moved" ? moved[0] : null,
            },
            record => gallery.MoveEncounters(moved, into.Id, record())))
            throw NoSubject();
    }

    private static (Subject One, Subject Other) RequireBoth(Gallery gallery, string subject, string other)
    {
        if (subject == other)
            throw new CodedException(ErrorCodes.BadValue, "a subject is not compared with itself: name two");
        var (one, two) = (gallery.FindSubject(subject) ?? throw NoSubject(), gallery.FindSubject(other) ?? throw NoSubject());
        return (one, two);
    }

    private void RequireIdle(Gallery gallery)
    {
        if (_running.ContainsKey(gallery.Identity))
            throw new CodedException(ErrorCodes.Conflict, "a search for duplicates is under way in this gallery: wait for it, or stop it");
    }

    private void Queue(Actor actor, Gallery gallery, Action begin)
    {
        var cancel = new CancellationTokenSource();
        if (!_running.TryAdd(gallery.Identity, cancel))
        {
            cancel.Dispose();
            RequireIdle(gallery);
        }
        try
        {
            begin();
            _queue.Writer.TryWrite(new DueSearch(gallery, actor, cancel));
        }
        catch
        {
            _running.TryRemove(gallery.Identity, out _);
            cancel.Dispose();
            throw;
        }
    }

    private static CodedException NoSubject() => new(ErrorCodes.NotFound, "the gallery has no such subject");

    private sealed class Told(Action<DuplicatePage> told) : IProgress<DuplicatePage>
    {
        public void Report(DuplicatePage value) => told(value);
    }
}

/// <summary>A search for duplicates whose turn has come.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="Cancel">Stops it.</param>
public sealed record DueSearch(Gallery Gallery, Actor Requester, CancellationTokenSource Cancel);
