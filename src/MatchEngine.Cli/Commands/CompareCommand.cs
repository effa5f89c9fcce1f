using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Cli.Remote;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Cli.Commands;

/// <summary><c>compare</c>: a 1:1 comparison of two images. It says how alike they are and never decides.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var first = new Argument<string>("A") { Description = "An image" };
        var second = new Argument<string>("B") { Description = "Another image" };
        var model = new Option<string>("--model")
        {
            Description = "Id of the embedder's card",
            HelpName = "ID",
            DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder,
        };
        var command = new Command("compare", "Compare one face of each of two images. Nothing is kept")
        {
            first, second, model, SharedOptions.Face, SharedOptions.MinQuality, SharedOptions.IsolateDecoder,
            SharedOptions.Data, SharedOptions.Json,
        };
        ServiceOptions.Add(
            command, [model, SharedOptions.MinQuality, SharedOptions.IsolateDecoder, SharedOptions.Data], reasons: true);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(ServiceOptions.Service) is not null)
                return await RemoteComparison.RunAsync(
                    parsed, parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), cancellationToken);
            using var pipeline = DataFolder.LoadPipeline(
                parsed.GetRequiredValue(SharedOptions.Data), parsed.GetRequiredValue(model), parsed.GetValue(SharedOptions.IsolateDecoder));
            using var a = ProbeArgument.Read(parsed.GetRequiredValue(first), null);
            using var b = ProbeArgument.Read(parsed.GetRequiredValue(second), null);
            var comparison = FaceComparison.Compare(
                pipeline, a.Span, b.Span, parsed.GetValue(SharedOptions.Face),
                parsed.GetValue(SharedOptions.MinQuality), cancellationToken);
            foreach (var (path, face) in new[] { (first, comparison.First), (second, comparison.Second) })
                ImageArgument.Warn(parsed.GetRequiredValue(path), face.Remark);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new
                {
                    comparison.Score,
                    Fmr = RateOutput.ToJson(comparison.Fmr),
                    Populations = RateOutput.ToJson(FalseMatchRange.PopulationsOf(comparison.Fmr)),
                    comparison.Model,
                    A = new { Box = JsonOutput.Box(comparison.First.Box), Quality = QualityOutput.ToJson(comparison.First.Quality) },
                    B = new { Box = JsonOutput.Box(comparison.Second.Box), Quality = QualityOutput.ToJson(comparison.Second.Quality) },
                });
            else
            {
                Console.WriteLine(
                    $"score {Terminal.Score(comparison.Score)}   FMR {RateOutput.Text(comparison.Fmr)}   model {comparison.Model}\n"
                        + "A score is no decision.");
                RateOutput.WritePopulations(Console.Out, FalseMatchRange.PopulationsOf(comparison.Fmr));
                QualityOutput.Write(Console.Out, "quality of A", comparison.First.Quality);
                QualityOutput.Write(Console.Out, "quality of B", comparison.Second.Quality);
            }
            return ExitCode.Done;
        });
        return command;
    }
}
