using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Load;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Examinations;

/// <summary>
/// Examines a target from beginning to end: what it is, its accuracy, its conduct, what it does under load, and what it is then. Every part
/// stands in the run's journal when it is done; a run that was killed goes on, and gives the same dossier but for the times.
/// </summary>
public static class Examination
{
    private const string Starting = "Starting", Conducting = "Conduct", Loading = "Load", Removing = "Removing";
    private const int MostPairs = 12, MostStrangers = 12, MostProbes = 32;

    /// <summary>Examines.</summary>
    /// <param name="target">The target.</param>
    /// <param name="plan">What is examined.</param>
    /// <param name="time">The run's clock.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Ends it; the journal keeps what was done.</param>
    /// <returns>The dossier; nothing of it is written but the journal.</returns>
    /// <exception cref="VettingException">It cannot be examined, or the folder holds another run.</exception>
    /// <exception cref="AnswersPendingException">Answers come later.</exception>
    /// <exception cref="EvaluationException">The data set does not allow it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<Dossier> RunAsync(
        ISystemUnderTest target, ExaminationPlan plan, TimeProvider time, IProgress<RunProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(time);
        Directory.CreateDirectory(plan.Folder);
        using var journal = RunJournal.Open(Path.Combine(plan.Folder, DossierFolder.JournalName), Key(target, plan));
        var start = await journal.OnceAsync<Start>(Starting, "", async () =>
            new Start(time.GetUtcNow(), await IdentityAsync(target, cancellationToken)));
        var split = SearchSplit.Of(plan.Accuracy.Images, plan.Accuracy.Protocol);
        var accuracy = await AccuracyMeasurement.RunAsync(
            target, plan.Accuracy, journal, new InputFaults(strict: false), time, progress, cancellationToken);
        var conduct = plan.Conduct is not { } examine ? null : await journal.OnceAsync<Finding[]>(Conducting, "", async () =>
            await WithPhotosAsync(plan, split, async photos => (Finding[])[.. await examine(photos, progress, cancellationToken)]));
        var noTimes = target.Abilities.WhyNot(Ability.PromptAnswers);
        var load = plan.Load is not { } wanted || noTimes is not null ? null : await journal.OnceAsync<LoadReport>(Loading, "", async () =>
        {
            using var watch = plan.ProcessId is { } process ? ProcessWatch.Of(process) : null;
            return await WithProbesAsync(plan, split, probes => LoadExamination.RunAsync(
                target, wanted, probes, accuracy.Identification.Identification!.Searches.GallerySize, watch, progress, cancellationToken));
        });
        var end = await IdentityAsync(target, cancellationToken);
        var left = target.Abilities.WhyNot(Ability.Remove) is { } why ? $"{accuracy.Enrolled.Count} people, for {why}"
            : plan.RemovesEnrolled ? await RemoveAsync(target, accuracy.Enrolled, journal, progress, cancellationToken)
            : null;
        var ended = time.GetUtcNow();
        return new Dossier
        {
            Target = new ExaminedTarget(target.Name, target.Address?.ToString(), start!.Identity, end, target.Abilities.Missing),
            StartedAt = start.At,
            EndedAt = ended,
            Agreement = plan.Agreement,
            Conduct = conduct ?? [],
            Accuracy = accuracy,
            Load = load,
            LeftBehind = left,
            NotExamined = plan.Load is null || noTimes is null
                ? plan.NotExamined
                : new Dictionary<string, string>(plan.NotExamined)
                {
                    ["load"] = $"{noTimes}: how long it takes cannot be told.",
                },
            Photos = plan.Photos,
            Questions = plan.Questions,
            Expires = DateOnly.FromDateTime(ended.UtcDateTime).AddMonths(plan.ValidMonths),
            Provenance = new DossierProvenance(
                "MatchEngine "
                    + $"{typeof(Examination).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}",
                plan.Accuracy.Images.Name, plan.Accuracy.Images.Digest, accuracy.PhotosDigest, plan.Accuracy.Protocol.Name,
                ProtocolFile.Digest(plan.Accuracy.Protocol), plan.Accuracy.Protocol.Identification.Seed,
                journal.OutcomesDigest(AccuracyMeasurement.Steps),
                $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} cores"),
        };
    }

    private sealed record Start(DateTimeOffset At, TargetIdentity? Identity);

    // Another data set, protocol, target or setting is another run.
    private static string Key(ISystemUnderTest target, ExaminationPlan plan) => JsonSerializer.Serialize(
        new
        {
            target.Name, DataSet = plan.Accuracy.Images.Name, plan.Accuracy.Images.Digest,
            Protocol = ProtocolFile.Digest(plan.Accuracy.Protocol), plan.Accuracy.ListLength, plan.Accuracy.MaxComparisons,
            Conduct = plan.Conduct is not null, plan.Load, plan.Settings,
        },
        VettingJson.Line);

    private static async Task<TargetIdentity?> IdentityAsync(ISystemUnderTest target, CancellationToken cancellationToken) =>
        (await target.IdentifyAsync(CallTerms.Usual, cancellationToken)).Value;

    // Who is still there: the same run, gone on with, tries it again.
    private static async Task<string?> RemoveAsync(
        ISystemUnderTest target, IReadOnlyList<string> subjects, RunJournal journal, IProgress<RunProgress>? progress,
        CancellationToken cancellationToken)
    {
        var left = 0;
        await journal.OnceAsync<string>(Removing, "", async () =>
        {
            for (var i = 0; i < subjects.Count; i++)
            {
                progress?.Report(new RunProgress("Removing who was enrolled", (double)i / subjects.Count));
                var removed = await target.RemoveAsync(subjects[i], CallTerms.Usual, cancellationToken);
                left += removed.Failure is { Kind: not FailureKind.NotFound } ? 1 : 0;
            }
            return left == 0 ? "removed" : null;
        });
        return left == 0 ? null : $"{left} of {subjects.Count} people, whose removal was not carried out";
    }

    /// <summary>
    /// Photos of people who are in no gallery of this run: those whom the split leaves out, with all of their photos, whether the protocol
    /// searches with them or not.
    /// </summary>
    private static async Task<T> WithPhotosAsync<T>(ExaminationPlan plan, SearchSplit split, Func<ExaminationPhotos, Task<T>> use)
    {
        var images = plan.Accuracy.Images;
        var enrolled = split.Enrolled.Keys.Select(subject => split.Images.Subjects[subject]).ToHashSet(StringComparer.Ordinal);
        var strangers = Enumerable.Range(0, images.Images.Count)
            .Where(photo => !enrolled.Contains(images.Subjects[images.SubjectOf[photo]]))
            .OrderBy(photo => images.Images[photo], StringComparer.Ordinal)
            .GroupBy(photo => images.Subjects[images.SubjectOf[photo]], StringComparer.Ordinal)
            .OrderBy(own => own.Key, StringComparer.Ordinal).Select(own => own.ToArray()).ToArray();
        var pairs = strangers.Where(own => own.Length > 1).Take(MostPairs).ToArray();
        var singles = strangers.Except(pairs).Take(MostStrangers).ToArray();
        // Where everybody has two photos, some of them are strangers all the same.
        if (singles.Length < 2 && pairs.Length > 4)
            (pairs, singles) = (pairs[..(pairs.Length / 2)], [.. strangers.Except(pairs[..(pairs.Length / 2)]).Take(MostStrangers)]);
        return await WithAsync(
            plan, images, [.. pairs.SelectMany(own => own.Take(2)), .. singles.Select(own => own[0])],
            photos => use(new ExaminationPhotos(
                [.. Enumerable.Range(0, pairs.Length).Select(i => (photos[2 * i], photos[2 * i + 1]))],
                [.. photos.Skip(2 * pairs.Length)])));
    }

    private static Task<T> WithProbesAsync<T>(ExaminationPlan plan, SearchSplit split, Func<IReadOnlyList<PhotoInput>, Task<T>> use) =>
        WithAsync(plan, split.Images, [.. split.Searchable.Take(MostProbes)], use);

    private static async Task<T> WithAsync<T>(
        ExaminationPlan plan, DataSet images, int[] photos, Func<IReadOnlyList<PhotoInput>, Task<T>> use)
    {
        var folder = new PhotoFolder(plan.Accuracy.Folder, images);
        var read = new List<byte[]>();
        try
        {
            var inputs = new List<PhotoInput>();
            foreach (var photo in photos.Where(photo => folder.Digest(photo) is not null))
                inputs.Add(await folder.WithAsync(photo, face =>
                {
                    read.Add(face.Bytes.ToArray());
                    return Task.FromResult(face with { Bytes = read[^1] });
                }));
            return await use(inputs);
        }
        finally
        {
            foreach (var bytes in read)
                CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
