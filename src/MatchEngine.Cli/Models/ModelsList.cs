using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;

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
                        Calibration = ToJson(card.Calibration),
                        CorrectedCalibration = ToJson(card.CorrectedCalibration),
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

    private static object? ToJson(CalibrationTable? table) => table is null ? null : new
    {
        table.DataSet,
        table.Corrections,
        table.Impostors,
        SupportedTo = table.ToCalibration().LastSupported() is { } last ? new { last.Score, Fmr = JsonOutput.Rate(last.Fmr) } : null,
        table.Note,
    };

    private static string Describe(ModelCard card)
    {
        if (card.Calibration is not { } table)
            return card.Task == ModelTask.Embedding ? "nothing; see 'models calibrate'" : "-";
        var supported = table.ToCalibration().LastSupported() is { } last
            ? $", to FMR {Terminal.Rate(last.Fmr, null)} at {last.Score:0.00}"
            : ", no rate supported";
        return $"{table.DataSet}: {table.Impostors:N0} impostor comparisons{supported}"
            + (card.CorrectedCalibration is null ? "" : "; beside it with corrected labels");
    }
}
