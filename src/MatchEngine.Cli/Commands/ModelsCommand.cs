using System.CommandLine;
using MatchEngine.Cli.Models;

namespace MatchEngine.Cli.Commands;

/// <summary><c>models list|add|verify|calibrate</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create() =>
        new("models", "List, add, verify and calibrate models")
        {
            ModelsList.Create(), ModelsAdd.Create(), ModelsVerify.Create(), ModelsCalibrate.Create(),
        };
}
