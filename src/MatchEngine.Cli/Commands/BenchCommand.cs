using System.CommandLine;
using MatchEngine.Cli.Bench;

namespace MatchEngine.Cli.Commands;

/// <summary><c>bench index|diff</c>.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure the engine on this machine, and set two measurements side by side")
    {
        BenchIndex.Create(), BenchDiff.Create(),
    };
}
