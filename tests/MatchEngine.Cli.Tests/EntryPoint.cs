using MatchEngine.Vetting.Tests.Fakes;
using Xunit.Runner.InProc.SystemConsole;

namespace MatchEngine.Cli.Tests;

/// <summary>The tests, or with other arguments a program that is vetted by them.</summary>
internal static class EntryPoint
{
    public static Task<int> Main(string[] args) => args switch
    {
        [FakeProgram.Verb, .. var rest] => FakeProgram.RunAsync(rest),
        _ => ConsoleRunner.Run(args),
    };
}
