using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Frs.Searching;

/// <summary>One of several probes that are searched with by one request.</summary>
/// <param name="Number">Its number.</param>
public sealed record TogetherProbe(int Number)
{
    /// <summary>The faces of a photo, which whoever gives them erases; null for an enrolled encounter.</summary>
    public Probe? Photo { get; init; }

    /// <summary>The keyed digest of the photo.</summary>
    public string? Digest { get; init; }

    /// <summary>An enrolled encounter; null for a photo.</summary>
    public string? EncounterId { get; init; }

    /// <summary>The gallery that holds it; null where one gallery is named to be searched.</summary>
    public string? EncounterGallery { get; init; }

    /// <summary>A supervisor's approval, where one is needed: each is good for one search.</summary>
    public string? ApprovalId { get; init; }
}

/// <summary>What a probe of several gave: an answer, or why there is none.</summary>
/// <param name="Number">The probe's number.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Error">Why there is none; it has a code.</param>
public sealed record TogetherAnswer(int Number, SearchAnswer? Answer, Exception? Error);

/// <summary>
/// Searches with several probes in one pass of the index. Each is a search of its own in everything else: the same rules, an approval, a
/// list, an event of the audit, a row in the service's book.
/// </summary>
/// <param name="searching">The search of one probe, whose steps these are.</param>
/// <param name="workers">Make the templates.</param>
/// <param name="refusals">Write down what is refused.</param>
/// <param name="book">The service's own book.</param>
public sealed class SearchingTogether(
    SearchingGalleries searching, ExtractionWorkers workers, AuditingRefusals refusals, IServiceStore book)
{
    /// <summary>Sees that a request can be one of several probes: what is refused then is refused before anything is kept.</summary>
    /// <exception cref="CodedException">A rule or a permission is missing, or a value cannot be used.</exception>
    public void Require(Actor actor, SearchRequest request) => refusals.Keep(
        actor, "search.refused", () => Refused(request, null), () => Ruled(actor, request));

    /// <summary>Makes the templates of a photo, by the galleries that it is to be searched in.</summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="request">The request.</param>
    /// <param name="photo">The photo; whoever gives it owns and clears it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="CodedException">As for <see cref="Require"/>.</exception>
    /// <exception cref="Faces.AcquisitionException">The photo gives no template.</exception>
    public Task<Probe> ExtractAsync(
        Actor actor, SearchRequest request, ReadOnlyMemory<byte> photo, CancellationToken cancellationToken) => refusals.KeepAsync(
            actor, "search.refused", () => Refused(request, null), () =>
            {
                var ruled = Ruled(actor, request);
                return Task.Run(
                    () => Probe.Of(
                        workers.InBackground(actor, ruled.Scopes[0].Gallery.Model.Id), photo.Span, ruled.Options.Face,
                        ruled.Options.MinQuality, ruled.Options.Preparation, cancellationToken),
                    cancellationToken);
            });

    /// <summary>Searches.</summary>
    /// <param name="actor">Who searches.</param>
    /// <param name="request">What all probes have in common.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="keep">Takes the answers, in the transaction that records the searches: either is kept with the other.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="Galleries.Errors.StoreException">A store or the audit cannot be read or written.</exception>
    public async Task SearchAsync(
        Actor actor, SearchRequest request, IReadOnlyList<TogetherProbe> probes, Action<IReadOnlyList<TogetherAnswer>> keep,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(probes);
        // Encounters of one gallery, and photos: what is asked of a gallery is asked once.
        foreach (var group in probes.GroupBy(probe => (
            probe.EncounterGallery, IsPhoto: probe.EncounterId is null, IsApproved: probe.ApprovalId is not null)))
        {
            var some = group.ToList();
            try
            {
                var common = request with
                {
                    EncounterId = some[0].EncounterId,
                    EncounterGallery = some[0].EncounterGallery,
                    ApprovalId = some[0].ApprovalId,
                };
                var ruled = await refusals.KeepAsync(
                    actor, "search.refused", () => Refused(common, null), () => Task.FromResult(Ruled(actor, common)));
                await SearchAsync(actor, ruled, some, keep, cancellationToken);
            }
            catch (Exception e) when (e is not Galleries.Errors.StoreException && ErrorCodes.Of(e) is not null)
            {
                book.Transact(() =>
                {
                    keep([.. some.Select(probe => new TogetherAnswer(probe.Number, null, e))]);
                    return 0;
                });
            }
        }
    }

    private async Task SearchAsync(
        Actor actor, RuledSearch ruled, IReadOnlyList<TogetherProbe> probes, Action<IReadOnlyList<TogetherAnswer>> keep,
        CancellationToken cancellationToken)
    {
        var answers = new List<TogetherAnswer>();
        var ready = new List<(TogetherProbe Asked, BatchedProbe Probe, ClaimedApproval? Claimed, RuledSearch Ruled)>();
        try
        {
            foreach (var probe in probes)
            {
                var own = ruled with
                {
                    Request = ruled.Request with
                    {
                        EncounterId = probe.EncounterId, EncounterGallery = probe.EncounterGallery, ApprovalId = probe.ApprovalId,
                    },
                };
                ClaimedApproval? claimed = null;
                try
                {
                    claimed = refusals.Keep(
                        actor, "search.refused", () => Refused(own.Request, probe.ApprovalId),
                        () => searching.Claim(actor, own, probe.ApprovalId));
                    ready.Add((probe, Batched(actor, own, probe), claimed, own));
                }
                catch (CodedException e)
                {
                    claimed?.Dispose();
                    answers.Add(new TogetherAnswer(probe.Number, null, e));
                }
            }
            var made = ready.Count == 0 ? [] : await MakeAsync(actor, ruled, ready, answers, cancellationToken);
            Record(made, answers, keep);
        }
        finally
        {
            foreach (var (asked, probe, claimed, _) in ready)
            {
                claimed?.Dispose();
                if (asked.Photo is null)
                    probe.Dispose();
            }
        }
    }

    private async Task<IReadOnlyList<(int Number, MadeSearch Made)>> MakeAsync(
        Actor actor, RuledSearch ruled, List<(TogetherProbe Asked, BatchedProbe Probe, ClaimedApproval? Claimed, RuledSearch Ruled)> ready,
        List<TogetherAnswer> answers, CancellationToken cancellationToken)
    {
        var card = workers.Card(ruled.Scopes[0].Gallery.Model.Id);
        var found = await Task.Run(
            () => GallerySearch.SearchBatch(
                ruled.Scopes, [.. ready.Select(probe => probe.Probe)], card, ruled.Options, cancellationToken),
            cancellationToken);
        var writing = new List<(int Number, Task<MadeSearch> Made)>();
        foreach (var (searched, (asked, _, claimed, own)) in found.Zip(ready))
        {
            if (searched.List is { } list)
                // Events that are written at one time share a commit.
                writing.Add((asked.Number, searching.WriteAsync(actor, own, list, claimed, asked.Digest, () => list.Elapsed.Total)));
            else
                answers.Add(new TogetherAnswer(asked.Number, null, searched.Unsaid));
        }
        await Task.WhenAll(writing.Select(one => one.Made));
        return [.. writing.Select(one => (one.Number, one.Made.Result))];
    }

    private void Record(
        IReadOnlyList<(int Number, MadeSearch Made)> made, List<TogetherAnswer> answers, Action<IReadOnlyList<TogetherAnswer>> keep)
    {
        try
        {
            book.Transact(() =>
            {
                foreach (var (_, one) in made)
                    searching.Record(one);
                keep([.. answers, .. made.Select(one => new TogetherAnswer(one.Number, one.Made.Answer, null))]);
                return 0;
            });
        }
        catch (CodedException) when (made.Count > 1)
        {
            // One of them cannot be recorded, and nothing was: each by itself.
            foreach (var one in made)
                Record([one], [], keep);
            Record([], answers, keep);
        }
        catch (CodedException e) when (made.Count == 1)
        {
            Record([], [.. answers, new TogetherAnswer(made[0].Number, null, e)], keep);
        }
    }

    private BatchedProbe Batched(Actor actor, RuledSearch ruled, TogetherProbe probe)
    {
        if (probe.Photo is { } photo)
            return BatchedProbe.Of(photo);
        var home = searching.Home(actor, ruled.Request, ruled.Scopes);
        if (home.Model != ruled.Scopes[0].Gallery.Model)
            throw new CodedException(
                ErrorCodes.ModelMismatch, $"gallery '{home.Name}' holds templates of model '{home.Model.Id}', not of those searched");
        return BatchedProbe.Find(home, probe.EncounterId!, ruled.Options.IncludeOwnSubject)
            ?? throw SearchingGalleries.NoEncounter(home.Name);
    }

    private RuledSearch Ruled(Actor actor, SearchRequest request)
    {
        actor.Require(Policies.Search);
        if (request.Examine)
            throw new CodedException(
                ErrorCodes.BadValue,
                "an examination compares photos, and of several probes none is kept: search with that photo by itself");
        var ruled = searching.Rule(actor, request);
        if (ruled.Searched.FirstOrDefault(gallery => gallery.Ruling.IsAlwaysExamined || gallery.Ruling.IsHeld) is { } examined)
            throw new CodedException(
                ErrorCodes.NotOffered,
                $"gallery '{examined.Gallery.Name}': its lists go to examiners with the photo: search with each photo by itself");
        return ruled;
    }

    private static RefusedRequest Refused(SearchRequest request, string? approval) => new(
        [.. request.Galleries ?? [], .. request.EncounterGallery is { } home ? [home] : Array.Empty<string>()],
        Purpose: Purposes.Told(request.Purpose), Approval: approval);
}
