using System.Diagnostics;

namespace MatchEngine.Tests;

/// <summary>
/// A project of ours packed as a <c>dotnet tool</c>, of what is built, and installed from the folder it was packed into, with no other
/// source of packages.
/// </summary>
internal sealed class ToolPackage : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tool-package-").FullName;

    private ToolPackage()
    {
    }

    /// <summary>The package's file.</summary>
    public string File { get; private set; } = "";

    /// <summary>A folder for the test's files; gone when it ends.</summary>
    public string Folder => _folder;

    /// <summary>Packs and installs.</summary>
    /// <param name="project">For example <c>MatchEngine.Cli</c>; it names the package too.</param>
    public static ToolPackage Install(string project)
    {
        var tool = new ToolPackage();
        try
        {
            var packages = Directory.CreateDirectory(Path.Combine(tool._folder, "packages")).FullName;
            Dotnet(
                TestData.Repository, "pack", "--no-build", "--no-restore", "-c", "Release",
                "-nodeReuse:false", "-p:RuntimeIdentifiers=", "-o",
                packages, Path.Combine(TestData.Repository, "src", project));
            tool.File = Directory.GetFiles(packages, project + ".*.nupkg").Single();
            System.IO.File.WriteAllText(
                Path.Combine(tool._folder, "nuget.config"),
                """
                <configuration>
                  <packageSources><clear /><add key="packed" value="packages" /></packageSources>
                </configuration>
                """);
            Dotnet(tool._folder, "tool", "install", project, "--tool-path", "tools", "--configfile", "nuget.config");
            return tool;
        }
        catch
        {
            tool.Dispose();
            throw;
        }
    }

    /// <summary>Starts the installed command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="arguments">What it is given.</param>
    public Process Start(string command, params IEnumerable<string> arguments) => Start(
        Path.Combine(_folder, "tools", command + (OperatingSystem.IsWindows() ? ".exe" : "")), _folder, arguments);

    /// <summary>Runs the installed command to its end and gives what it prints; fails when it ends with another code than 0.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="arguments">What it is given.</param>
    public string Run(string command, params IEnumerable<string> arguments) => Finish(Start(command, arguments), command);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Dotnet(string folder, params IEnumerable<string> arguments) =>
        Finish(Start(Path.Combine(DotnetRoot, "dotnet"), folder, arguments), $"dotnet {string.Join(' ', arguments)}");

    // The runtime lies in shared/NAME/VERSION below it.
    private static string DotnetRoot =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    private static Process Start(string program, string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["DOTNET_ROOT"] = DotnetRoot;
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MATCHENGINE_DATA_DIR"] = Path.Combine(folder, "data");
        return Process.Start(start)!;
    }

    private static string Finish(Process process, string what)
    {
        using (process)
        {
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"'{what}' did not end within five minutes");
            }
            Assert.True(process.ExitCode == 0, $"'{what}' ended with {process.ExitCode}\n{output.Result}\n{error.Result}");
            return output.Result;
        }
    }
}
