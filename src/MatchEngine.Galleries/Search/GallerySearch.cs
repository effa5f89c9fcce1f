using System.Diagnostics;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Search;

/// <summary>
/// A search of one gallery or several: one list in rank order, one row for each subject of each gallery. Subjects of different galleries
/// are different rows even if their ids are the same, for nobody knows whether they are one person.
/// </summary>
public static class GallerySearch
{
    /// <summary>
    /// Searches for the face of a probe, or for all of them (<see cref="SearchOptions.Face"/>), in one pass over the photo and one over
    /// each gallery. Nothing of the probe is kept: embeddings and templates are cleared before this returns.
    /// </summary>
    /// <param name="galleries">What is searched, at least one, all of one model.
    /// Of candidates with equal scores those of an earlier gallery stand first.</param>
    /// <param name="extractor">Makes the embedding; it must work with the galleries' model.</param>
    /// <param name="probe">The encoded image; the caller owns and clears it (see <see cref="ImageBytes"/>).</param>
    /// <param name="options">List length, floor, face; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="AcquisitionException">The probe gives no template: no face, several faces, undecodable, …</exception>
    /// <exception cref="ModelMismatchException">The extractor, or one of the galleries, works with another model.</exception>
    /// <exception cref="ArgumentException">There is no gallery, one stands there twice,
    /// or the list is shorter than its smallest number of candidates.</exception>
    /// <exception cref="FilterRefusedException">A filter asks for what the searcher may not see.</exception>
    /// <exception cref="UnsaidFloorException">A floor by expected strangers was asked for and cannot be said.</exception>
    /// <exception cref="StoreException">A store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">A gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CandidateList Search(
        IReadOnlyList<GalleryScope> galleries, IFaceExtractor extractor, ReadOnlySpan<byte> probe, SearchOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        options ??= new SearchOptions();
        // Before any image is touched.
        Require(galleries, extractor.Model, options);
        var started = Stopwatch.GetTimestamp();
        using var faces = Probe.Of(extractor, probe, options.Face, options.MinQuality, options.Preparation, cancellationToken);
        return Run(galleries, faces, extractor.Model, options, started, null, cancellationToken);
    }

    /// <summary>Searches one gallery and lists everything that it knows of the candidates; else as the search of several.</summary>
    /// <param name="gallery">What is searched.</param>
    /// <param name="extractor">Makes the embedding; it must work with the gallery's model.</param>
    /// <param name="probe">The encoded image; the caller owns and clears it (see <see cref="ImageBytes"/>).</param>
    /// <param name="options">List length, floor, face, least quality; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <inheritdoc cref="Search(IReadOnlyList{GalleryScope}, IFaceExtractor, ReadOnlySpan{byte}, SearchOptions?, CancellationToken)"/>
    public static CandidateList Search(
        this Gallery gallery, IFaceExtractor extractor, ReadOnlySpan<byte> probe, SearchOptions? options = null,
        CancellationToken cancellationToken = default) =>
        Search([new GalleryScope(gallery, BiographicFields.All)], extractor, probe, options, cancellationToken);

    /// <summary>Searches with a template that is ready. The caller owns it and erases it.</summary>
    /// <param name="galleries">As for the other search.</param>
    /// <param name="probe">The template; its model must be the galleries'.</param>
    /// <param name="model">The model's card, for its calibration.</param>
    /// <param name="options">List length and floor; null for the defaults. <see cref="SearchOptions.Face"/> plays no part.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ModelMismatchException">The template, the card, or one of the galleries is of another model.</exception>
    /// <exception cref="ArgumentException">As for the other search.</exception>
    /// <exception cref="FilterRefusedException">A filter asks for what the searcher may not see.</exception>
    /// <exception cref="UnsaidFloorException">A floor by expected strangers was asked for and cannot be said.</exception>
    /// <exception cref="StoreException">A store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">A gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CandidateList Search(
        IReadOnlyList<GalleryScope> galleries, Template probe, EmbedderCard model, SearchOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new SearchOptions();
        Require(galleries, model, options);
        if (probe.Model != galleries[0].Gallery.Model.Digest)
            throw new ModelMismatchException(galleries[0].Gallery.Model.Digest, probe.Model);
        using var ready = Probe.Of(probe);
        return Run(galleries, ready, model, options, Stopwatch.GetTimestamp(), null, cancellationToken);
    }

    /// <summary>
    /// Searches with the template of an enrolled encounter. Its own subject is left out, unless the options say otherwise.
    /// </summary>
    /// <param name="galleries">As for the other search; the encounter's own gallery need not be among them.</param>
    /// <param name="home">The gallery that holds the encounter.</param>
    /// <param name="encounterId">The encounter.</param>
    /// <param name="model">The model's card, for its calibration.</param>
    /// <param name="options">List length, floor, <see cref="SearchOptions.IncludeOwnSubject"/>; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The list; null when there is no such encounter.</returns>
    /// <exception cref="ModelMismatchException">The card or one of the galleries is of another model.</exception>
    /// <exception cref="ArgumentException">As for the other search.</exception>
    /// <exception cref="FilterRefusedException">A filter asks for what the searcher may not see.</exception>
    /// <exception cref="UnsaidFloorException">A floor by expected strangers was asked for and cannot be said.</exception>
    /// <exception cref="StoreException">A store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">A gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static CandidateList? SearchByEncounter(
        IReadOnlyList<GalleryScope> galleries, Gallery home, string encounterId, EmbedderCard model, SearchOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(home);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new SearchOptions();
        Require(galleries, model, options);
        home.Model.Require(home.Name, model);
        var started = Stopwatch.GetTimestamp();
        using var probe = EnrolledProbe.Find(home, encounterId, options.IncludeOwnSubject);
        return probe is null
            ? null
            : Run(galleries, probe.Probe, model, options, started, probe.Own, cancellationToken) with { ProbeEncounterId = encounterId };
    }

    /// <summary>
    /// Searches with several probes in one pass over each gallery: what a template costs to read from memory is paid once for all of them.
    /// Each gets the list that a search of its own would give it.
    /// </summary>
    /// <remarks>
    /// One difference: the subject of an enrolled encounter is left out of its own list, and is among those whose scores were counted for
    /// the strangers to expect, as the one possible mate that it is.
    /// </remarks>
    /// <param name="galleries">As for the search with one probe.</param>
    /// <param name="probes">The probes, at least one, their templates of the galleries' model.</param>
    /// <param name="model">The model's card, for its calibration.</param>
    /// <param name="options">List length and floor; null for the defaults. <see cref="SearchOptions.Face"/> plays no part.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>One result a probe, in their order.</returns>
    /// <exception cref="ModelMismatchException">A template, the card, or one of the galleries is of another model.</exception>
    /// <exception cref="ArgumentException">As for the search with one probe; or there is none.</exception>
    /// <exception cref="FilterRefusedException">A filter asks for what the searcher may not see.</exception>
    /// <exception cref="StoreException">A store cannot be read.</exception>
    /// <exception cref="GalleryNotFoundException">A gallery was deleted meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<SearchedProbe> SearchBatch(
        IReadOnlyList<GalleryScope> galleries, IReadOnlyList<BatchedProbe> probes, EmbedderCard model, SearchOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(model);
        if (probes.Count == 0)
            throw new ArgumentException("there is no probe to search with", nameof(probes));
        options ??= new SearchOptions();
        Require(galleries, model, options);
        var templates = probes.SelectMany(probe => probe.Probe.Templates).ToList();
        if (templates.Find(template => template.Model != galleries[0].Gallery.Model.Digest) is { } other)
            throw new ModelMismatchException(galleries[0].Gallery.Model.Digest, other.Model);
        var started = Stopwatch.GetTimestamp();
        var builders = probes.Select(probe => new CandidateListBuilder(model, probe.Probe.Faces)).ToList();
        foreach (var scope in galleries)
        {
            var rule = scope.Rule ?? options;
            // One more for who is left out afterwards: a filter would be another one for each probe.
            var leaving = probes.Any(probe => probe.Own?.Gallery == scope.Gallery.Name) ? 1 : 0;
            var answer = scope.Gallery.Compare(
                templates, rule.ListLength + leaving, Floor(rule), SubjectTally.Request(rule.ListLength, rule.Floor), options.Filter,
                except: null, scope.Searcher, IsExhaustive(options, rule), cancellationToken);
            var at = 0;
            for (var i = 0; i < probes.Count; at += probes[i++].Probe.Templates.Count)
                builders[i].Add(scope.Gallery.Name, scope.Fields, rule, PartOf(answer, at, probes[i], scope.Gallery.Name, rule.ListLength));
        }
        var each = Stopwatch.GetElapsedTime(started) / probes.Count;
        return [.. probes.Select((probe, i) => Built(builders[i], probe, each))];
    }

    private static SearchedProbe Built(CandidateListBuilder builder, BatchedProbe probe, TimeSpan each)
    {
        try
        {
            var extraction = probe.Probe.Elapsed;
            return new SearchedProbe(builder.Build() with
            {
                ProbeEncounterId = probe.EncounterId,
                Elapsed = new SearchTimes(extraction.Decode, extraction.Detect, extraction.Embed, each, each)
                {
                    Assess = extraction.Assess,
                },
            }, null);
        }
        catch (UnsaidFloorException e)
        {
            // Of this probe; the others have their lists.
            return new SearchedProbe(null, e);
        }
    }

    private static GalleryAnswer PartOf(GalleryAnswer answer, int at, BatchedProbe probe, string gallery, int listLength)
    {
        long? own = probe.Own?.Gallery == gallery ? probe.Own.Row : null;
        return answer with
        {
            Answers = [.. answer.Answers.Skip(at).Take(probe.Probe.Templates.Count).Select(hits => hits with
            {
                Hits = [.. hits.Hits.Where(hit => hit.Subject != own).Take(listLength)],
            })],
        };
    }

    // A list that must have several candidates takes them from below the floor where too few reach it: the floor is then applied
    // afterwards.
    private static float? Floor(ListRule rule) => rule.MinCandidates > 0 ? null : rule.Floor;

    // A walk through a graph does not say how many strangers to expect.
    private static bool IsExhaustive(SearchOptions options, ListRule rule) => options.Exhaustive || rule.FloorStrangers is not null;

    private static void Require(IReadOnlyList<GalleryScope> galleries, EmbedderCard model, SearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(galleries);
        if (galleries.Count == 0)
            throw new ArgumentException("there is no gallery to search", nameof(galleries));
        if (galleries.GroupBy(scope => scope.Gallery.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"gallery '{twice.Key}' stands there twice", nameof(galleries));
        foreach (var scope in galleries)
        {
            (scope.Rule ?? options).Require();
            scope.Gallery.Model.Require(scope.Gallery.Name, model);
            if (scope.Fields.FirstHidden(options.Filter?.Keys ?? []) is { } hidden)
                throw new FilterRefusedException(scope.Gallery.Name, hidden);
        }
    }

    private static CandidateList Run(
        IReadOnlyList<GalleryScope> galleries,
        Probe probe,
        EmbedderCard model,
        SearchOptions options,
        long started,
        OwnSubject? own,
        CancellationToken cancellationToken)
    {
        var searchStarted = Stopwatch.GetTimestamp();
        var builder = new CandidateListBuilder(model, probe.Faces);
        foreach (var scope in galleries)
        {
            var rule = scope.Rule ?? options;
            long? except = own?.Gallery == scope.Gallery.Name ? own.Row : null;
            builder.Add(
                scope.Gallery.Name,
                scope.Fields,
                rule,
                scope.Gallery.Compare(
                    probe.Templates, rule.ListLength, Floor(rule),
                    SubjectTally.Request(rule.ListLength, rule.Floor), options.Filter, except,
                    scope.Searcher, IsExhaustive(options, rule), cancellationToken));
        }
        var list = builder.Build();
        var extraction = probe.Elapsed;
        return list with
        {
            Elapsed = new SearchTimes(
                extraction.Decode, extraction.Detect, extraction.Embed, Stopwatch.GetElapsedTime(searchStarted),
                Stopwatch.GetElapsedTime(started)) { Assess = extraction.Assess },
        };
    }
}
