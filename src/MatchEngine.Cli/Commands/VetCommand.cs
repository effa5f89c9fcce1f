using System.CommandLine;
using MatchEngine.Cli.Vetting;

namespace MatchEngine.Cli.Commands;

/// <summary><c>vet run|diff|check</c>; <c>vet --target …</c> alone is <c>run</c>.</summary>
internal static class VetCommand
{
    public static Command Create()
    {
        var command = new Command("vet", "Examine any face recognition service and write its dossier, compare two dossiers, check one")
        {
            VetRun.Create(), VetDiff.Create(), VetCheck.Create(),
        };
        VetRun.AddTo(command);
        return command;
    }
}
