using System.ComponentModel;
using System.Diagnostics;

namespace MatchEngine.Tests;

/// <summary>
/// The npm packages that only tests need: <c>tests/NAME/package.json</c> with its lock file, fetched when a test first asks, by the script
/// that fetches the models for the build.
/// </summary>
internal static class NpmPackages
{
    /// <summary>
    /// The full path of <c>tests/NAME</c>, its <c>node_modules</c> in place. Where they cannot be fetched the calling test is skipped and
    /// says why; with <c>CI=true</c> in the environment it fails.
    /// </summary>
    public static Task<string> RequireAsync(string name) => RequireAsync(name, Environment.GetEnvironmentVariable("CI") == "true");

    /// <summary>The same, told whether a missing package fails the calling test.</summary>
    public static async Task<string> RequireAsync(string name, bool orFail)
    {
        var folder = Path.Combine(TestData.Repository, "tests", name);
        if (await FetchAsync(folder) is { } fault)
        {
            var message = $"needs the npm packages of tests/{name}: {fault}";
            if (orFail)
                Assert.Fail(message);
            Assert.Skip(message);
        }
        return folder;
    }

    /// <summary>Null when all is in place; else what is in the way.</summary>
    private static async Task<string?> FetchAsync(string folder)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(TestData.Repository, "build", "install.mjs"), folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var node = Process.Start(start)!;
            var ends = TestContext.Current.CancellationToken;
            var (_, error) = (node.StandardOutput.ReadToEndAsync(ends), node.StandardError.ReadToEndAsync(ends));
            await node.WaitForExitAsync(ends);
            return node.ExitCode == 0 ? null : (await error).Trim();
        }
        catch (Win32Exception)
        {
            return "Node.js 20 or newer fetches them, and 'node' was not found on the PATH";
        }
    }
}
