using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Vetting.Dossiers;

namespace MatchEngine.Cli.Vetting;

/// <summary><c>vet check</c>: whether a dossier is as it was signed.</summary>
internal static class VetCheck
{
    public static Command Create()
    {
        var place = new Argument<string>("DOSSIER") { Description = "Folder of the dossier, or its dossier.json" };
        var key = new Option<string?>("--key")
        {
            Description = "PEM file of the key that must have signed it, public or private; without it any key will do", HelpName = "FILE",
        };
        var command = new Command(
            "check", "Verify digests and signature of a dossier: a changed byte fails. Exit code 1 when it is not whole")
        {
            place, key, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            var check = DossierSignature.Check(parsed.GetRequiredValue(place), parsed.GetValue(key));
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Whole = check.IsWhole, check.Fingerprint, Trusted = check.IsTrusted, check.Problems, check.Files });
            else
            {
                foreach (var problem in check.Problems)
                    Console.WriteLine(problem);
                Console.WriteLine(check.IsWhole
                    ? $"{check.Files.Count} files are as they were signed. Fingerprint of the key: {check.Fingerprint}"
                        + (check.IsTrusted is null
                            ? ", to be compared with one that is known from elsewhere."
                            : ", the one that was expected.")
                    : "The dossier is not as it was signed.");
            }
            return check.IsWhole ? ExitCode.Done : ExitCode.NothingOrPartly;
        });
        return command;
    }
}
