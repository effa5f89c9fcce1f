using System.CommandLine;
using System.Globalization;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Consistency;
using MatchEngine.Galleries.Duplicates;
using MatchEngine.Galleries.Errors;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Cli.Galleries;

/// <summary><c>gallery check</c>: what may be wrong with the photos of a gallery.</summary>
internal static class GalleryCheck
{
    private const int Shown = 100;
    private const double DefaultStrangersPerSubject = 0.001;

    public static Command Create()
    {
        var strangers = new Option<double?>("--floor-strangers")
        {
            Description = "Tell of subjects who look alike from the score on that about so many pairs of different people reach by chance; "
                + "by default one pair for each 1,000 subjects",
            HelpName = "X",
        };
        strangers.Validators.Add(result =>
        {
            if (result.GetValue(strangers) is { } value && !(value > 0 && double.IsFinite(value)))
                result.AddError("--floor-strangers takes a number above 0");
        });
        return GalleryVerb.ChangingOne(
            "check",
            "List photos that do not look like their subject, look like another one, or are far poorer than the subject's others; "
                + "ends with 1 when there are any",
            [strangers],
            (parsed, journal, gallery, cancellationToken) =>
            {
                gallery.IndexWarned += warning => Console.Error.WriteLine("matchengine: " + warning);
                gallery.Load(cancellationToken: cancellationToken);
                return Check(journal, gallery, Limits(GalleryVerb.Data(parsed), gallery), parsed.GetValue(strangers), cancellationToken);
            });
    }

    // A gallery outlives the card of its model: what its scores are worth is then not known, and all else is checked.
    private static ConsistencyLimits Limits(string data, Gallery gallery) => ConsistencyLimits.Of(
        DataFolder.Models(data).TryFind(gallery.Model.Id, ModelTask.Embedding) is { } card
        && GalleryModel.Of(card.ToEmbedderCard()) == gallery.Model
            ? card.ToEmbedderCard().Calibrations
            : null);

    private static GalleryReport Check(
        CommandJournal journal, Gallery gallery, ConsistencyLimits limits, double? strangers, CancellationToken cancellationToken)
    {
        var subjects = gallery.Summarize().Subjects;
        var check = new ConsistencyCheck(gallery, limits);
        var (floor, unsaid) = Floor(check.Duplicates, strangers, subjects, cancellationToken);
        journal.Note(AuditKinds.ConsistencyChecked, gallery.Name, new { subjects, floor });
        var remarks = new List<ConsistencyRemark>();
        var pairs = new List<DuplicatePair>();
        var outcome = "cancelled";
        try
        {
            // The subjects are gone through twice.
            var all = 2.0 * Math.Max(1, subjects);
            ProgressBar.Run("checking", progress =>
            {
                var done = 0;
                foreach (var found in check.WithinSubjects(cancellationToken))
                {
                    remarks.AddRange(found);
                    progress.Report(Math.Min(0.5, ++done / all));
                }
                foreach (var page in floor is { } from ? check.BetweenSubjects(from, cancellationToken) : [])
                {
                    pairs.AddRange(page.Pairs);
                    progress.Report(Math.Min(1, (done += page.Subjects) / all));
                }
                return 0;
            });
            outcome = "done";
        }
        finally
        {
            journal.Note(
                AuditKinds.ConsistencyCheckEnded, gallery.Name, new { outcome, remarks = remarks.Count, pairs = pairs.Count });
        }
        var expected = floor is { } least ? check.Duplicates.StrangersAbove(least, cancellationToken) : null;
        return Report(gallery, limits, subjects, floor, expected, unsaid, remarks, pairs);
    }

    private static (float? Floor, string? Unsaid) Floor(
        DuplicateSearch search, double? strangers, long subjects, CancellationToken cancellationToken)
    {
        try
        {
            return (
                search.FloorForStrangers(strangers ?? Math.Max(1, subjects * DefaultStrangersPerSubject), cancellationToken), null);
        }
        catch (UnsaidFloorException error) when (strangers is null)
        {
            return (null, error.Message);
        }
    }

    private static GalleryReport Report(
        Gallery gallery, ConsistencyLimits limits, long subjects, float? floor, StrangersExpected? expected, string? unsaid,
        List<ConsistencyRemark> remarks, List<DuplicatePair> pairs)
    {
        var ranked = pairs.OrderByDescending(pair => pair.Score)
            .ThenBy(pair => pair.First.Encounter.SubjectId, StringComparer.Ordinal)
            .ThenBy(pair => pair.Second.Encounter.SubjectId, StringComparer.Ordinal).ToList();
        return new GalleryReport(
            new
            {
                Gallery = gallery.Name,
                Model = gallery.Model.Id,
                Subjects = subjects,
                Limits = new
                {
                    limits.UnlikeScore,
                    ConsistencyLimits.UnlikeRate,
                    UnlikePopulation = limits.UnlikeScore is null ? null : limits.Population,
                    ConsistencyLimits.PoorerBy,
                    ConsistencyLimits.GoodQuality,
                    LooksLikeScore = floor,
                    LooksLikeStrangers = expected is null ? null : JsonOutput.Strangers(expected),
                    LooksLikeUnsaid = unsaid,
                },
                Remarks = remarks.Select(remark => new
                {
                    Kind = remark.Kind.ToCode(),
                    Subject = remark.Encounter.SubjectId,
                    Encounter = remark.Encounter.Id,
                    remark.Encounter.Image,
                    remark.Score,
                    NearestEncounter = remark.Other?.Id,
                    NearestImage = remark.Other?.Image,
                    remark.Encounter.Quality,
                    remark.UsualQuality,
                    Detail = $"the photo {remark.Detail}",
                }),
                LooksLike = ranked.Select(DuplicatesFile.ToJson),
                Disclaimer = Disclaimer.Current.Text,
                DisclaimerVersion = Disclaimer.Current.Version,
            },
            () => Print(gallery, limits, subjects, floor, expected, unsaid, remarks, ranked))
        {
            ExitCode = remarks.Count + pairs.Count > 0 ? ExitCode.NothingOrPartly : ExitCode.Done,
        };
    }

    private static void Print(
        Gallery gallery, ConsistencyLimits limits, long subjects, float? floor, StrangersExpected? expected, string? unsaid,
        List<ConsistencyRemark> remarks, List<DuplicatePair> pairs)
    {
        foreach (var kind in new[] { ConsistencyKind.InconsistentSubject, ConsistencyKind.PoorBesideOthers })
        {
            var found = remarks.Where(remark => remark.Kind == kind).ToList();
            if (found.Count == 0)
                continue;
            var table = Terminal.Table(
                kind.ToCode(), "photo", ">value", kind == ConsistencyKind.PoorBesideOthers ? ">usual" : "most alike");
            foreach (var remark in found.Take(Shown))
                table.AddPlainRow(
                    remark.Encounter.SubjectId, remark.Encounter.Image,
                    remark.Score is { } score ? Terminal.Score(score) : Number(remark.Encounter.Quality),
                    remark.Other?.Image ?? Number(remark.UsualQuality));
            Terminal.Out.Write(table);
            More(found.Count);
        }
        if (pairs.Count > 0)
        {
            var table = Terminal.Table("looks_like", "photo", ">score", "subject", "photo");
            foreach (var pair in pairs.Take(Shown))
                table.AddPlainRow(
                    pair.First.Encounter.SubjectId, pair.First.Encounter.Image, Terminal.Score(pair.Score),
                    pair.Second.Encounter.SubjectId, pair.Second.Encounter.Image);
            Terminal.Out.Write(table);
            More(pairs.Count);
        }
        Console.WriteLine(
            $"{subjects:N0} subjects of {gallery.Name}: {Count(ConsistencyKind.InconsistentSubject):N0} photos unlike their subject's "
                + $"others, {Count(ConsistencyKind.PoorBesideOthers):N0} far poorer, {pairs.Count:N0} pairs of subjects who look "
                + "alike and are not linked.");
        Console.WriteLine(limits.UnlikeScore is { } unlike
            ? $"Unlike: a best score below {Terminal.Score((float)unlike)}, which 1 in {1 / ConsistencyLimits.UnlikeRate:0} pairs of "
                + $"different people reach ({limits.Population})."
            : "Whether photos look like one person cannot be said: nobody has measured what this model's scores are worth "
                + "(models calibrate).");
        Console.WriteLine(floor is { } from && expected is not null
            ? $"Alike: from score {Terminal.Score(from)} on; pairs of different people expected to reach it by chance, on average: "
                + $"{Terminal.Strangers(expected)}, by the scores of {expected.Population}."
            : $"Who looks alike cannot be said: {unsaid}");
        Console.WriteLine();
        Console.WriteLine(Disclaimer.Current.Text);

        int Count(ConsistencyKind kind) => remarks.Count(remark => remark.Kind == kind);

        static string Number(double? value) => value?.ToString("0", CultureInfo.InvariantCulture) ?? "";

        static void More(int count)
        {
            if (count > Shown)
                Console.WriteLine($"… and {count - Shown:N0} more; --json lists them.");
        }
    }
}
