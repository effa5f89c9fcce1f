using System.Diagnostics;

namespace MatchEngine.Sqlite.Tests.Fakes;

/// <summary>This program as a process of its own, so that a test can kill it.</summary>
internal static class WorkerProcess
{
    public static Process Start(params IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MatchEngine.Sqlite.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
    }
}
