using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Identification;

/// <summary>Runs a 1:N evaluation: from searches to FNIR, FPIR and CMC with intervals.</summary>
public static class IdentificationEvaluation
{
    private const int CmcRanks = 100;

    /// <summary>Makes the searches that a protocol wants and evaluates them.</summary>
    /// <param name="embeddings">One embedding a photo.</param>
    /// <param name="images">Their subjects and labels.</param>
    /// <param name="protocol">What is wanted.</param>
    /// <param name="faults">Takes what cannot be used.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">The input does not allow the evaluation.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IdentificationResult Run(
        EmbeddingSet embeddings, DataSet images, Protocol protocol, InputFaults faults, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        var chosen = PhotoFilter.Apply(images, protocol.Filter, protocol.PhotosPerSubject, protocol.Half);
        var searches = GallerySearch.Run(
            PhotoFilter.Only(embeddings, images, chosen), chosen, protocol.Identification, faults, progress, cancellationToken);
        return Run(searches, protocol, cancellationToken);
    }

    /// <summary>Evaluates searches.</summary>
    /// <param name="nested">One set for each gallery size, rising; the last is the whole gallery.</param>
    /// <param name="protocol">What is wanted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">There is no search.</exception>
    public static IdentificationResult Run(
        IReadOnlyList<SearchSet> nested, Protocol protocol, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(nested);
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        if (nested.Count == 0 || nested[^1].Searches.Count == 0)
            throw new EvaluationException("there is no search to evaluate");
        var plan = protocol.Identification;
        var notes = new List<string>();
        var whole = new OpenSet(nested[^1]);
        var images = nested[^1].Images;
        if (whole.NonMated == 0)
            notes.Add("There is no non-mated search: FPIR is not known, and only rates without threshold are given.");
        if (whole.Mated == 0)
            notes.Add("There is no mated search: FNIR is not known.");
        if (images is null)
            notes.Add(
                "The searches came without subjects: intervals take searches as independent and "
                    + "are too narrow where searches share subjects.");
        notes.Add("FPIR holds for this gallery: its interval covers the choice of probes, not the choice of enrolled subjects.");

        var wanted = new List<SubjectRate>();
        // A rate over searches: its interval comes later, from one draw of the subjects for all of them.
        Func<IReadOnlyList<BootstrapResult>?, RateEstimate> Want(IEnumerable<Search> trials, Func<Search, bool> isError)
        {
            var searches = trials as Search[] ?? [.. trials];
            var errors = searches.Count(isError);
            if (images is null || searches.Any(s => s.Subject < 0))
                return _ => RateEstimate.Independent(errors, searches.Length);
            var (e, n) = (new long[images.Subjects.Count], new long[images.Subjects.Count]);
            foreach (var search in searches)
            {
                n[search.Subject]++;
                e[search.Subject] += isError(search) ? 1 : 0;
            }
            var place = wanted.Count;
            wanted.Add(new OneWayRate(e, n));
            return drawn => drawn is null ? RateEstimate.Independent(errors, searches.Length) : drawn[place].ToEstimate();
        }
        Func<IReadOnlyList<BootstrapResult>?, IdentificationPoint> PointAt(OpenSet set, double fpir)
        {
            var threshold = set.Mated == 0 ? null : set.ThresholdAt(fpir);
            if (threshold is not { } t)
                return _ => new IdentificationPoint(fpir, null, null, null, null, false, set.NonMated);
            var positive = Want(set.Searches.NonMated, s => !s.HasFailed && s.HighestNonMate >= t);
            var miss = Want(set.Searches.Mated, s => s.IsMiss(int.MaxValue, t));
            var (mean, cut) = set.Selectivity(t);
            return drawn => new IdentificationPoint(fpir, t, positive(drawn), miss(drawn), mean, cut, set.NonMated);
        }

        var rates = plan.FalsePositiveRates.Distinct().OrderDescending().ToArray();
        var points = rates.Select(fpir => PointAt(whole, fpir)).ToArray();
        var ranks = plan.Ranks.Distinct().Order()
            .Select(rank => (Rank: rank, Fnir: Want(whole.Searches.Mated, s => s.IsMiss(rank, double.NegativeInfinity)))).ToArray();
        if (whole.Searches.ListLength is { } length && plan.Ranks.Any(r => r > length))
            notes.Add($"Candidate lists have {length} rows: a mate beyond them counts as missed at every rank.");
        var globalFpir = rates.Cast<double?>().LastOrDefault(f => whole.Mated > 0 && whole.ThresholdAt(f!.Value) is not null);
        var global = globalFpir is { } g ? whole.ThresholdAt(g) : null;

        var sizes = nested.Select(set => (Set: set, Open: new OpenSet(set))).Select(x => (
            x.Set,
            x.Open,
            RankOne: Want(x.Set.Mated, s => s.IsMiss(1, double.NegativeInfinity)),
            Points: ReferenceEquals(x.Set, nested[^1]) ? points : [.. rates.Select(fpir => PointAt(x.Open, fpir))],
            Fpir: global is { } t ? Want(x.Set.NonMated, s => !s.HasFailed && s.HighestNonMate >= t) : null,
            Fnir: global is { } u ? Want(x.Set.Mated, s => s.IsMiss(int.MaxValue, u)) : null)).ToArray();

        var slices = new List<Func<IReadOnlyList<BootstrapResult>?, IdentificationSlice>>();
        if (protocol.Slices.Count > 0 && images is null)
            notes.Add("Slices were asked for and cannot be given: the searches came without metadata.");
        else if (images is not null && global is { } at)
        {
            foreach (var slicing in Slicing.All(images, protocol, notes))
            {
                for (var value = 0; value < slicing.Values.Count; value++)
                {
                    var v = value;
                    var own = whole.Searches.Searches.Where(s => s.Photo >= 0 && slicing.ValueOf[s.Photo] == v).ToArray();
                    var subjects = own.Select(s => s.Subject).Distinct().Count();
                    var (miss, positive, rankOne) = (
                        Want(own.Where(s => s.IsMated), s => s.IsMiss(int.MaxValue, at)),
                        Want(own.Where(s => !s.IsMated), s => !s.HasFailed && s.HighestNonMate >= at),
                        Want(own.Where(s => s.IsMated), s => s.IsMiss(1, double.NegativeInfinity)));
                    slices.Add(drawn => new IdentificationSlice(
                        slicing.By, slicing.Values[v], subjects, miss(drawn), positive(drawn), rankOne(drawn),
                        subjects < protocol.MinimumSubjects));
                }
            }
        }
        var ageing = images is not null && global is { } threshold2 && protocol.Ageing is { } bands
            ? AgeingOf(whole.Searches, images, bands, threshold2, protocol, Want)
            : [];

        IReadOnlyList<BootstrapResult>? results = null;
        if (images is not null && protocol.Bootstrap.Replicates > 0 && wanted.Count > 0)
            results = new SubjectBootstrap(images.Subjects.Count, protocol.Bootstrap.Replicates, protocol.Bootstrap.Seed).Run(
                wanted, null, cancellationToken);
        return new IdentificationResult
        {
            Searches = whole.Searches,
            Points = [.. points.Select(p => p(results))],
            Ranks = [.. ranks.Select(r => new RankPoint(r.Rank, r.Fnir(results)))],
            Cmc = whole.Mated == 0
                ? []
                : whole.Cmc(Math.Min(CmcRanks, Math.Max(1, whole.Searches.ListLength ?? whole.Searches.GallerySize))),
            Curve = whole.Curve(),
            Sizes = [.. sizes.Select(s => new GallerySizePoint(
                s.Set.GallerySize, s.Open.Mated, s.Open.NonMated, s.RankOne(results), [.. s.Points.Select(p => p(results))],
                s.Fpir?.Invoke(results), s.Fnir?.Invoke(results)))],
            GlobalThreshold = global,
            GlobalFpir = globalFpir,
            Slices = [.. slices.Select(s => s(results))],
            Ageing = [.. ageing.Select(a => a(results))],
            Notes = notes,
        };
    }

    private static Func<IReadOnlyList<BootstrapResult>?, AgeingBand>[] AgeingOf(
        SearchSet searches,
        DataSet images,
        AgeingPlan plan,
        double threshold,
        Protocol protocol,
        Func<IEnumerable<Search>, Func<Search, bool>, Func<IReadOnlyList<BootstrapResult>?, RateEstimate>> want)
    {
        var found = new List<Func<IReadOnlyList<BootstrapResult>?, AgeingBand>>();
        void Add(string by, IReadOnlyList<double> edges, Func<Search, double> value)
        {
            var banded = searches.Mated.Where(s => s.Photo >= 0 && s.MatePhoto >= 0).Select(s => (Search: s, Number: value(s)));
            foreach (var band in banded.Where(b => !double.IsNaN(b.Number)).GroupBy(b => Bands.Of(b.Number, edges))
                .Where(b => b.Key is not null).OrderBy(b => b.Key))
            {
                var own = band.Select(b => b.Search).ToArray();
                var subjects = own.Select(s => s.Subject).Distinct().Count();
                var rate = want(own, s => s.IsMiss(int.MaxValue, threshold));
                found.Add(drawn => new AgeingBand(by, band.Key!.Value.Text, subjects, rate(drawn), subjects < protocol.MinimumSubjects));
            }
        }
        if (plan.DateColumn is { } dateColumn && images.HasColumn(dateColumn))
        {
            var dates = images.Column(dateColumn).Select(Ageing.YearOf).ToArray();
            Add("years between captures", plan.YearBands, s => Math.Abs(dates[s.Photo] - dates[s.MatePhoto]));
        }
        if (plan.AgeColumn is { } ageColumn && images.HasColumn(ageColumn))
        {
            var ages = images.Column(ageColumn).Select(Ageing.AgeOf).ToArray();
            Add("age at enrolment", plan.AgeBands, s => ages[s.MatePhoto]);
        }
        return [.. found];
    }
}
