using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Duplicates;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery duplicates</c>: who is enrolled twice.</summary>
internal static class GalleryDuplicates
{
    private const int Shown = 100;
    private const double DefaultStrangersPerSubject = 0.001;

    public static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "The gallery, compared with itself",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var between = new Option<string[]>("--between")
        {
            Description = "Two galleries instead: the subjects of A are searched in B",
            HelpName = "A B",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var floor = new Option<float?>("--floor") { Description = "Score from which on a pair is told, −1 … 1", HelpName = "S" };
        floor.Validators.Add(result =>
        {
            if (result.GetValue(floor) is { } value && !(value is >= -1 and <= 1))
                result.AddError("--floor takes a score within −1 … 1");
        });
        var strangers = new Option<double?>("--floor-strangers")
        {
            Description = "A floor that about so many pairs of different people reach by chance; without any floor one pair for each 1,000 "
                + "subjects",
            HelpName = "X",
        };
        strangers.Validators.Add(result =>
        {
            if (result.GetValue(strangers) is { } value && !(value > 0 && double.IsFinite(value)))
                result.AddError("--floor-strangers takes a number above 0");
            if (result.GetValue(strangers) is not null && result.GetResult(floor) is not null)
                result.AddError("give either --floor or --floor-strangers");
        });
        var target = new Option<string?>("--out")
        {
            Description = "Write the pairs to a file as they are found, a JSON object a line",
            HelpName = "FILE",
        };
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on with --out FILE, from the same floor, where an earlier run ended",
        };
        return GalleryVerb.Changing(
            "duplicates", "Find who is enrolled twice: all pairs of subjects whose faces are alike",
            [name, between, floor, strangers, target, resume],
            (parsed, journal, cancellationToken) =>
            {
                var (first, second) = Named(parsed.GetValue(name), parsed.GetValue(between));
                if (parsed.GetValue(resume) && parsed.GetValue(target) is null)
                    throw new UsageException("--resume goes on with a file: name it with --out");
                if (parsed.GetValue(resume) && parsed.GetValue(strangers) is not null)
                    throw new UsageException("--resume goes on from the floor of the earlier run: leave --floor-strangers out");
                using var gallery = journal.Galleries.Open(first);
                using var other = second is null ? null : journal.Galleries.Open(second);
                foreach (var loaded in new[] { gallery, other }.OfType<Gallery>())
                {
                    loaded.IndexWarned += warning => Console.Error.WriteLine("matchengine: " + warning);
                    loaded.Load(cancellationToken: cancellationToken);
                }
                var (file, again) = (parsed.GetValue(target), parsed.GetValue(resume));
                var search = new DuplicateSearch(gallery, other);
                var least = parsed.GetValue(floor) ?? (again ? DuplicatesFile.FloorOf(file!) : (float?)null)
                    ?? search.FloorForStrangers(
                        parsed.GetValue(strangers) ?? Math.Max(1, gallery.Summarize().Subjects * DefaultStrangersPerSubject),
                        cancellationToken);
                return Search(journal, search, gallery, other, least, file, again, cancellationToken);
            });
    }

    private static (string First, string? Second) Named(string? name, string[]? between) => (name, between) switch
    {
        ({ } one, null or []) => (one, null),
        (null, [var first, var second]) when first != second => (first, second),
        (null, [var first, _]) =>
            throw new UsageException($"--between takes two galleries; for one with itself: gallery duplicates {first}"),
        ({ }, _) => throw new UsageException("name one gallery, or two with --between"),
        _ => throw new UsageException("name a gallery, or two with --between A B"),
    };

    private static GalleryReport Search(
        CommandJournal journal, DuplicateSearch search, Gallery gallery, Gallery? other, float floor, string? target, bool resume,
        CancellationToken cancellationToken)
    {
        var compared = new DuplicatesFile.Compared(
            gallery.Name, gallery.Identity, (other ?? gallery).Name, (other ?? gallery).Identity, gallery.Model.Digest.ToString(),
            (decimal)floor);
        string[] galleries = other is null ? [gallery.Name] : [gallery.Name, other.Name];
        using var file = target is null ? null
            : resume ? DuplicatesFile.Resume(target, compared)
            : DuplicatesFile.Begin(target, compared, new
            {
                StrangersExpected = JsonOutput.Strangers(search.StrangersAbove(floor, cancellationToken)),
                Disclaimer = Disclaimer.Current.Text,
            });
        // Nobody's faces are compared without a trace, whatever comes of it.
        journal.Note(AuditKinds.DuplicatesSought, new { galleries, floor, after = file?.Through });
        var found = new List<DuplicatePair>();
        var (subjects, pairs, outcome) = (0, 0, "cancelled");
        try
        {
            var all = Math.Max(1, gallery.Summarize().Subjects);
            ProgressBar.Run("comparing", progress =>
            {
                foreach (var page in search.Find(floor, file?.Through, cancellationToken))
                {
                    file?.Add(page);
                    found.AddRange(page.Pairs);
                    // Of a file's pairs only those stay in memory that are shown.
                    if (file is not null && found.Count > 10 * Shown)
                        found = [.. Best(found)];
                    (subjects, pairs) = (subjects + page.Subjects, pairs + page.Pairs.Count);
                    progress.Report(Math.Min(1, (double)(file?.Subjects ?? subjects) / all));
                }
                return 0;
            });
            outcome = "done";
        }
        finally
        {
            journal.Note(AuditKinds.DuplicatesEnded, new { galleries, outcome, subjects, pairs });
        }
        var groups = DuplicateGroup.Of(file?.Links ?? [.. found.Select(pair => pair.Link)]);
        file?.End(groups);
        return Report(galleries, gallery.Model.Id, floor, search.StrangersAbove(floor, cancellationToken), file, subjects, found, groups);
    }

    private static GalleryReport Report(
        string[] galleries, string model, float floor, StrangersExpected strangers, DuplicatesFile? file, int subjects,
        List<DuplicatePair> found, IReadOnlyList<DuplicateGroup> groups)
    {
        var (searched, pairs) = (file?.Subjects ?? subjects, file?.Links.Count ?? found.Count);
        return new GalleryReport(
            new
            {
                Galleries = galleries,
                Model = model,
                Floor = floor,
                StrangersExpected = JsonOutput.Strangers(strangers),
                Subjects = searched,
                PairCount = pairs,
                // With a file the pairs stand there, all of them.
                Pairs = file is null ? Ranked(found).Select(DuplicatesFile.ToJson) : null,
                Groups = groups.Select(DuplicatesFile.ToJson),
                Disclaimer = Disclaimer.Current.Text,
                DisclaimerVersion = Disclaimer.Current.Version,
            },
            () => Print(galleries, floor, strangers, searched, pairs, found, groups))
        {
            ExitCode = pairs > 0 ? ExitCode.Done : ExitCode.NothingOrPartly,
        };
    }

    private static void Print(
        string[] galleries, float floor, StrangersExpected strangers, int subjects, int pairs, List<DuplicatePair> found,
        IReadOnlyList<DuplicateGroup> groups)
    {
        var table = Terminal.Table(">score", "subject", "encounter", "like", "encounter");
        foreach (var pair in Best(found))
            table.AddPlainRow(
                Terminal.Score(pair.Score), pair.First.Encounter.SubjectId, pair.First.Encounter.Image, pair.Second.Encounter.SubjectId,
                pair.Second.Encounter.Image);
        if (found.Count > 0)
            Terminal.Out.Write(table);
        if (pairs > Math.Min(found.Count, Shown))
            Console.WriteLine($"The best {Math.Min(found.Count, Shown)} of {pairs:N0} pairs; all of them with --json, or in --out FILE.");
        var where = galleries.Length == 1 ? $"within {galleries[0]}" : $"of {galleries[0]} with {galleries[1]}";
        Console.WriteLine(
            $"{pairs:N0} pair{(pairs == 1 ? "" : "s")} {where} from score {Terminal.Score(floor)} on, in {groups.Count:N0} "
                + $"group{(groups.Count == 1 ? "" : "s")}; {subjects:N0} subjects were searched with.");
        Console.WriteLine(strangers switch
        {
            { High: null } =>
                $"How many pairs of different people reach the floor by chance cannot be said: {strangers.Reason.ToWords()}.",
            _ => $"Pairs of different people expected to reach it by chance, on average: {Terminal.Strangers(strangers)}"
                + (strangers is { Value: not null, Low: { } low, High: { } high }
                    ? $" ({Terminal.Rough(low)} … {Terminal.Rough(high)}, 95 %)" : "")
                + $", by the scores of {strangers.Population}.",
        });
        Console.WriteLine();
        Console.WriteLine(Disclaimer.Current.Text);
    }

    private static IEnumerable<DuplicatePair> Best(List<DuplicatePair> pairs) => Ranked(pairs).Take(Shown);

    private static IEnumerable<DuplicatePair> Ranked(List<DuplicatePair> pairs) => pairs
        .OrderByDescending(pair => pair.Score)
        .ThenBy(pair => pair.First.Encounter.SubjectId, StringComparer.Ordinal)
        .ThenBy(pair => pair.Second.Encounter.SubjectId, StringComparer.Ordinal);
}
