using MatchEngine.Service.Tests.Fakes;
using Xunit.Runner.InProc.SystemConsole;

namespace MatchEngine.Service.Tests;

internal static class EntryPoint
{
    public static Task<int> Main(string[] args) => args switch
    {
        [ServiceProcess.Verb, .. var rest] => ServiceProcess.RunAsync(rest),
        _ => ConsoleRunner.Run(args),
    };
}
