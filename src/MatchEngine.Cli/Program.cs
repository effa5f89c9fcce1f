using System.CommandLine;
using MatchEngine.Cli;
using MatchEngine.Cli.Commands;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Galleries;

if (DecoderProcess.IsWanted(args))
    return DecoderProcess.Run(args);
PlainText.Guard();
NewFiles.BelongToTheirOwnerAlone();
var root = new RootCommand(
    "MatchEngine: a self-hosted 1:N face matching engine. A candidate list is a lead, never an identification. "
    + "Exit codes: 0 done; 1 nothing found, or some of it failed; 2 bad usage or input; 130 interrupted.")
{
    GalleryCommand.Create(),
    AuditCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    EnrollCommand.Create(),
    SearchCommand.Create(),
    CompareCommand.Create(),
    DetectCommand.Create(),
    An2Command.Create(),
    EvalCommand.Create(),
    VetCommand.Create(),
    ModelsCommand.Create(),
    BenchCommand.Create(),
    DemoCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
