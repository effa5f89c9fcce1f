using System.Security.Cryptography;
using System.Text;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Accuracy;

/// <summary>What was measured of a target's accuracy.</summary>
public sealed record AccuracyResult
{
    /// <summary>What the data could find, said before anything was asked.</summary>
    public required PowerStatement Power { get; init; }

    /// <summary>1:N: FNIR and FPIR.</summary>
    public required EvaluationReport Identification { get; init; }

    /// <summary>1:1: FMR and FNMR; null where the target compares no pairs or tells no score.</summary>
    public EvaluationReport? Verification { get; init; }

    /// <summary>Why there is no <see cref="Verification"/>; null where there is.</summary>
    public string? WithoutVerification { get; init; }

    /// <summary>What thresholds set on one half of the people are worth on the other.</summary>
    public required IReadOnlyList<TransferredThreshold> Transfer { get; init; }

    /// <summary>The ids under which the target holds the gallery, for whoever removes it.</summary>
    public required IReadOnlyList<string> Enrolled { get; init; }

    /// <summary>SHA-256 over name and digest of every photo that took part, in order of their names.</summary>
    public required string PhotosDigest { get; init; }
}

/// <summary>
/// Enrols the gallery of a data set in a target, searches with its probes, compares pairs, and hands what came back to the evaluation: not
/// one rate is computed here.
/// </summary>
public static class AccuracyMeasurement
{
    private const string Showing = "Photos", Enrolling = "Enrolling", Searching = "Searching", Comparing = "Comparing";

    /// <summary>The steps under which the journal keeps what came of the calls.</summary>
    internal static IReadOnlyList<string> Steps { get; } = [Enrolling, Searching, Comparing];

    /// <summary>Measures.</summary>
    /// <param name="target">The target; its gallery holds nobody of the data set.</param>
    /// <param name="plan">What is measured.</param>
    /// <param name="journal">What came of each call; those that stand there are not made again.</param>
    /// <param name="faults">Takes photos that are not there and labels that cannot be used.</param>
    /// <param name="time">The run's clock.</param>
    /// <param name="progress">Told how it goes.</param>
    /// <param name="cancellationToken">Ends it; what was answered is in the journal.</param>
    /// <exception cref="VettingException">The target refuses the examiner or cannot be reached, or cannot enrol and search.</exception>
    /// <exception cref="AnswersPendingException">Answers come later.</exception>
    /// <exception cref="EvaluationException">The data set does not allow it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<AccuracyResult> RunAsync(
        ISystemUnderTest target, AccuracyPlan plan, RunJournal journal, InputFaults faults, TimeProvider time,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(faults);
        foreach (var needed in new[] { Ability.Enrol, Ability.Search })
            if (target.Abilities.WhyNot(needed) is { } reason)
                throw new VettingException($"accuracy cannot be measured: {reason}");
        var split = SearchSplit.Of(plan.Images, plan.Protocol);
        var power = PowerStatement.Of(split, plan.Protocol);
        var asking = new Asking(target, plan, split, journal, new PatientCalls(time), progress, cancellationToken);

        var digests = asking.Digests(faults);
        var photos = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(digests
            .Select(d => $"{split.Images.Images[d.Key]}\t{d.Value}\n").Order(StringComparer.Ordinal)))));
        // What was answered stands beside the name of a photo: another photo of that name was never shown.
        if (await journal.OnceAsync<string>(Showing, "", () => Task.FromResult<string?>(photos)) != photos)
            throw new VettingException(
                $"photos of {plan.Folder} were changed, added or taken away since this run began; bring them back, or name another folder "
                    + "for the dossier");
        // Of whom nothing could be made is not enrolled at somebody else's.
        split.Require(split.Enrolled.Values.Count(own => own.Any(digests.ContainsKey)), split.Searchable.Count(digests.ContainsKey));
        var enrolments = await asking.EnrolAsync(digests);
        var enrolledPhotos = enrolments.Where(e => e.Failure is null).Select(e => e.Photo).ToHashSet();
        var (probes, leftOut) = split.Probes(
            photo => enrolledPhotos.Contains(photo) ? digests.GetValueOrDefault(photo) : null, photo => digests.GetValueOrDefault(photo));
        int[] there = [.. probes.Where(digests.ContainsKey)];
        split.Require(enrolledPhotos.Select(photo => split.Images.SubjectOf[photo]).Distinct().Count(), there.Length);
        var searches = await asking.SearchAsync(there);
        var scored = target.Abilities.Has(Ability.CandidateScore);
        var set = AnsweredSearches.ToSet(split.Images, enrolments, searches.Answers, plan.ListLength) with
        {
            LeftOut = leftOut,
            Notes = Notes(asking, searches, scored),
        };
        // Every list is whole: ranks are known to the end.
        if (plan.ListLength >= set.GallerySize && searches.Strangers == 0)
            set = set with { ListLength = null };
        // Ranks are all that a target without scores tells: no threshold can be set on them.
        var protocol = scored
            ? plan.Protocol
            : plan.Protocol with
            {
                Thresholds = [],
                Identification = plan.Protocol.Identification with { FalsePositiveRates = [] },
            };
        progress?.Report(new RunProgress("Drawing people for the intervals", 0));
        EvaluationReport Report(InputFaults own) => new()
        {
            Protocol = protocol,
            Faults = own,
            DataSet = plan.Images,
            System = target.Name,
            Claims = plan.Claims,
        };
        var identification = Report(faults) with
        {
            Identification = IdentificationEvaluation.Run([set], protocol, faults, cancellationToken),
        };
        var (verification, without) = await CompareAsync();
        return new AccuracyResult
        {
            Power = power,
            Identification = identification,
            Verification = verification,
            WithoutVerification = without,
            Transfer = scored ? TransferredThreshold.Of(set, protocol, cancellationToken) : [],
            Enrolled = [.. asking.Ids.Order(StringComparer.Ordinal)],
            PhotosDigest = photos,
        };

        async Task<(EvaluationReport? Report, string? Why)> CompareAsync()
        {
            if (plan.MaxComparisons == 0)
                return (null, "comparisons of two photos were not wanted");
            foreach (var needed in new[] { Ability.Compare, Ability.ComparisonScore })
                if (target.Abilities.WhyNot(needed) is { } reason)
                    return (null, reason);
            var own = new InputFaults(strict: false);
            var comparisons = await asking.CompareAsync(enrolledPhotos, there, own);
            if (comparisons.MatedScores.Total == 0 || comparisons.ImpostorScores.Total == 0)
                return (null, "no mated or no impostor comparison came to a score");
            return (Report(own) with
            {
                Verification = VerificationEvaluation.Run(
                    comparisons, protocol with { Thresholds = plan.Protocol.Thresholds }, null, own, null, cancellationToken),
            }, null);
        }
    }

    private static List<string> Notes(Asking asking, SearchAnswers searches, bool scored)
    {
        var notes = new List<string>();
        if (!scored)
            notes.Add("The target tells no scores: ranks are all that can be evaluated, and no threshold can be set.");
        if (searches.Strangers > 0)
            notes.Add($"{searches.Strangers:N0} candidates were nobody whom this examination enrolled: they count as strangers.");
        if (searches.Withheld > 0)
            notes.Add(
                $"The target says of {searches.Withheld:N0} searches that it held candidates back; what it held back counts as not found.");
        if (asking.SharedIds > 0)
            notes.Add(
                $"The target gave one id to several people, {asking.SharedIds:N0} times: who is "
                    + "meant by it cannot be told, and the first is "
                    + "taken.");
        return notes;
    }

    private sealed record SearchAnswers(IReadOnlyList<AnsweredSearch> Answers, long Strangers, int Withheld);

    /// <summary>The calls of one measurement.</summary>
    private sealed class Asking(
        ISystemUnderTest target, AccuracyPlan plan, SearchSplit split, RunJournal journal, PatientCalls calls,
        IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        private readonly PhotoFolder _photos = new(plan.Folder, split.Images);

        private readonly Dictionary<string, int> _subjectOf = new(StringComparer.Ordinal);

        /// <summary>The ids under which the target holds the gallery.</summary>
        public IEnumerable<string> Ids => _subjectOf.Keys;

        /// <summary>How often an id was given to somebody else before.</summary>
        public int SharedIds { get; private set; }

        private DataSet Images => split.Images;

        /// <summary>The digests of the photos that are there; the others are faults.</summary>
        public Dictionary<int, string> Digests(InputFaults faults)
        {
            int[] wanted = [.. split.Enrolled.Values.SelectMany(photos => photos).Concat(split.Searchable).Distinct().Order()];
            var found = new Dictionary<int, string>();
            foreach (var photo in wanted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_photos.Digest(photo) is { } digest)
                    found[photo] = digest;
                else
                    faults.Add(
                        Path.Combine(plan.Folder, "metadata.csv"), 0, "missing image",
                        $"image '{Images.Images[photo]}' cannot be read; put the file there or take the row out");
            }
            return found;
        }

        public async Task<IReadOnlyList<AnsweredEnrolment>> EnrolAsync(Dictionary<int, string> digests)
        {
            int[] photos = [.. split.Subjects.Where(split.Enrolled.ContainsKey).SelectMany(subject => split.Enrolled[subject])];
            var outcomes = await EachAsync(Enrolling, [.. photos.Where(digests.ContainsKey)], photo => journal.OnceAsync(
                Enrolling, Images.Images[photo], async () =>
                {
                    var exchange = await _photos.WithAsync(photo, face => calls.AskAsync(
                        token => target.EnrolAsync(new EnrolmentQuery(NameOf(photo), face), CallTerms.Usual, token), cancellationToken));
                    return exchange is null ? null : exchange.Answered(out var answer)
                        ? answer.Subject.Length <= CandidateOutcome.LongestSubject
                            ? new EnrolmentOutcome(answer.Subject, null)
                            : new EnrolmentOutcome(null, "target: id too long")
                        : new EnrolmentOutcome(null, FailureNames.Of(exchange.Failure!));
                }));
            foreach (var (photo, outcome) in outcomes.OrderBy(o => o.Key).Where(o => o.Value.Subject is not null))
            {
                if (!_subjectOf.TryAdd(outcome.Subject!, Images.SubjectOf[photo])
                    && _subjectOf[outcome.Subject!] != Images.SubjectOf[photo])
                    SharedIds++;
            }
            return [.. photos.Where(outcomes.ContainsKey).Select(
                photo => new AnsweredEnrolment(photo, Images.Subjects[Images.SubjectOf[photo]], outcomes[photo].Failure))];
        }

        public async Task<SearchAnswers> SearchAsync(int[] probes)
        {
            var outcomes = await EachAsync(Searching, probes, photo => journal.OnceAsync(
                Searching, Images.Images[photo], async () =>
                {
                    var exchange = await _photos.WithAsync(photo, face => calls.AskAsync(
                        token => target.SearchAsync(Query(face), CallTerms.Usual, token), cancellationToken));
                    return exchange is null ? null : exchange.Answered(out var answer)
                        ? new SearchOutcome(
                            null, [.. answer.Candidates.Take(SearchOutcome.MostCandidates).Select(CandidateOutcome.Of)], answer.Withheld)
                        : new SearchOutcome(FailureNames.Of(exchange.Failure!), [], 0);
                }));
            var scored = target.Abilities.Has(Ability.CandidateScore);
            return new SearchAnswers(
                [.. probes.Select(photo => Answer(photo, outcomes[photo], scored))],
                outcomes.Values.Sum(o => o.Candidates.LongCount(c => !_subjectOf.ContainsKey(c.Subject))),
                outcomes.Values.Count(o => o.Withheld > 0));
        }

        /// <summary>Mated: each probe with its mate's first photo. Impostors: probes with enrolled photos of others, drawn.</summary>
        public async Task<Comparisons> CompareAsync(HashSet<int> enrolled, int[] probes, InputFaults faults)
        {
            var random = new RandomStream(plan.Protocol.Identification.Seed, 2);
            var order = probes.ToArray();
            random.Shuffle<int>(order);
            var firstOf = enrolled.Order().GroupBy(photo => Images.SubjectOf[photo]).ToDictionary(own => own.Key, own => own.First());
            var pairs = order.Where(photo => firstOf.ContainsKey(Images.SubjectOf[photo])).Take(plan.MaxComparisons / 2)
                .Select(photo => (Probe: photo, Reference: firstOf[Images.SubjectOf[photo]])).ToHashSet();
            int[] gallery = [.. firstOf.Values.Order()];
            // A draw that meets the probe's own subject, or the same pair again, is no impostor comparison; so many draws are enough.
            for (var (draw, mated) = (0, pairs.Count);
                draw < 4 * plan.MaxComparisons
                    && pairs.Count < Math.Min(plan.MaxComparisons, mated + order.Length * gallery.Length); draw++)
            {
                var (probe, reference) = (order[draw % order.Length], gallery[random.Next(gallery.Length)]);
                if (Images.SubjectOf[probe] != Images.SubjectOf[reference])
                    pairs.Add((probe, reference));
            }
            var outcomes = await EachAsync(Comparing, [.. pairs.Order()], pair => journal.OnceAsync(
                Comparing, Images.Images[pair.Probe] + " | " + Images.Images[pair.Reference], async () =>
                {
                    var exchange = await _photos.WithAsync(pair.Probe, first => _photos.WithAsync(pair.Reference, second => calls.AskAsync(
                        token => target.CompareAsync(new ComparisonQuery(first, second), CallTerms.Usual, token), cancellationToken)));
                    return exchange is null ? null
                        : !exchange.Answered(out var answer) ? new ComparisonOutcome(null, FailureNames.Of(exchange.Failure!))
                        : answer.Score is { } score && double.IsFinite(score) ? new ComparisonOutcome(score, null)
                        : new ComparisonOutcome(null, "target: no score");
                }));
            var builder = new ComparisonsBuilder(Images, faults);
            foreach (var (pair, outcome) in outcomes.OrderBy(o => o.Key))
                builder.Add(
                    target.Name, 0, Images.Images[pair.Probe], Images.Images[pair.Reference], outcome.Score ?? double.NaN, null,
                    failed: outcome.Score is null);
            return builder.Build();
        }

        private AnsweredSearch Answer(int photo, SearchOutcome outcome, bool scored)
        {
            // Where there are no scores the order of the list is its only order. Nobody whom this run enrolled is named with a tab.
            var candidates = outcome.Candidates.Select((c, place) => new AnsweredCandidate(
                _subjectOf.TryGetValue(c.Subject, out var subject) ? Images.Subjects[subject] : "not enrolled here\t" + c.Subject,
                scored ? c.Score ?? double.NaN : -place));
            // A candidate without its score, among others with theirs, can be held against nobody.
            return new AnsweredSearch(
                Images.Images[photo], photo, outcome.Failure, [.. candidates.Where(c => double.IsFinite(c.Score))]);
        }

        private SearchQuery Query(FaceInput probe) => new(probe)
        {
            ListLength = target.Abilities.Has(Ability.ListLength) ? plan.ListLength : null,
            // All floors are evaluated afterwards: the target's own would cut what lies below it.
            ScoreFloor = target.Abilities.Has(Ability.ScoreFloor) ? target.Abilities.Scores.Low : null,
        };

        // Letters and digits, whatever people are called in the data set; and no name of a person goes to a target.
        private string NameOf(int photo) => $"vet-{Images.SubjectOf[photo] + 1:D6}";

        private async Task<Dictionary<TItem, TOutcome>> EachAsync<TItem, TOutcome>(
            string step, TItem[] items, Func<TItem, Task<TOutcome?>> ask)
            where TItem : notnull
            where TOutcome : class
        {
            var (outcomes, done, before) = (new Dictionary<TItem, TOutcome>(), 0, calls.Pending);
            var options = new ParallelOptions { MaxDegreeOfParallelism = plan.AtATime, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(items, options, async (item, _) =>
            {
                var outcome = await ask(item);
                lock (outcomes)
                {
                    if (outcome is not null)
                        outcomes[item] = outcome;
                    progress?.Report(new RunProgress(step, (double)++done / items.Length, $"{done:N0} of {items.Length:N0}"));
                }
            });
            return calls.Pending == before ? outcomes : throw new AnswersPendingException(calls.Pending - before);
        }
    }
}
