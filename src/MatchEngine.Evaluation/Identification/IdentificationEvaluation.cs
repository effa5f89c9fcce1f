using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Extremes;
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
        return Run(searches, protocol, faults, cancellationToken);
    }

    /// <summary>Evaluates searches.</summary>
    /// <param name="nested">One set for each gallery size, rising; the last is the whole gallery.</param>
    /// <param name="protocol">What is wanted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">There is no search.</exception>
    public static IdentificationResult Run(
        IReadOnlyList<SearchSet> nested, Protocol protocol, CancellationToken cancellationToken = default) =>
        Run(nested, protocol, null, cancellationToken);

    /// <summary>Evaluates searches and names labels that cannot be used.</summary>
    /// <param name="nested">One set for each gallery size, rising; the last is the whole gallery.</param>
    /// <param name="protocol">What is wanted.</param>
    /// <param name="faults">Takes labels that cannot be used; null where they were named before.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">There is no search, or a label is at fault and the run is strict.</exception>
    public static IdentificationResult Run(
        IReadOnlyList<SearchSet> nested, Protocol protocol, InputFaults? faults, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(nested);
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        if (nested.Count == 0 || nested[^1].Searches.Count == 0)
            throw new EvaluationException("there is no search to evaluate");
        var plan = protocol.Identification;
        var notes = new List<string>(nested[^1].Notes);
        var whole = new OpenSet(nested[^1]);
        var images = nested[^1].Images;
        if (whole.NonMated == 0)
            notes.Add("There is no non-mated search: FPIR is not known, and only rates without threshold are given.");
        if (whole.Mated == 0)
            notes.Add(
                "There is no mated search: FNIR is not known. A mated search needs a second photo of an enrolled subject: add photos, or "
                    + "look at identification.gallery and identification.probes of the protocol.");
        if (images is null)
            notes.Add(
                "The searches came without subjects: intervals take searches as independent and "
                    + "are too narrow where searches share subjects.");
        notes.Add("FPIR holds for this gallery: its interval covers the choice of probes, not the choice of enrolled subjects.");

        var wanted = new List<SubjectRate>();
        // A rate over searches: its interval comes later, from one draw of the subjects for all of them.
        WantedRate Want(IEnumerable<Search> trials, Func<Search, bool> isError)
        {
            var searches = trials as Search[] ?? [.. trials];
            var errors = searches.Count(isError);
            if (images is null || searches.Any(s => s.Subject < 0))
                return new WantedRate(null, -1, RateEstimate.Independent(errors, searches.Length));
            var (e, n) = (new long[images.Subjects.Count], new long[images.Subjects.Count]);
            foreach (var search in searches)
            {
                n[search.Subject]++;
                e[search.Subject] += isError(search) ? 1 : 0;
            }
            wanted.Add(new OneWayRate(e, n));
            return new WantedRate(wanted[^1], wanted.Count - 1, wanted[^1].Undrawn());
        }
        // At a wanted FPIR each draw sets its own threshold; a given threshold stays where it is.
        Func<IReadOnlyList<BootstrapResult>?, IdentificationPoint> PointAt(OpenSet set, double? fpir, double? given)
        {
            var threshold = given ?? (set.Mated == 0 ? null : set.ThresholdAt(fpir!.Value));
            if (threshold is not { } t)
                return _ => new IdentificationPoint(fpir, null, null, null, null, false, set.NonMated);
            var positive = Want(set.Searches.NonMated, s => !s.HasFailed && s.HighestNonMate >= t);
            var miss = Want(set.Searches.Mated, s => s.IsMiss(int.MaxValue, t));
            var (mean, cut) = set.Selectivity(t);
            var measured = set.NonMated == 0 ? double.NaN : set.Fpir(t);
            double FnirAt(double times) => set.Fnir(set.ThresholdWhere(measured * times));
            return drawn => new IdentificationPoint(
                fpir, t, positive.Estimate(drawn), fpir is null ? miss.Estimate(drawn) : miss.EstimateAt(positive, FnirAt, drawn), mean,
                    cut,
                set.NonMated);
        }

        var rates = plan.FalsePositiveRates.Distinct().OrderDescending().ToArray();
        var points = rates.Select(fpir => PointAt(whole, fpir, null)).ToArray();
        var given = protocol.Thresholds.Distinct().Select(t => PointAt(whole, null, t)).ToArray();
        var ranks = plan.Ranks.Distinct().Order()
            .Select(rank => (Rank: rank, Fnir: Want(whole.Searches.Mated, s => s.IsMiss(rank, double.NegativeInfinity)))).ToArray();
        if (whole.Searches.ListLength is { } length && plan.Ranks.Any(r => r > length))
            notes.Add($"Candidate lists have {length} rows: a mate beyond them counts as missed at every rank.");
        var globalFpir = rates.Cast<double?>().LastOrDefault(f => whole.Mated > 0 && whole.ThresholdAt(f!.Value) is not null);
        var global = protocol.Thresholds.Count > 0 ? protocol.Thresholds[0] : globalFpir is { } g ? whole.ThresholdAt(g) : null;
        if (protocol.Thresholds.Count > 0)
            globalFpir = null;

        var sizes = nested.Select(set => (Set: set, Open: new OpenSet(set))).Select(x => (
            x.Set,
            x.Open,
            RankOne: Want(x.Set.Mated, s => s.IsMiss(1, double.NegativeInfinity)),
            Points: ReferenceEquals(x.Set, nested[^1]) ? points : [.. rates.Select(fpir => PointAt(x.Open, fpir, null))],
            Fpir: global is { } t ? Want(x.Set.NonMated, s => !s.HasFailed && s.HighestNonMate >= t) : null,
            Fnir: global is { } u ? Want(x.Set.Mated, s => s.IsMiss(int.MaxValue, u)) : null)).ToArray();

        var slicings = new List<Func<IReadOnlyList<BootstrapResult>?, IdentificationSlicing>>();
        Slicing[] sliced = images is null ? [] : [.. Slicing.All(images, protocol, notes, faults)];
        if (protocol.Slices.Count > 0 && images is null)
            notes.Add("Slices were asked for and cannot be given: the searches came without metadata.");
        else if (global is { } at)
        {
            foreach (var slicing in sliced)
            {
                var groups = slicing.Values.Select((value, v) =>
                {
                    var own = whole.Searches.Searches.Where(s => s.Photo >= 0 && slicing.ValueOf[s.Photo] == v).ToArray();
                    return new IdentificationSlicing.Group(
                        value,
                        own.Select(s => s.Subject).Distinct().Count(),
                        Want(own.Where(s => s.IsMated), s => s.IsMiss(int.MaxValue, at)),
                        Want(own.Where(s => !s.IsMated), s => !s.HasFailed && s.HighestNonMate >= at),
                        Want(own.Where(s => s.IsMated), s => s.IsMiss(1, double.NegativeInfinity)));
                }).ToArray();
                slicings.Add(drawn => IdentificationSlicing.Of(slicing.By, groups, slicing.ReferenceIn(protocol), protocol, drawn));
            }
        }
        var ageing = images is not null && global is { } threshold2 && protocol.Ageing is { } bands
            ? AgeingOf(whole.Searches, images, bands, threshold2, protocol, Want)
            : [];

        var leads = Leads(whole, sliced, protocol, Want);
        var refusals = images is null ? null
            : new RefusalCounts(images, whole.Searches.Tried, whole.Searches.AcquisitionFaults, sliced, protocol);
        var refusalsPlace = wanted.Count;
        wanted.AddRange(refusals?.Rates ?? []);

        IReadOnlyList<BootstrapResult>? results = null;
        if (images is not null && protocol.Bootstrap.Replicates > 0 && wanted.Count > 0)
            results = new SubjectBootstrap(images.Subjects.Count, protocol.Bootstrap.Replicates, protocol.Bootstrap.Seed).Run(
                wanted, null, cancellationToken);
        var (slicingResults, refused) = IdentificationSlicing.Corrected(
            [.. slicings.Select(s => s(results))], refusals?.Result(results?.Skip(refusalsPlace).ToArray()) ?? []);
        return new IdentificationResult
        {
            Searches = whole.Searches,
            Points = [.. points.Select(p => p(results))],
            Thresholds = [.. given.Select(p => p(results))],
            Ranks = [.. ranks.Select(r => new RankPoint(r.Rank, r.Fnir.Estimate(results)))],
            Cmc = whole.Mated == 0
                ? []
                : whole.Cmc(Math.Min(CmcRanks, Math.Max(1, whole.Searches.ListLength ?? whole.Searches.GallerySize))),
            Curve = whole.Curve(),
            Sizes = [.. sizes.Select(s => new GallerySizePoint(
                s.Set.GallerySize, s.Open.Mated, s.Open.NonMated, s.RankOne.Estimate(results), [.. s.Points.Select(p => p(results))],
                s.Fpir?.Estimate(results), s.Fnir?.Estimate(results)))],
            GlobalThreshold = global,
            GlobalFpir = globalFpir,
            Slicings = slicingResults,
            Leads = [.. leads.Select(l => l(results))],
            Refusals = refused,
            Extrapolation = images is null || protocol.Bootstrap.Replicates == 0 ? null : Extrapolate(whole, images, protocol),
            Ageing = [.. ageing.Select(a => a(results))],
            Notes = notes,
        };
    }

    // N times as large a gallery is as many galleries: no false positive there means none in any of them.
    private static Extrapolation? Extrapolate(OpenSet whole, DataSet images, Protocol protocol)
    {
        var (size, plan) = (whole.Searches.GallerySize, protocol.Identification);
        var rates = plan.FalsePositiveRates.Distinct().OrderDescending().ToArray();
        var sizes = new[] { 1, 3, 10, 30, 100, 300, 1000 };
        var wanted = sizes.SelectMany(times => rates.Select(rate => (
                rate, (int?)Math.Min(int.MaxValue, (long)size * times), times == 1 ? rate : 1 - Math.Pow(1 - rate, 1.0 / times))))
            .Where(w => w.Item2 != size || !OperatingPoint.IsSupported(w.rate, whole.NonMated)).ToArray();
        var (nonMated, known) = (whole.Searches.NonMated.ToArray(), whole.Searches.Searches.All(s => s.Subject >= 0));
        return !known ? null : Extrapolation.Of(
            [.. nonMated.Where(s => !s.HasFailed && !double.IsNegativeInfinity(s.HighestNonMate))
                .Select(s => (s.HighestNonMate, s.Subject, s.Subject))],
            nonMated.Length,
            wanted,
            threshold =>
            {
                var (errors, trials) = (new long[images.Subjects.Count], new long[images.Subjects.Count]);
                foreach (var search in nonMated)
                {
                    trials[search.Subject]++;
                    errors[search.Subject] += !search.HasFailed && search.HighestNonMate >= threshold ? 1 : 0;
                }
                return new OneWayRate(errors, trials);
            },
            [.. whole.Searches.Mated.Select(s => (s.HasFailed || s.MateScore is not { } score ? double.NaN : score, s.Subject))],
            new SubjectBootstrap(images.Subjects.Count, protocol.Bootstrap.Replicates, protocol.Bootstrap.Seed));
    }

    // Over all floors: which group's strangers are returned, against how often anybody is.
    private static Func<IReadOnlyList<BootstrapResult>?, LeadPoint>[] Leads(
        OpenSet whole, Slicing[] slicings, Protocol protocol, Func<IEnumerable<Search>, Func<Search, bool>, WantedRate> want)
    {
        var floors = LeadPoint.Levels.Select(whole.ThresholdAt).Where(t => t is not null).Select(t => t!.Value).Distinct().ToArray();
        var found = new List<Func<IReadOnlyList<BootstrapResult>?, LeadPoint>>();
        void Add(string by, string value, Search[] own, bool isMarked)
        {
            foreach (var floor in floors)
            {
                var (lead, positive, miss) = (
                    want(own, s => s.HasLead(floor)), want(own.Where(s => !s.IsMated), s => s.HasLead(floor)),
                    want(own.Where(s => s.IsMated), s => s.IsMiss(int.MaxValue, floor)));
                found.Add(drawn => new LeadPoint(
                    by, value, floor, lead.Estimate(drawn), positive.Estimate(drawn), miss.Estimate(drawn), isMarked));
            }
        }
        Add(RefusalSlicing.Everybody, RefusalSlicing.Everybody, [.. whole.Searches.Searches], false);
        foreach (var slicing in slicings)
        {
            for (var value = 0; value < slicing.Values.Count; value++)
            {
                var own = whole.Searches.Searches.Where(s => s.Photo >= 0 && slicing.ValueOf[s.Photo] == value).ToArray();
                if (own.Length > 0)
                    Add(slicing.By, slicing.Values[value], own, own.Select(s => s.Subject).Distinct().Count() < protocol.MinimumSubjects);
            }
        }
        return [.. found];
    }

    private static Func<IReadOnlyList<BootstrapResult>?, AgeingBand>[] AgeingOf(
        SearchSet searches,
        DataSet images,
        AgeingPlan plan,
        double threshold,
        Protocol protocol,
        Func<IEnumerable<Search>, Func<Search, bool>, WantedRate> want)
    {
        var found = new List<Func<IReadOnlyList<BootstrapResult>?, AgeingBand>>();
        void Add(string by, Func<Search, (double First, double Second, string Text)?> bandOf)
        {
            var banded = searches.Mated.Where(s => s.Photo >= 0 && s.MatePhoto >= 0).Select(s => (Search: s, Band: bandOf(s)));
            foreach (var band in banded.Where(b => b.Band is not null).GroupBy(b => b.Band!.Value).OrderBy(b => b.Key))
            {
                var own = band.Select(b => b.Search).ToArray();
                var subjects = own.Select(s => s.Subject).Distinct().Count();
                var rate = want(own, s => s.IsMiss(int.MaxValue, threshold));
                found.Add(drawn => new AgeingBand(by, band.Key.Text, subjects, rate.Estimate(drawn), subjects < protocol.MinimumSubjects));
            }
        }
        var times = new CaptureTimes(images, plan);
        (double First, double Second, string Text)? Years(Search s) => Ageing.Band(times.Years(s.Photo, s.MatePhoto), plan.YearBands);
        (double First, double Second, string Text)? Enrolled(Search s) => Ageing.Band(times.Age(s.MatePhoto), plan.AgeBands);
        if (times.HasYears)
            Add(AgeingNames.Years, Years);
        if (!times.HasAges)
            return [.. found];
        Add(AgeingNames.AgeAtEnrolment, Enrolled);
        Add(AgeingNames.AgeAndYears, s => Ageing.Cross(Enrolled(s), Years(s), (a, b) => $"{a} × {b}"));
        Add(AgeingNames.AgeThenAge, s => Ageing.Cross(Enrolled(s), Ageing.Band(times.Age(s.Photo), plan.AgeBands), AgeingNames.Then));
        double[] adult = [0, plan.AdultAge];
        if (times.HasChildren(plan.AdultAge))
            Add(AgeingNames.ChildAdult, s => Ageing.Cross(
                Ageing.Word(Ageing.Band(times.Age(s.MatePhoto), adult)), Ageing.Word(Ageing.Band(times.Age(s.Photo), adult)),
                AgeingNames.Then));
        return [.. found];
    }
}
