using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Vetting.Dossiers;

namespace MatchEngine.Cli.Vetting;

/// <summary><c>vet diff</c>: two dossiers side by side.</summary>
internal static class VetDiff
{
    public static Command Create()
    {
        var first = new Argument<string>("FIRST") { Description = "Folder of a dossier" };
        var second = new Argument<string>("SECOND") { Description = "Folder of the other: after an update, or of another service" };
        var replicates = new Option<int>("--replicates")
        {
            Description = "Draws of the people", HelpName = "N", DefaultValueFactory = _ => 2000,
        };
        var command = new Command("diff", "Two dossiers side by side: what changed in identity, conduct, load and accuracy")
        {
            first, second, replicates, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(replicates) is < 100 or > 100_000)
                throw new UsageException("--replicates takes a number from 100 to 100000");
            var diff = DossierDiff.Of(
                parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), parsed.GetValue(replicates), cancellationToken);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(diff);
            else
                Write(diff);
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static void Write(DossierDiff diff)
    {
        foreach (var (name, rows) in new[] { ("Identity", diff.Identity), ("Conduct", diff.Conduct), ("Load", diff.Load) })
        {
            if (rows.Count == 0)
            {
                Console.WriteLine($"{name}: no difference.");
                continue;
            }
            var table = Terminal.Table(name, "first", "second");
            foreach (var row in rows)
                table.AddPlainRow(row.Subject, row.First ?? "–", row.Second ?? "–");
            Terminal.Out.Write(table);
        }
        foreach (var sentence in diff.Accuracy)
            Console.WriteLine(sentence);
    }
}
