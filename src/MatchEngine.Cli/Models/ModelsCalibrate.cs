using System.CommandLine;
using MatchEngine.Cli.Evaluation;
using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;

namespace MatchEngine.Cli.Models;

/// <summary><c>models calibrate</c>: what an embedder's scores are worth, counted on anyone's photos.</summary>
internal static class ModelsCalibrate
{
    public static Command Create()
    {
        var dataSet = new Option<string>("--data-set")
        {
            Description = "Folder with metadata.csv: photos and who they show",
            HelpName = "DIR",
            Required = true,
        };
        var protocol = new Option<string>("--protocol")
        {
            Description = "Which photos are compared: a protocol file, or the name of a shipped one",
            HelpName = "NAME|FILE",
            DefaultValueFactory = _ => "all-pairs",
        };
        var model = new Option<string>("--model")
        {
            Description = "Id of the embedder's card",
            HelpName = "ID",
            DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder,
        };
        var corrected = new Option<string?>("--corrections")
        {
            Description =
                "A file of known mistakes of the metadata, or the name of a shipped one (lfw-a): "
                    + "a second table is made with them put right",
            HelpName = "NAME|FILE",
        };
        var note = new Option<string?>("--note") { Description = "What a reader of the card must know of the data", HelpName = "TEXT" };
        var output = new Option<string?>("--out")
        {
            Description = "Write the card with its new calibration there; it may be the card itself. Without it the table is only shown",
            HelpName = "FILE",
        };
        var strict = new Option<bool>("--strict")
        {
            Description = "Refuse the run at the first row that cannot be used, instead of leaving it out and counting it",
        };
        var command = new Command("calibrate", "Count which scores different people reach: score → FMR, with the errors behind each value")
        {
            dataSet, protocol, model, corrected, note, output, strict, EvaluationOptions.Faces, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var data = parsed.GetRequiredValue(SharedOptions.Data);
            var card = DataFolder.Models(data).Find(parsed.GetRequiredValue(model), ModelTask.Embedding);
            var folder = parsed.GetRequiredValue(dataSet);
            var protocolFile = ProtocolFile.Find(parsed.GetRequiredValue(protocol));
            var plan = ProtocolFile.Read(protocolFile);
            var corrections = EvaluationInput.CorrectionsFile(parsed.GetValue(corrected), plan, protocolFile) is { } file
                ? Corrections.Read(file)
                : null;
            var faults = new InputFaults(parsed.GetValue(strict));
            var images = DataSetReader.Read(folder, faults);
            if (parsed.GetValue(output) is { } target
                && Path.GetDirectoryName(Path.GetFullPath(target)) is { } place && !Directory.Exists(place))
                throw new UsageException($"--out names a file in {place}, which is no folder");
            var embeddings = EvaluationInput.Extract(
                data, folder, images, card.Id, parsed.GetValue(EvaluationOptions.Faces), faults, cancellationToken);

            CalibrationTable Count(DataSet set, string? source) => ProgressBar.Run("Comparing", progress =>
            {
                var comparisons = VerificationEvaluation.Compare(embeddings, set, plan, folder, faults, null, progress, cancellationToken);
                var table = FalseMatchTable.Of(comparisons.ImpostorScores);
                var points = table.Rows.Select(row => new CalibrationPoint(row.Score, row.FalseMatches)).ToList();
                return new CalibrationTable(
                    set.Name, table.Impostors, points, source is null ? parsed.GetValue(note) ?? Describe(images, plan) : null, source);
            });
            var calibrated = card with
            {
                Calibration = Count(images, null),
                CorrectedCalibration = corrections is null ? null : Count(corrections.Apply(images, faults), corrections.Source),
            };
            if (parsed.GetValue(output) is { } written)
                calibrated.Write(written);
            foreach (var fault in faults.First.Take(10))
                Console.Error.WriteLine($"left out: {(fault.Line > 0 ? $"{fault.File}:{fault.Line}" : fault.File)}: {fault.Reason}");
            Write(calibrated, parsed.GetValue(output), faults, parsed.GetValue(SharedOptions.Json));
            return Task.FromResult(faults.Total > 0 ? ExitCode.NothingOrPartly : ExitCode.Done);
        });
        return command;
    }

    private static string Describe(DataSet images, Protocol plan) =>
        $"Pairs of different people among {images.Images.Count:N0} photos of {images.Subjects.Count:N0} people, protocol {plan.Name}, "
            + "labels as published. Comparisons share people, so bounds are optimistic.";

    private static void Write(ModelCard card, string? path, InputFaults faults, bool json)
    {
        var (raw, corrected) = (card.Calibration!, card.CorrectedCalibration);
        if (json)
        {
            JsonOutput.Write(new
            {
                Model = card.Id,
                Card = path is null ? null : Path.GetFullPath(path),
                Calibration = ToJson(raw),
                CorrectedCalibration = corrected is null ? null : ToJson(corrected),
                LeftOut = faults.Counts,
            });
            return;
        }
        var output = Terminal.Table(
            [">score", ">false matches", ">FMR", .. corrected is null ? Array.Empty<string>() : [">corrected", ">FMR"]]);
        var (rates, others) = (raw.ToCalibration(), corrected?.ToCalibration());
        var beside = corrected?.Points.ToDictionary(point => point.Score, point => point.FalseMatches);
        foreach (var point in raw.Points)
        {
            var rate = rates.At(point.Score);
            string[] cells = [$"{point.Score:0.00}", $"{point.FalseMatches:N0}", Terminal.Rate(rate.Fmr, rate.FmrBelow)];
            if (others is not null)
            {
                var other = others.At(point.Score);
                cells =
                [
                    .. cells, beside!.TryGetValue(point.Score, out var count) ? $"{count:N0}" : "0",
                    Terminal.Rate(other.Fmr, other.FmrBelow),
                ];
            }
            output.AddPlainRow(cells);
        }
        Terminal.Out.Write(output);
        Console.WriteLine($"{card.Id} on {raw.DataSet}: {raw.Impostors:N0} comparisons of different people"
            + (corrected is null ? "" : $", {corrected.Impostors:N0} with corrected labels ({corrected.Corrections})")
            + $". A rate stands on {Calibration.MinimumErrors} false matches or more; '<' is a bound with 95 % confidence.");
        if (path is not null)
            Console.WriteLine($"{Path.GetFullPath(path)} holds it; the network '{card.File}' must lie beside it.");
    }

    private static object ToJson(CalibrationTable table)
    {
        var rates = table.ToCalibration();
        return new
        {
            table.DataSet,
            table.Corrections,
            table.Impostors,
            table.Note,
            Points = table.Points.Select(point => new
            {
                point.Score,
                point.FalseMatches,
                Fmr = JsonOutput.Rate(rates.At(point.Score).Fmr),
                FmrBelow = JsonOutput.Rate(rates.At(point.Score).FmrBelow),
            }),
        };
    }
}
