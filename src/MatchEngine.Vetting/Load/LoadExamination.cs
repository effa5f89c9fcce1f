using System.Globalization;
using System.Text.Json;
using MatchEngine.Vectors.Measurement;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Load;

/// <summary>What is asked of a target under load.</summary>
public enum LoadOperation
{
    /// <summary>Searches with photos.</summary>
    Search,

    /// <summary>Searches with templates: without the making of one.</summary>
    SearchTemplate,

    /// <summary>Enrolments of photos.</summary>
    Enrol,
}

/// <summary>Which load a target is put under.</summary>
public sealed record LoadPlan
{
    /// <summary>How rates rise, and until when.</summary>
    public required RisingRatesPlan Rising { get; init; }

    /// <summary>How long each closed loop is measured.</summary>
    public TimeSpan ClosedDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Callers of the closed loop that shows the highest throughput.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>
    /// Gallery sizes, in subjects, at which searches are measured again; the gallery is filled up with face-like templates, where the
    /// target takes any.
    /// </summary>
    public IReadOnlyList<int> GallerySizes { get; init; } = [];

    /// <summary>The dimension of the target's templates, for filling; null where it is not known.</summary>
    public int? TemplateDimension { get; init; }
}

/// <summary>What was measured of one operation at one gallery size.</summary>
/// <param name="Operation">What was asked.</param>
/// <param name="GallerySize">Subjects in the gallery at the beginning.</param>
/// <param name="Alone">One caller: the time that a request takes when nobody else asks.</param>
/// <param name="Closed">Several callers who wait for their answers: the highest throughput.</param>
/// <param name="Open">Rising rates until the objective broke.</param>
public sealed record LoadMeasurement(LoadOperation Operation, int GallerySize, LoadRun Alone, LoadRun Closed, LoadCurve Open);

/// <summary>How the time of an operation grows with the gallery.</summary>
/// <param name="Operation">What was asked.</param>
/// <param name="Fit">Milliseconds (median, one caller) as a power of the subjects enrolled.</param>
public sealed record LoadGrowth(LoadOperation Operation, GrowthFit Fit);

/// <summary>What a target does under load.</summary>
/// <param name="Measurements">Each operation at each gallery size.</param>
/// <param name="Growth">How times grow with the gallery; empty for one size.</param>
/// <param name="Skipped">What was not measured and why, in sentences.</param>
public sealed record LoadReport(
    IReadOnlyList<LoadMeasurement> Measurements, IReadOnlyList<LoadGrowth> Growth, IReadOnlyList<string> Skipped);

/// <summary>Puts a target under load through the port.</summary>
public static class LoadExamination
{
    private const int FillSeed = 1;

    /// <summary>Measures searches, and enrolments where the enrolled can be removed again.</summary>
    /// <param name="target">The target.</param>
    /// <param name="plan">Which load.</param>
    /// <param name="probes">Photos to search with, in turns; the caller keeps and clears them.</param>
    /// <param name="gallerySize">Subjects in the gallery now.</param>
    /// <param name="watch">The target's process, where it is on this machine.</param>
    /// <param name="progress">Told what is measured and how it goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentException">There is no photo, or the plan is not one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<LoadReport> RunAsync(
        ISystemUnderTest target, LoadPlan plan, IReadOnlyList<PhotoInput> probes, int gallerySize, ProcessWatch? watch,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(probes);
        if (probes.Count == 0)
            throw new ArgumentException("a load needs photos to search with", nameof(probes));
        var (measured, skipped) = (new List<LoadMeasurement>(), new List<string>());
        var faces = plan.TemplateDimension is { } dimension && target.Abilities.Has(Ability.EnrolTemplate)
            ? new FaceLikeVectors(dimension, FillSeed)
            : null;
        var size = gallerySize;
        foreach (var wanted in plan.GallerySizes.Where(n => n > gallerySize).Order().Prepend(gallerySize).Distinct())
        {
            if (wanted > size && faces is null)
            {
                skipped.Add(
                    $"No gallery of {wanted:N0} was made: "
                        + (target.Abilities.WhyNot(Ability.EnrolTemplate) ?? "the dimension of the target's templates was not named")
                        + ".");
                continue;
            }
            for (; size < wanted; size++)
            {
                progress?.Report(new RunProgress($"Filling the gallery to {wanted:N0}", (double)size / wanted));
                var filled = await target.EnrolAsync(
                    new EnrolmentQuery(Filled(size), Face(faces!, size, 0)), CallTerms.Usual, cancellationToken);
                if (filled.Failure is { } failure)
                    throw new VettingException(
                        $"the target takes no template to fill its gallery with ({failure.Detail ?? failure.Kind.ToString()}); leave the "
                            + "gallery sizes out");
            }
            await SearchesAsync(LoadOperation.Search, number => probes[(int)(number % probes.Count)]);
            if (faces is not null && target.Abilities.Has(Ability.SearchTemplate))
                await SearchesAsync(
                    LoadOperation.SearchTemplate, number => Face(faces, number % Math.Max(1, size), 5));
        }
        if (target.Abilities.WhyNot(Ability.EnrolTemplate) is { } noTemplates)
            skipped.Add($"Searches with templates were not measured: {noTemplates}.");
        await EnrolmentsAsync();
        for (var filled = gallerySize; filled < size && target.Abilities.Has(Ability.Remove); filled++)
            await target.RemoveAsync(Filled(filled), CallTerms.Usual, cancellationToken);
        return new LoadReport(measured, Growths(measured), skipped);

        Task SearchesAsync(LoadOperation operation, Func<long, FaceInput> probe) => MeasureAsync(
            operation, async (number, token) => Kind(await target.SearchAsync(new SearchQuery(probe(number)), CallTerms.Usual, token)));

        async Task EnrolmentsAsync()
        {
            if (target.Abilities.WhyNot(Ability.Enrol) is { } reason)
            {
                skipped.Add($"Enrolments were not measured: {reason}.");
                return;
            }
            if (target.Abilities.WhyNot(Ability.Remove) is { } noRemoval)
            {
                skipped.Add($"Enrolments were not measured, for nobody who is enrolled could be removed again: {noRemoval}.");
                return;
            }
            var enrolled = 0L;
            try
            {
                await MeasureAsync(LoadOperation.Enrol, async (number, token) =>
                {
                    var own = Interlocked.Increment(ref enrolled);
                    return Kind(await target.EnrolAsync(
                        new EnrolmentQuery(Loaded(own), probes[(int)(number % probes.Count)]), CallTerms.Usual, token));
                });
            }
            finally
            {
                // Whatever ended it: those who were enrolled to make a load do not stay in somebody's gallery.
                for (var own = 1L; own <= enrolled; own++)
                {
                    progress?.Report(new RunProgress("Removing who was enrolled under load", (double)own / enrolled));
                    await target.RemoveAsync(Loaded(own), CallTerms.Usual, CancellationToken.None);
                }
            }
        }

        async Task MeasureAsync(LoadOperation operation, LoadRequest request)
        {
            var name = $"{NameOf(operation)}, {size:N0} enrolled";
            Task<LoadRun> ClosedAsync(int workers) => ClosedLoop.RunAsync(
                request, new ClosedLoopPlan
                {
                    Workers = workers, Duration = plan.ClosedDuration, WarmUp = plan.Rising.WarmUp, MaxRequests = plan.Rising.MaxRequests,
                },
                watch, Told($"{name}: {workers} at a time"), cancellationToken);
            var alone = await ClosedAsync(1);
            var closed = await ClosedAsync(plan.Workers);
            var open = await RisingRates.RunAsync(
                request, plan.Rising with { FirstRate = First(closed) }, watch, new Rates(name, progress), cancellationToken);
            measured.Add(new LoadMeasurement(operation, size, alone, closed, open));
        }

        // Well below what several callers get out of it, on a round number.
        double First(LoadRun closed) => Math.Clamp(
            Math.Pow(2, Math.Floor(Math.Log2(Math.Max(closed.Throughput, 1e-3) / 4))), Math.Min(0.25, plan.Rising.MaxRate),
            plan.Rising.MaxRate);

        IProgress<LoadProgress>? Told(string step) => progress is null ? null : new Runs(step, progress);
    }

    /// <summary>An operation in words.</summary>
    public static string NameOf(LoadOperation operation) => operation switch
    {
        LoadOperation.Search => "searches with photos",
        LoadOperation.SearchTemplate => "searches with templates",
        _ => "enrolments",
    };

    private static List<LoadGrowth> Growths(IEnumerable<LoadMeasurement> measured) =>
        [.. measured.Where(m => m.Operation != LoadOperation.Enrol && m.Alone.Latency.P50 > 0).GroupBy(m => m.Operation)
            .Select(of => (of.Key, Fit: GrowthFit.Of([.. of.Select(m => ((double)m.GallerySize, m.Alone.Latency.P50!.Value))
                .Where(m => m.Item1 > 0)])))
            .Where(of => of.Fit is not null).Select(of => new LoadGrowth(of.Key, of.Fit!))];

    // A refusal that comes of the photo is an answer as it should be: the load repeats photos, whatever they show.
    private static string? Kind(Exchange exchange) => exchange.Failure is not { IsOfThePhoto: false } failure ? null
        : JsonNamingPolicy.KebabCaseLower.ConvertName(failure.Kind.ToString())
            + (failure.Code is { } code ? $" ({ToldText.Of(code, 40)})" : "");

    private static TemplateInput Face(FaceLikeVectors faces, long identity, int encounter)
    {
        var face = faces.Encounter(identity, encounter);
        System.Numerics.Tensors.TensorPrimitives.Divide(face, System.Numerics.Tensors.TensorPrimitives.Norm<float>(face), face);
        return new TemplateInput(face);
    }

    private static string Filled(int number) => $"vet-fill-{number + 1:D8}";

    private static string Loaded(long number) => $"vet-load-{number:D8}";

    private sealed class Runs(string step, IProgress<RunProgress> progress) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => progress.Report(new RunProgress(step, value.Share, Line(value)));

        public static string Line(LoadProgress value) => string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Requests:N0} requests, {value.InFlight} unanswered, {value.Errors:N0} errors, p50 {value.Latency.P50:0.#} ms, p99 "
                + $"{value.Latency.P99:0.#} ms");
    }

    private sealed class Rates(string name, IProgress<RunProgress>? progress) : IProgress<(double Rate, LoadProgress Run)>
    {
        public void Report((double Rate, LoadProgress Run) value) => progress?.Report(new RunProgress(
            string.Create(CultureInfo.InvariantCulture, $"{name}: {value.Rate:0.##} a second"), value.Run.Share, Runs.Line(value.Run)));
    }
}
