using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Demographics;
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
        return Run(comparisons, protocol, qualities, progress is null ? null : new Part(progress, 0.5, 1), cancellationToken);
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
        CancellationToken cancellationToken = default)
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

        Slicing[] slicings = [];
        if (protocol.Slices.Count > 0 && images is null)
            notes.Add("Slices were asked for and cannot be given: the scores came without metadata.");
        else if (images is not null)
            slicings = [.. Slicing.All(images, protocol, notes)];
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
            return (Fmr: fmr, Point: point, Counts: counts, Place: counts is null ? default : Want(counts.Rates));
        }).ToArray();
        SlicingCounts[] sliced = global is { } atThreshold
            ? [.. slicings.Select(s => new SlicingCounts(comparisons, s, atThreshold, protocol))]
            : [];
        var slicedPlaces = sliced.Select(s => Want(s.Rates)).ToArray();
        var ageing = global is { } t && images is not null && protocol.Ageing is { } plan
            ? new Ageing(comparisons, plan, t, protocol.MinimumSubjects)
            : null;
        var ageingPlace = ageing is null ? default : Want(ageing.Rates);
        if (ageing is { HasDates: false })
            notes.Add($"Time between captures is not known: no photo has a date in column '{protocol.Ageing!.DateColumn}'.");
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

        var results = sliced.Select((s, i) => s.Result(Drawn(slicedPlaces[i]))).ToArray();
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
                p => Describe(comparisons, p.Fmr, p.Point, p.Counts, p.Counts is null ? null : Drawn(p.Place)))],
            GlobalThreshold = global,
            GlobalFmr = globalFmr,
            Slicings = results,
            SliceDets = [.. dets.Select((d, i) => d.Result(Drawn(detPlaces[i])))],
            ScoreShifts = [.. dets.Length == 0 ? [] : Shifts(comparisons, dets, protocol)],
            Ageing = ageing?.Result(Drawn(ageingPlace)) ?? [],
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
        Comparisons comparisons, double fmr, DetPoint? point, PointCounts? counts, BootstrapResult[]? drawn)
    {
        var (impostors, mated) = (comparisons.ImpostorScores.Total, comparisons.MatedScores.Total);
        if (point is not { } p)
            return new OperatingPoint(fmr, null, null, null, null, null, null, null, null, impostors, mated);
        return new OperatingPoint(
            fmr,
            p.Threshold,
            counts?.Fmr is not null && drawn is not null ? drawn[2].ToEstimate() : RateEstimate.Independent(p.FalseMatches, impostors),
            drawn is null ? RateEstimate.Independent(p.FalseNonMatches, mated) : drawn[0].ToEstimate(),
            counts?.FnmrBySubject.Rate,
            drawn is not null && counts!.FnmrBySubject.Errors > 0 ? drawn[1].ToInterval() : null,
            counts?.FmrBySubject,
            RateEstimate.Independent(p.FalseNonMatches + comparisons.FailedMated, mated + comparisons.FailedMated),
            RateEstimate.Independent(p.FalseMatches, impostors + comparisons.FailedImpostors),
            impostors,
            mated);
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
