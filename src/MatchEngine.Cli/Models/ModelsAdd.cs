using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MatchEngine.Cli.Demo;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Models.SelfTest;
using MatchEngine.Galleries;

namespace MatchEngine.Cli.Models;

/// <summary><c>models add</c>: a network gets a drafted card and a place in the data folder, once it has passed its self-test.</summary>
internal static class ModelsAdd
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The network, an ONNX file" };
        var like = new Option<string>("--like")
        {
            Description =
                "A card of the same kind of network, from which comes what the file does not tell: "
                    + "one of 'models list', or yunet, scrfd, arcface",
            HelpName = "ID",
            Required = true,
        };
        var id = new Option<string?>("--id") { Description = "The new card's id; the file's name when not given", HelpName = "NEW" };
        var channels = new Option<ChannelOrder?>("--channels")
        {
            Description = "Order of the colour planes, when it is not as in the other card",
            HelpName = "rgb|bgr|grey",
            CustomParser = result => Enum.TryParse<ChannelOrder>(result.Tokens[0].Value, ignoreCase: true, out var order)
                && !int.TryParse(result.Tokens[0].Value, out _)
                ? order
                : Wrong<ChannelOrder?>(result, $"--channels takes rgb, bgr or grey, not '{result.Tokens[0].Value}'"),
        };
        var mean = Numbers("--mean", "A pixel value v of 0 … 255 goes in as (v − mean) / deviation: one number, or one a channel");
        var deviation = Numbers("--deviation", "See --mean");
        var input = new Option<(int, int)?>("--input")
        {
            Description = "Sides of the input in pixels, where the file leaves them free",
            HelpName = "WIDTHxHEIGHT",
            CustomParser = ParseSides,
        };
        var detector = new Option<string?>("--detector")
        {
            Description = "For an embedder: id of the detector's card; its own five points are taken unless --landmarker is given",
            HelpName = "ID",
        };
        var landmarker = new Option<string?>("--landmarker")
        {
            Description = "For an embedder: id of the landmark network's card",
            HelpName = "ID",
        };
        var licence = new Option<string?>("--licence")
        {
            Description = "Licence of the weights, as an SPDX identifier where there is one",
            HelpName = "TEXT",
        };
        var source = new Option<string?>("--source") { Description = "Where the file comes from", HelpName = "TEXT" };
        var command = new Command(
            "add",
            "Draft a card for a network, test it on sample photos, and put both into the data "
                + "folder. Nothing is written when the test fails")
        {
            file, like, id, channels, mean, deviation, input, detector, landmarker, licence, source, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var data = parsed.GetRequiredValue(SharedOptions.Data);
            var catalog = DataFolder.Models(data);
            var path = parsed.GetRequiredValue(file);
            var name = parsed.GetValue(id) ?? Path.GetFileNameWithoutExtension(path).ToLowerInvariant();
            if (catalog.Cards.Any(card => card.Id == name))
                throw new UsageException($"there is a model '{name}' already: give the new one another id with --id");
            var card = ModelDraft.Make(path, Pattern(catalog, parsed.GetRequiredValue(like)), name, new ModelDraftOptions
            {
                Channels = parsed.GetValue(channels),
                Mean = parsed.GetValue(mean) is { Length: > 0 } means ? means : null,
                Deviation = parsed.GetValue(deviation) is { Length: > 0 } deviations ? deviations : null,
                Input = parsed.GetValue(input),
                Detector = parsed.GetValue(detector),
                Landmarker = parsed.GetValue(landmarker),
                Licence = parsed.GetValue(licence),
                Source = parsed.GetValue(source),
            });
            var check = ProgressBar.Run(
                "Testing", _ => ModelCheck.Run(catalog.With(card), card, SamplePhotos.All.Select(File.ReadAllBytes), cancellationToken));
            var written = check.Passed ? ModelDraft.Install(card, DataFolder.OwnModels(data)) : null;
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Card = written, Check = ModelsVerify.ToJson(check) });
            else
                Terminal.Out.Write(ModelsVerify.Table([check]));
            if (written is null)
            {
                Console.Error.WriteLine($"matchengine: '{name}' was not added: {check.Detail}");
                return Task.FromResult(ExitCode.NothingOrPartly);
            }
            if (!parsed.GetValue(SharedOptions.Json))
                Console.WriteLine(
                    $"{written} is a draft: look it through, fill in description, source, licence and trainingData, and take \"draft\" out."
                        + (card.Task == ModelTask.Embedding
                            ? $" 'matchengine models calibrate {name}' tells what its scores are worth."
                            : ""));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static ModelCard Pattern(ModelCatalog catalog, string like)
    {
        if (catalog.Cards.FirstOrDefault(card => card.Id == like) is { } known)
            return known;
        var patterns = ModelCatalog.Read(ModelCatalog.PatternsFolder).Cards;
        return patterns.FirstOrDefault(card => card.Id == like) ?? throw new UsageException(
            $"no card '{like}' to take after; there are {string.Join(", ", catalog.Cards.Select(card => card.Id))}, "
                + $"and for networks of well-known kinds {string.Join(", ", patterns.Select(card => card.Id))}");
    }

    private static Option<float[]?> Numbers(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N|N,N,N",
        CustomParser = result =>
        {
            var numbers = new List<float>();
            foreach (var part in result.Tokens[0].Value.Split(','))
            {
                if (!float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !float.IsFinite(number))
                    return Wrong<float[]?>(result, $"{name} takes numbers separated by commas, not '{result.Tokens[0].Value}'");
                numbers.Add(number);
            }
            return [.. numbers];
        },
    };

    private static (int, int)? ParseSides(ArgumentResult result)
    {
        var sides = result.Tokens[0].Value.Split('x');
        return sides.Length == 2 && int.TryParse(sides[0], out var width) && int.TryParse(sides[1], out var height)
            && width is > 0 and <= 4096 && height is > 0 and <= 4096
            ? (width, height)
            : Wrong<(int, int)?>(result, $"--input takes sides like 320x240, not '{result.Tokens[0].Value}'");
    }

    private static T? Wrong<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
