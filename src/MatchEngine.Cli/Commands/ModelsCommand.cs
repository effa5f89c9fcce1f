using System.CommandLine;
using MatchEngine.Cli.Demo;
using MatchEngine.Cli.Output;
using MatchEngine.Faces;
using MatchEngine.Galleries;

namespace MatchEngine.Cli.Commands;

/// <summary><c>models list|verify</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "List and verify the models") { List(), Verify() };

    private static Command List()
    {
        var command = new Command("list", "List the model cards") { SharedOptions.Data, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            var cards = DataFolder.Models(parsed.GetRequiredValue(SharedOptions.Data)).Cards;
            if (parsed.GetValue(SharedOptions.Json))
            {
                JsonOutput.Write(new
                {
                    Models = cards.Select(card => new
                    {
                        card.Id,
                        card.Task,
                        card.Description,
                        card.Path,
                        card.Sha256,
                        card.Source,
                        card.Licence,
                        card.TrainingData,
                        card.Embedding?.Dimension,
                        Calibration = card.Calibration is { } table ? new { table.DataSet, table.Impostors, table.Note } : null,
                    }),
                });
                return ExitCode.Done;
            }
            var output = Terminal.Table("model", "task", "description", "licence", "training data", "calibrated on");
            foreach (var card in cards)
                output.AddPlainRow(card.Id, card.Task.ToString().ToLowerInvariant(), card.Description, card.Licence, card.TrainingData, card.Calibration?.DataSet ?? "-");
            Terminal.Out.Write(output);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Verify()
    {
        var id = new Argument<string?>("ID") { Description = "Only this card", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("verify", "Check each model's digest, load it, and compare its prepared form with the original on real faces") { id, SharedOptions.Data, SharedOptions.Json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var catalog = DataFolder.Models(parsed.GetRequiredValue(SharedOptions.Data));
            var wanted = parsed.GetValue(id);
            var cards = catalog.Cards.Where(card => wanted is null || card.Id == wanted).ToList();
            if (cards.Count == 0)
                throw new UsageException($"no model '{wanted}'; 'models list' shows those there are");
            var checks = new List<ModelCheck>();
            foreach (var card in cards)
            {
                cancellationToken.ThrowIfCancellationRequested();
                checks.Add(ModelCheck.Run(catalog, card, SamplePhotos.All.Select(File.ReadAllBytes)));
            }
            if (parsed.GetValue(SharedOptions.Json))
            {
                JsonOutput.Write(new { Models = checks.Select(check => new { check.Id, check.Passed, check.Detail }) });
            }
            else
            {
                var table = Terminal.Table("model", "result", "detail");
                foreach (var check in checks)
                    table.AddPlainRow(check.Id, check.Passed ? "passed" : "FAILED", check.Detail);
                Terminal.Out.Write(table);
            }
            return Task.FromResult(checks.All(check => check.Passed) ? ExitCode.Done : ExitCode.NothingOrPartly);
        });
        return command;
    }
}
