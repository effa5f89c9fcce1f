using System.CommandLine;
using MatchEngine.Cli.Demo;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Cli.Commands;

/// <summary><c>demo</c>: the whole way from photos to candidate lists, on photos that come with the program.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--out")
        {
            Description = "The HTML page that is written",
            HelpName = "FILE.html",
            DefaultValueFactory = _ => "matchengine-demo.html",
        };
        var command = new Command(
            "demo",
            "Enrol sample photos, search altered copies and strangers, and show the candidate lists") { output, SharedOptions.Json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var page = Path.GetFullPath(parsed.GetRequiredValue(output));
            if (!Directory.Exists(Path.GetDirectoryName(page)))
                throw new UsageException($"there is no folder {Path.GetDirectoryName(page)} to write the page to");
            // A folder of its own, gone afterwards: trying the demo leaves nothing in the user's galleries.
            var data = Directory.CreateTempSubdirectory("matchengine-demo-").FullName;
            try
            {
                var card = DataFolder.Models(data).Find(ModelCatalog.DefaultEmbedder, ModelTask.Embedding);
                using var gallery = EmbeddedStore.Galleries(data).Create("demo", card.ToEmbedderCard(), ChangeJournal.None.Record);
                using var pipeline = DataFolder.LoadPipeline(data, card.Id);
                var run = await DemoRun.RunAsync(gallery, pipeline, Console.Error.WriteLine, cancellationToken);
                DemoPage.Write(page, run);
                if (parsed.GetValue(SharedOptions.Json))
                    JsonOutput.Write(ToJson(run, page));
                else
                    Write(run, page);
                return run.Enrolment.Failed == 0 ? ExitCode.Done : ExitCode.NothingOrPartly;
            }
            finally
            {
                Directory.Delete(data, recursive: true);
            }
        });
        return command;
    }

    private static object ToJson(DemoRun run, string page) => new
    {
        run.Enrolment.Enrolled,
        run.Enrolment.Encounters,
        DemoRun.Floor,
        Searches = run.Searches.Select(search => new
        {
            search.Origin,
            search.Alteration,
            search.Mate,
            search.MateAtRank1,
            Candidates = search.List?.Candidates.Select(candidate => new { candidate.Rank, candidate.SubjectId, candidate.Score }),
        }),
        Page = page,
        Disclaimer = Disclaimer.Current.Text,
    };

    private static void Write(DemoRun run, string page)
    {
        var table = Terminal.Table("probe", "altered", ">candidates", "first candidate", ">score", ">FMR", "");
        foreach (var search in run.Searches)
        {
            var first = search.List is { Candidates: [var best, ..] } ? best : null;
            table.AddPlainRow(
                search.Origin,
                search.Alteration ?? "not enrolled",
                search.List is null ? "no face" : $"{search.List.Candidates.Count}",
                first?.SubjectId ?? "-",
                first is null ? "-" : Terminal.Score(first.Score),
                first is null ? "-" : RateOutput.Text(first.Fmr),
                search.MateAtRank1 ? "mate at rank 1" : "");
        }
        Terminal.Out.Write(table);
        RateOutput.WritePopulations(
            Console.Out,
            FalseMatchRange.PopulationsOf(run.Searches.SelectMany(search => search.List?.Candidates ?? []).Select(one => one.Fmr)));
        var altered = run.Searches.Where(search => search.Mate is not null).ToList();
        var strangers = run.Searches.Where(search => search.Mate is null).ToList();
        Console.WriteLine(
            $"{run.Enrolment.Encounters} faces of {run.Enrolment.Enrolled} photos enrolled. Score floor {Terminal.Score(DemoRun.Floor)}.");
        Console.WriteLine($"Altered copies: mate at rank 1 in {altered.Count(search => search.MateAtRank1)} of {altered.Count} searches. "
            + $"Faces left out: {strangers.Count(search => search.List is { Candidates.Count: 0 })} of {strangers.Count} lists empty.");
        Console.WriteLine("Altered copies of the same photos show the plumbing, not accuracy; README has the accuracy.");
        Console.WriteLine();
        Console.WriteLine(Disclaimer.Current.Text);
        Console.WriteLine();
        Console.WriteLine($"Faces side by side: {page}");
    }
}
