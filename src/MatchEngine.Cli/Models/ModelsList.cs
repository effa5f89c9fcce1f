using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Cli.Models;

/// <summary><c>models list</c>: the cards there are.</summary>
internal static class ModelsList
{
    public static Command Create()
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
                        card.Draft,
                        card.Embedding?.Dimension,
                        Calibrations = ToJson(card.Calibrations),
                        CorrectedCalibrations = ToJson(card.CorrectedCalibrations),
                    }),
                });
                return ExitCode.Done;
            }
            var output = Terminal.Table("model", "task", "description", "licence", "training data", "calibrated on");
            foreach (var card in cards)
            {
                output.AddPlainRow(
                    card.Id + (card.Draft ? " (draft)" : ""), card.Task.ToString().ToLowerInvariant(), card.Description, card.Licence,
                    card.TrainingData, Describe(card));
            }
            Terminal.Out.Write(output);
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<object>? ToJson(IReadOnlyList<CalibrationTable>? tables) => tables?.Select(table => new
    {
        Population = new
        {
            table.Population.DataSet,
            Restriction = table.Population.Restriction.ToCode(),
            table.Population.Group,
            table.Population.People,
            table.Population.Comparisons,
            table.Population.Labels,
            table.Population.NotSupported,
        },
        SupportedTo = table.Points.LastOrDefault(point => point.FalseMatches >= Calibration.MinimumErrors) is { } last
            ? new { last.Score, Fmr = JsonOutput.Rate((double)last.FalseMatches / table.Population.Comparisons) }
            : null,
        table.Note,
    });

    private static string Describe(ModelCard card)
    {
        if (card.Calibrations is not [var first, ..] tables)
            return card.Task == ModelTask.Embedding ? "nothing; see 'models calibrate'" : "-";
        var worst = tables.FirstOrDefault(table => table.Population.Restriction == Restriction.WorstGroup)?.Population.Group;
        return $"{first.Population.DataSet}: {first.Population.Comparisons:N0} comparisons of {first.Population.People:N0} people, "
            + $"{tables.Count} populations" + (worst is null ? "" : $", worst group {worst}")
            + (card.CorrectedCalibrations is null ? "" : "; beside it with corrected labels");
    }
}
