using System.CommandLine;
using MatchEngine.Cli.Demo;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Models.SelfTest;
using MatchEngine.Galleries;

namespace MatchEngine.Cli.Models;

/// <summary><c>models verify</c>: the self-test of each card.</summary>
internal static class ModelsVerify
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "Only this card", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(
            "verify", "Test each model: its digest, what it takes and gives, and its work on sample photos whose faces are known")
        {
            id, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var catalog = DataFolder.Models(parsed.GetRequiredValue(SharedOptions.Data));
            var wanted = parsed.GetValue(id);
            var cards = catalog.Cards.Where(card => wanted is null || card.Id == wanted).ToList();
            if (cards.Count == 0)
                throw new UsageException($"no model '{wanted}'; 'models list' shows those there are");
            var photos = SamplePhotos.All.Select(File.ReadAllBytes).ToList();
            var checks = ProgressBar.Run("Testing", progress => cards.Select((card, i) =>
            {
                var check = ModelCheck.Run(catalog, card, photos, cancellationToken);
                progress.Report((i + 1.0) / cards.Count);
                return check;
            }).ToList());
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Models = checks.Select(ToJson) });
            else
                Terminal.Out.Write(Table(checks));
            return Task.FromResult(checks.All(check => check.Passed) ? ExitCode.Done : ExitCode.NothingOrPartly);
        });
        return command;
    }

    /// <summary>The outcome as JSON.</summary>
    public static object ToJson(ModelCheck check) => new { check.Id, check.Task, check.Passed, check.Detail, check.Steps };

    /// <summary>The outcomes step by step.</summary>
    public static Spectre.Console.Table Table(IEnumerable<ModelCheck> checks)
    {
        var table = Terminal.Table("model", "check", "result", "detail");
        foreach (var check in checks)
        {
            foreach (var step in check.Steps)
                table.AddPlainRow(check.Id, step.Name, step.Passed ? "passed" : "FAILED", step.Detail);
        }
        return table;
    }
}
