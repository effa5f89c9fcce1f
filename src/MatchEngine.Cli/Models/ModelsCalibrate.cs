using System.CommandLine;
using MatchEngine.Cli.Evaluation;
using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.Calibrations;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Cli.Models;

/// <summary><c>models calibrate</c>: what an embedder's scores are worth, and for whom, counted on anyone's labelled photos.</summary>
internal static class ModelsCalibrate
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "Id of the embedder's card",
            DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder,
        };
        var dataSet = new Option<string>("--data-set")
        {
            Description = "Folder with metadata.csv and dataset.json: photos, who they show, and labels (sex, race, age) with their source",
            HelpName = "DIR",
            Required = true,
        };
        var scores = new Option<string?>("--scores")
        {
            Description = "Scores of the model that were made elsewhere, instead of the photos themselves; people and labels come from "
                + "--data-set",
            HelpName = "FILE",
        };
        var format = new Option<string>("--format")
        {
            Description = "Layout of the score file: csv, tsv, space, frte-1:1, or detect",
            HelpName = "NAME",
            DefaultValueFactory = _ => "detect",
        };
        var protocol = new Option<string>("--protocol")
        {
            Description = "Which photos are compared, and names and bands of the labels: a protocol file, or the name of a shipped one",
            HelpName = "NAME|FILE",
            DefaultValueFactory = _ => "all-pairs",
        };
        var corrected = new Option<string?>("--corrections")
        {
            Description =
                "A file of known mistakes of the metadata, or the name of a shipped one (lfw-a): "
                    + "all is counted a second time with them put right",
            HelpName = "NAME|FILE",
        };
        var unsupported = new Option<string[]>("--not-supported")
        {
            Description = "What the photos cannot tell, in words, once for each: 'profile views'. "
                + "That there are no children is seen by itself",
            HelpName = "TEXT",
            DefaultValueFactory = _ => [],
        };
        var note = new Option<string?>("--note")
        {
            Description = "What else a reader of the card must know of the data",
            HelpName = "TEXT",
        };
        var output = new Option<string?>("--out")
        {
            Description = "Write the card with its new calibrations there; it may be the card itself. Without it they are only shown",
            HelpName = "FILE",
        };
        var strict = new Option<bool>("--strict")
        {
            Description = "Refuse the run at the first row that cannot be used, instead of leaving it out and counting it",
        };
        var command = new Command(
            "calibrate",
            "Count which scores different people reach: score → FMR for people at random, of the same sex, of the same race label, and of "
                + "each group with enough data, with intervals")
        {
            model, dataSet, scores, format, protocol, corrected, unsupported, note, output, strict,
            EvaluationOptions.Faces, SharedOptions.Data,
            SharedOptions.Json,
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
            if (parsed.GetValue(output) is { } target
                && Path.GetDirectoryName(Path.GetFullPath(target)) is { } place && !Directory.Exists(place))
                throw new UsageException($"--out names a file in {place}, which is no folder");
            var faults = new InputFaults(parsed.GetValue(strict));
            var images = DataSetReader.Read(folder, faults);
            var words = new CalibrationWords(parsed.GetValue(unsupported) ?? [], parsed.GetValue(note));
            Func<DataSet, CalibrationWords, IProgress<double>, CalibrationSet> count;
            if (parsed.GetValue(scores) is { } scoreFile)
            {
                count = (set, said, progress) => CalibrationCount.Of(
                    ScoreReader.Read(
                        scoreFile, ScoreReader.ParseFormat(parsed.GetRequiredValue(format)), set, faults, progress: progress,
                        cancellationToken: cancellationToken),
                    plan, said);
            }
            else
            {
                var embeddings = EvaluationInput.Extract(
                    data, folder, images, card.Id, parsed.GetValue(EvaluationOptions.Faces), faults, cancellationToken);
                count = (set, said, progress) =>
                    CalibrationCount.Of(embeddings, set, plan, folder, faults, said, progress, cancellationToken);
            }
            var raw = ProgressBar.Run("Comparing", progress => count(images, words, progress));
            var right = corrections is null ? null : ProgressBar.Run("Comparing with corrected labels", progress => count(
                corrections.Apply(images, faults), words with { Note = $"Mistakes put right: {corrections.Source}" }, progress));
            var calibrated = card with { Calibrations = Tables(raw), CorrectedCalibrations = right is null ? null : Tables(right) };
            if (parsed.GetValue(output) is { } written)
                calibrated.Write(written);
            foreach (var fault in faults.First.Take(10))
                Console.Error.WriteLine($"left out: {(fault.Line > 0 ? $"{fault.File}:{fault.Line}" : fault.File)}: {fault.Reason}");
            Write(calibrated, raw, right, parsed.GetValue(output), faults, parsed.GetValue(SharedOptions.Json));
            return Task.FromResult(faults.Total > 0 ? ExitCode.NothingOrPartly : ExitCode.Done);
        });
        return command;
    }

    private static List<CalibrationTable> Tables(CalibrationSet set) => [.. set.All.Select(CalibrationTable.Of)];

    private static void Write(ModelCard card, CalibrationSet raw, CalibrationSet? right, string? path, InputFaults faults, bool json)
    {
        if (json)
        {
            JsonOutput.Write(new
            {
                Model = card.Id,
                Card = path is null ? null : Path.GetFullPath(path),
                Calibrations = raw.All.Select(ToJson),
                CorrectedCalibrations = right?.All.Select(ToJson),
                LeftOut = faults.Counts,
            });
            return;
        }
        Write(raw);
        if (right is not null)
        {
            Console.WriteLine("With known mistakes of the labels put right:");
            Write(right);
        }
        Console.WriteLine(
            $"A rate stands on {Calibration.MinimumErrors} false matches or more; '<' is a bound with 95 % confidence. A threshold does "
                + "not travel: it holds for the people it was measured on.");
        foreach (var population in raw.All.Select(calibration => calibration.Population))
            Console.WriteLine("  " + population.Description);
        if (raw.WorstGroup is { Note: { } remark })
            Console.WriteLine(remark);
        if (path is not null)
            Console.WriteLine($"{Path.GetFullPath(path)} holds it; the network '{card.File}' must lie beside it.");
    }

    // A line a score, a column a population: the ends and what lies between; groups have lines of their own below.
    private static void Write(CalibrationSet set)
    {
        var shown = set.All.Where(calibration => calibration.Population.Restriction != Restriction.Group).ToList();
        var table = Terminal.Table([">score", .. shown.Select(calibration => ">" + Head(calibration.Population))]);
        foreach (var score in set.RandomPairs.Points.Select(point => point.Score))
        {
            table.AddPlainRow([$"{score:0.00}", .. shown.Select(calibration => RateOutput.Text(calibration.At(score)))]);
        }
        Terminal.Out.Write(table);
        double[] rates = [1e-2, 1e-3, 1e-4];
        var groups = Terminal.Table(["population", ">people", ">comparisons", .. rates.Select(rate => $">score for FMR {rate:0.0E-0}")]);
        foreach (var calibration in set.All)
        {
            var population = calibration.Population;
            groups.AddPlainRow([
                Head(population), $"{population.People:N0}", $"{population.Comparisons:N0}",
                .. rates.Select(rate => calibration.ThresholdFor(rate) is { } score ? $"{score:0.00}" : "-")]);
        }
        Terminal.Out.Write(groups);
    }

    private static string Head(Population population) => population.Restriction switch
    {
        Restriction.Group => population.Group!,
        Restriction.WorstGroup => $"worst: {population.Group}",
        _ => population.Restriction.ToCode().Replace('-', ' '),
    };

    private static object ToJson(Calibration calibration) => new
    {
        Population = RateOutput.ToJson([calibration.Population]).Single(),
        calibration.Note,
        Points = calibration.Points.Select(point => new
        {
            point.Score,
            point.FalseMatches,
            Fmr = RateOutput.ToJson(calibration.At(point.Score)),
        }),
    };
}
