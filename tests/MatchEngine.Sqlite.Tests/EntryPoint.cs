using MatchEngine.Sqlite.Tests.Fakes;
using Xunit.Runner.InProc.SystemConsole;

namespace MatchEngine.Sqlite.Tests;

internal static class EntryPoint
{
    public static Task<int> Main(string[] args) => args switch
    {
        [EnrolmentWorker.Verb, .. var rest] => EnrolmentWorker.RunAsync(rest),
        [AuditWorker.Verb, .. var rest] => AuditWorker.RunAsync(rest),
        [RemovalWorker.Verb, .. var rest] => RemovalWorker.RunAsync(rest),
        _ => ConsoleRunner.Run(args),
    };
}
