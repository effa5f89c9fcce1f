using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Extremes;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Subjects;

namespace MatchEngine.Evaluation.Verification;

/// <summary>Runs a 1:1 evaluation: from comparisons to error rates, slices and intervals.</summary>
public static class VerificationEvaluation
{
    /// <summary>Makes the comparisons that a protocol wants and evaluates them.</summary>
    /// <param name="embeddings">One embedding a photo.</param>
    /// <param name="images">Their subjects and labels.</param>
    /// <param name="protocol">What is wanted.</param>
    /// <param name="folder">The data set's folder, in which a pairs file is looked for; null when none is needed.</param>
    /// <param name="faults">Takes what cannot be used.</param>
    /// <param name="options">Limits and checkpoint of an all-pairs run.</param>
    /// <param name="qualities">Measures by which photos are refused; the others are compared with the first.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">The input does not allow the evaluation.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static VerificationResult Run(
        EmbeddingSet embeddings,
        DataSet images,
        Protocol protocol,
        string? folder,
        InputFaults faults,
        AllPairsOptions? options = null,
        IReadOnlyList<PhotoQuality>? qualities = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var comparisons = Compare(
            embeddings, images, protocol, folder, faults, options, progress is null ? null : new Part(progress, 0, 0.5), cancellationToken);
        return Run(comparisons, protocol, qualities, faults, progress is null ? null : new Part(progress, 0.5, 1), cancellationToken);
    }

    /// <summary>Makes the comparisons that a protocol wants; see <c>Run</c>.</summary>
    /// <exception cref="EvaluationException">The input does not allow them.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Comparisons Compare(
        EmbeddingSet embeddings,
        DataSet images,
        Protocol protocol,
        string? folder,
        InputFaults faults,
        AllPairsOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(faults);
        protocol.Validate();
        var chosen = PhotoFilter.Apply(images, protocol.Filter, protocol.PhotosPerSubject, protocol.Half);
        var subset = PhotoFilter.Only(embeddings, images, chosen);
        return protocol.Comparisons == ComparisonPlan.AllPairs
            ? AllPairs.Compare(subset, chosen, faults, options, progress, cancellationToken)
            : AllPairs.Compare(subset, chosen, PairsFile.Read(Path.Combine(folder ?? "", protocol.PairsFile!), chosen, faults), faults);
    }

    /// <summary>Evaluates comparisons.</summary>
    /// <param name="comparisons">The comparisons.</param>
    /// <param name="protocol">What is wanted.</param>
    /// <param name="qualities">Measures by which photos are refused; the others are compared with the first.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">The comparisons do not allow the evaluation.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static VerificationResult Run(
        Comparisons comparisons, Protocol protocol, IReadOnlyList<PhotoQuality>? qualities = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) => Run(comparisons, protocol, qualities, null, progress, cancellationToken);

    /// <summary>Evaluates comparisons and names labels that cannot be used.</summary>
    /// <param name="comparisons">The comparisons.</param>
    /// <param name="protocol">What is wanted.</param>
    /// <param name="qualities">Measures by which photos are refused; the others are compared with the first.</param>
    /// <param name="faults">Takes labels that cannot be used; null where they were named before.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="EvaluationException">The comparisons do not allow the evaluation, or a label is at fault and the run is
    /// strict.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static VerificationResult Run(
        Comparisons comparisons, Protocol protocol, IReadOnlyList<PhotoQuality>? qualities, InputFaults? faults,
        IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        ArgumentNullException.ThrowIfNull(protocol);
        protocol.Validate();
        var curve = new DetCurve(comparisons.MatedScores, comparisons.ImpostorScores);
        var notes = new List<string>();
        var images = comparisons.Images;
        if (images is null)
            notes.Add(
                "The scores came without subjects: intervals take comparisons as independent and are "
                    + "too narrow where comparisons share subjects.");

        if (comparisons.UnusedDataSet is { } unused)
            notes.Add($"The score file names no photos: data set '{unused}' was given and could not be used.");

        Slicing[] slicings = [];
        if (protocol.Slices.Count > 0 && images is null)
            notes.Add("Slices were asked for and cannot be given: the scores came without metadata.");
        else if (images is not null)
            slicings = [.. Slicing.All(images, protocol, notes, faults)];
        var (global, globalFmr) = GlobalThreshold(comparisons, curve, slicings, protocol, notes);

        // Every rate that wants an interval is listed first, so that one draw of the subjects serves them all.
        var wanted = new List<SubjectRate>();
        (int Start, int Count) Want(IEnumerable<SubjectRate> rates)
        {
            var start = wanted.Count;
            wanted.AddRange(rates);
            return (start, wanted.Count - start);
        }
        var points = protocol.FalseMatchRates.OrderDescending().Select(fmr =>
        {
            var point = OperatingPoint.IsSupported(fmr, curve.Impostor.Total) ? curve.AtMostFmr(fmr) : (DetPoint?)null;
            var counts = point is { } p && images is not null ? new PointCounts(comparisons, p.Threshold) : null;
            return (Fmr: (double?)fmr, Point: point, Counts: counts, Place: counts is null ? default : Want(counts.Rates));
        }).ToArray();
        var given = protocol.Thresholds.Distinct().Select(threshold =>
        {
            var counts = images is not null ? new PointCounts(comparisons, threshold) : null;
            return (Fmr: (double?)null, Point: (DetPoint?)curve.At(threshold), Counts: counts, Place: counts is null ? default
                : Want(counts.Rates));
        }).ToArray();
        SlicingCounts[] sliced = global is { } atThreshold
            ? [.. slicings.Select(s => new SlicingCounts(comparisons, s, atThreshold, protocol))]
            : [];
        var slicedPlaces = sliced.Select(s => Want(s.Rates)).ToArray();
        var ageing = global is { } t && images is not null && protocol.Ageing is { } plan
            ? new Ageing(comparisons, plan, t, protocol)
            : null;
        var ageingPlace = ageing is null ? default : Want(ageing.Rates);
        if (ageing is { Times.HasDates: false })
            notes.Add(ageing.Times.HasAges
                ? $"No photo has a date in column '{protocol.Ageing!.DateColumn}': time between captures is the difference of ages, in "
                    + "whole years."
                : $"Time between captures is not known: no photo has a date in column '{protocol.Ageing!.DateColumn}' or an age.");
        var refusals = images is null ? null
            : new RefusalCounts(images, comparisons.Tried, comparisons.AcquisitionFaults, slicings, protocol);
        var refusalsPlace = refusals is null ? default : Want(refusals.Rates);
        var discards = global is { } fixedThreshold && images is not null && qualities is { Count: > 0 } measures
            ? new PhotoDiscardCounts(comparisons, fixedThreshold, measures, protocol.Bootstrap.Seed)
            : null;
        var discardsPlace = discards is null ? default : Want(discards.Rates);
        var dets = images is null ? [] : SliceCurves(comparisons, slicings, protocol, cancellationToken);
        var detPlaces = dets.Select(d => Want(d.Rates)).ToArray();

        IReadOnlyList<BootstrapResult>? drawn = null;
        if (images is not null && protocol.Bootstrap.Replicates > 0 && wanted.Count > 0)
            drawn = new SubjectBootstrap(images.Subjects.Count, protocol.Bootstrap.Replicates, protocol.Bootstrap.Seed).Run(
                wanted, progress, cancellationToken);
        BootstrapResult[]? Drawn((int Start, int Count) place) => drawn is null ? null : [.. drawn.Skip(place.Start).Take(place.Count)];

        var (results, refused) = Corrected(
            [.. sliced.Select((s, i) => s.Result(Drawn(slicedPlaces[i])))], refusals?.Result(Drawn(refusalsPlace)) ?? []);
        foreach (var result in results)
        {
            var marked = result.Slices.Where(s => s.IsMarked).Select(s => s.Value).ToArray();
            if (marked.Length > 0)
                notes.Add(
                    $"By {result.By}: {string.Join(", ", marked)} {(marked.Length == 1 ? "has" : "have")} fewer than "
                        + $"{protocol.MinimumSubjects} subjects and {(marked.Length == 1 ? "is" : "are")} "
                        + "left out of comparisons between groups.");
        }
        progress?.Report(1);
        return new VerificationResult
        {
            Comparisons = comparisons,
            Curve = curve,
            EqualErrorRate = EqualErrorRate.Of(curve),
            Accuracy = FoldAccuracy.Of(comparisons),
            OperatingPoints = [.. points.Select(
                p => Describe(comparisons, curve, p.Fmr, p.Point, p.Counts, p.Counts is null ? null : Drawn(p.Place)))],
            Thresholds = [.. given.Select(
                p => Describe(comparisons, curve, p.Fmr, p.Point, p.Counts, p.Counts is null ? null : Drawn(p.Place)))],
            GlobalThreshold = global,
            GlobalFmr = globalFmr,
            Slicings = results,
            Refusals = refused,
            Extrapolation = images is null || protocol.Bootstrap.Replicates == 0 ? null : Extrapolate(comparisons, protocol),
            SliceDets = [.. dets.Select((d, i) => d.Result(Drawn(detPlaces[i])))],
            ScoreShifts = [.. dets.Length == 0 ? [] : Shifts(comparisons, dets, protocol)],
            Ageing = ageing?.Result(Drawn(ageingPlace)) ?? [],
            AgeMatrix = ageing?.Matrix(Drawn(ageingPlace)) ?? [],
            Quality = global is { } fixedAt ? ErrorVersusDiscard.Of(comparisons, fixedAt) : null,
            PhotoDiscards = discards?.Result(Drawn(discardsPlace)) ?? [],
            Subjects = global is { } g && images is not null ? SubjectErrors.Of(comparisons, g) : [],
            Hygiene = global is { } h && images is not null ? Hygiene.Of(comparisons, h) : null,
            Notes = notes,
        };
    }

    private static (double? Threshold, double? Fmr) GlobalThreshold(
        Comparisons comparisons, DetCurve curve, Slicing[] slicings, Protocol protocol, List<string> notes)
    {
        if (protocol.Thresholds.Count > 0)
        {
            if (protocol.Thresholds[0] >= comparisons.ImpostorFloor)
                return (protocol.Thresholds[0], null);
            notes.Add(
                $"Groups are not compared at the given threshold {protocol.Thresholds[0]:R}: of so many impostor comparisons only those "
                    + "from "
                    + $"{comparisons.ImpostorFloor:G4} on are kept one by one.");
        }
        var impostors = comparisons.ImpostorScores;
        var of = "";
        if (protocol.ThresholdFrom == ThresholdSource.Reference)
        {
            var slicing = slicings.FirstOrDefault(s => s.ReferenceIn(protocol) >= 0)
                ?? throw new EvaluationException(
                    $"protocol '{protocol.Name}' sets the threshold on the reference group, and none of its slices has one; "
                        + "name it under \"reference\"");
            var reference = slicing.ReferenceIn(protocol);
            impostors = comparisons.Within(slicing, reference, CancellationToken.None).Impostors;
            of = $" within {slicing.Values[reference]}";
        }
        // The protocol's FMR, or the lowest one of its list that the data support.
        foreach (var fmr in protocol.FalseMatchRates.Append(protocol.GlobalFmr).Where(f => f >= protocol.GlobalFmr).Distinct().Order())
        {
            if (!OperatingPoint.IsSupported(fmr, impostors.Total))
                continue;
            if (fmr != protocol.GlobalFmr)
                notes.Add(
                    $"The global threshold is set at FMR {fmr:R}, not at {protocol.GlobalFmr:R}: that is not supported by "
                        + $"{RateEstimate.Count(impostors.Total)} impostor comparisons{of}.");
            var threshold = ReferenceEquals(impostors, comparisons.ImpostorScores)
                ? curve.AtMostFmr(fmr).Threshold
                : new DetCurve(comparisons.MatedScores, impostors).AtMostFmr(fmr).Threshold;
            return (threshold, fmr);
        }
        notes.Add(
            $"No global threshold: {RateEstimate.Count(impostors.Total)} impostor comparisons{of} "
                + "support none of the wanted FMR. Slices are not given.");
        return (null, null);
    }

    private static OperatingPoint Describe(
        Comparisons comparisons, DetCurve curve, double? fmr, DetPoint? point, PointCounts? counts, BootstrapResult[]? drawn)
    {
        var (impostors, mated) = (comparisons.ImpostorScores.Total, comparisons.MatedScores.Total);
        if (point is not { } p)
            return new OperatingPoint(fmr, null, null, null, null, null, null, null, null, impostors, mated);
        // A threshold that was set on these very comparisons moves from draw to draw; one that was given does not.
        var setBy = fmr is not null && counts?.Fmr is not null && drawn is not null ? drawn[3] : null;
        double ThresholdAt(double times) => curve.AtMostFmr(p.Fmr * times).Threshold;
        // FNMR, or FNMR with failures: the share of misses moves with the threshold, that of failures does not.
        RateEstimate Misses(int place, OneWayRate? statistic, long errors, long trials)
        {
            double At(double times) => (curve.At(ThresholdAt(times)).FalseNonMatches + errors - p.FalseNonMatches) / (double)trials;
            if (drawn is null)
                return fmr is null || p.FalseMatches == 0 || statistic is not null
                    ? statistic?.Undrawn() ?? RateEstimate.Independent(errors, trials)
                    : RateEstimate.AtWantedRate(errors, trials, p.FalseMatches, At);
            var estimate = drawn[place].ToEstimate();
            if (setBy is null || p.Fmr == 0)
                return estimate;
            if (estimate.Method == IntervalMethod.SubjectBootstrap)
                return estimate with
                {
                    Range = drawn[place].AtWanted(setBy, At),
                    IsUncertain = estimate.IsUncertain || setBy.Statistic.IsUncertain,
                };
            // No error at this threshold: at the one that other people would have set there may be some.
            return estimate is { Method: IntervalMethod.RuleOfThree, Errors: 0 } && setBy.ToInterval().High is var highest && highest > 0
                ? estimate with { Range = new Interval(0, Math.Min(1, estimate.Range.High + At(p.Fmr / highest))) }
                : estimate;
        }
        Interval? BySubject() => drawn is null || counts!.FnmrBySubject.Errors == 0 ? null
            : setBy is null || p.Fmr == 0 ? drawn[1].ToInterval()
            : drawn[1].AtWanted(setBy, times => counts.FnmrBySubjectAt(ThresholdAt(times)));
        var measured = counts?.Fmr is not null && drawn is not null ? drawn[3].ToEstimate()
            : counts?.Fmr?.Undrawn() ?? RateEstimate.Independent(p.FalseMatches, impostors);
        return new OperatingPoint(
            fmr,
            p.Threshold,
            measured,
            Misses(0, counts?.Fnmr, p.FalseNonMatches, mated),
            counts?.FnmrBySubject.Rate,
            BySubject(),
            counts?.FmrBySubject,
            Misses(2, counts?.FnmrWithFailures, p.FalseNonMatches + comparisons.FailedMated, mated + comparisons.FailedMated),
            measured.OutOf(impostors + comparisons.FailedImpostors),
            impostors,
            mated);
    }

    // Everything that was looked at in the report is allowed for at once.
    private static (SlicingResult[] Slicings, RefusalSlicing[] Refusals) Corrected(
        SlicingResult[] results, IReadOnlyList<RefusalSlicing> refusals)
    {
        var slices = results.SelectMany(r => r.Slices).ToArray();
        var corrected = new Queue<GroupRatio?>(GroupRatio.Corrected(
            [.. slices.SelectMany(s => new[] { s.FmrRatio, s.FnmrRatio }), .. refusals.SelectMany(r => r.Rows).Select(r => r.Ratio)]));
        return (
            [.. results.Select(result => result with
            {
                Slices = [.. result.Slices.Select(s => s with { FmrRatio = corrected.Dequeue(), FnmrRatio = corrected.Dequeue() })],
            })],
            [.. refusals.Select(r => r with { Rows = [.. r.Rows.Select(row => row with { Ratio = corrected.Dequeue() })] })]);
    }

    private static Extrapolation? Extrapolate(Comparisons comparisons, Protocol protocol)
    {
        var (images, impostors) = (comparisons.Images!, comparisons.Impostors);
        // Only the highest scores make the tail; the rest need not be sorted.
        var least = comparisons.ImpostorScores.Total <= Extrapolation.MostExceedances
            ? double.NegativeInfinity
            : comparisons.ImpostorScores.Quantile(1 - (Extrapolation.MostExceedances + 1.0) / comparisons.ImpostorScores.Total);
        if (least < comparisons.ImpostorFloor)
            return null;
        var scores = new List<(double, int, int)>();
        for (var i = 0; i < impostors.Count; i++)
        {
            if (impostors.Scores[i] >= least)
                scores.Add((impostors.Scores[i], images.SubjectOf[impostors.First[i]], images.SubjectOf[impostors.Second[i]]));
        }
        var mated = new (double, int)[comparisons.Mated.Count];
        for (var i = 0; i < mated.Length; i++)
            mated[i] = (comparisons.Mated.Scores[i], images.SubjectOf[comparisons.Mated.First[i]]);
        var total = comparisons.ImpostorScores.Total;
        return Extrapolation.Of(
            scores,
            total,
            [.. protocol.FalseMatchRates.Distinct().OrderDescending().Where(fmr => !OperatingPoint.IsSupported(fmr, total))
                .Select(fmr => (fmr, (int?)null, fmr))],
            threshold => new PointCounts(comparisons, threshold).Fmr!,
            mated,
            new SubjectBootstrap(images.Subjects.Count, protocol.Bootstrap.Replicates, protocol.Bootstrap.Seed));
    }

    private static SliceCurve[] SliceCurves(
        Comparisons comparisons, Slicing[] slicings, Protocol protocol, CancellationToken cancellationToken)
    {
        var curves = new List<SliceCurve>();
        // Combinations would make a picture that nobody can read.
        foreach (var slicing in slicings.Where(s => !s.By.Contains(Slicing.Joint, StringComparison.Ordinal)))
        {
            for (var value = 0; value < slicing.Values.Count; value++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (mated, impostors) = comparisons.Within(slicing, value, cancellationToken);
                curves.Add(new SliceCurve(comparisons, slicing, value, mated, impostors, protocol));
            }
        }
        return [.. curves];
    }

    private static IEnumerable<ScoreShift> Shifts(Comparisons comparisons, SliceCurve[] curves, Protocol protocol)
    {
        foreach (var group in curves.GroupBy(c => c.Slicing))
        {
            var reference = group.FirstOrDefault(c => c.Value == group.Key.ReferenceIn(protocol));
            foreach (var curve in group)
            {
                if (ScoreShift.Of(group.Key.By, group.Key.Values[curve.Value], true, curve.Mated, reference?.Mated
                    ?? comparisons.MatedScores) is { } mated)
                    yield return mated;
                if (ScoreShift.Of(group.Key.By, group.Key.Values[curve.Value], false, curve.Impostors, reference?.Impostors
                    ?? comparisons.ImpostorScores) is { } impostors)
                    yield return impostors;
            }
        }
    }

    private sealed class Part(IProgress<double> whole, double from, double to) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + value * (to - from));
    }
}
