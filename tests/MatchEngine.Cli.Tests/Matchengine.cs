using System.Diagnostics;
using System.Text.Json;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests;

/// <summary>Runs the command as a user does: a process of its own, with a data folder of its own.</summary>
public sealed class Matchengine : IDisposable
{
    /// <summary>How long a run may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    public Matchengine() => Folder = Directory.CreateTempSubdirectory("matchengine-cli-").FullName;

    /// <summary>A folder for the test's files; gone when it ends.</summary>
    public string Folder { get; }

    /// <summary>The data folder given to each run.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>What each run finds in its environment besides.</summary>
    public IDictionary<string, string> Variables { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The command where its own build lays it: beside these tests stands what ASP.NET brings, and the command does without that.
    /// </summary>
    public static string Program { get; } = Path.Combine(
        TestData.Repository, "src", "MatchEngine.Cli", "bin", Above(1).Name, Above(0).Name, "matchengine.dll");

    public static string Sample(int number) => Path.Combine(AppContext.BaseDirectory, "samples", $"sample{number}.jpg");

    private static DirectoryInfo Above(int levels)
    {
        var folder = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return levels == 0 ? folder : folder.Parent!;
    }

    public string File(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Starts a run.</summary>
    public Process Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Folder,
        };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["MATCHENGINE_DATA_DIR"] = Data;
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs to the end.</summary>
    public Outcome Run(params IEnumerable<string> arguments) => Run([], arguments);

    /// <summary>Runs to the end with these bytes on standard input.</summary>
    public Outcome Run(byte[] input, IEnumerable<string> arguments) => Run(input, arguments, null);

    /// <summary>Runs to the end, and kills the process in which it decodes images as soon as there is one. On Linux only.</summary>
    public Outcome RunKillingDecoder(params IEnumerable<string> arguments) => Run([], arguments, process =>
    {
        while (!process.HasExited)
        {
            foreach (var child in Children(process.Id).Where(IsDecoder))
            {
                // It needs a tenth of a second to begin, and has not answered yet.
                Process.GetProcessById(child).Kill();
                return;
            }
        }
    });

    private static IEnumerable<int> Children(int id)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{id}/task")
                .SelectMany(
                    task => System.IO.File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(int.Parse)];
        }
        catch (IOException)
        {
            // The process, or one of its threads, has ended.
            return [];
        }
    }

    private static bool IsDecoder(int id)
    {
        try
        {
            return System.IO.File.ReadAllText($"/proc/{id}/cmdline").Contains(DecoderProcess.Verb, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Outcome Run(byte[] input, IEnumerable<string> arguments, Action<Process>? meanwhile)
    {
        using var process = Start(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        meanwhile?.Invoke(process);
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{string.Join(' ', arguments)}' did not end within {Patience}");
        }
        return new Outcome(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>What a run gave.</summary>
    public sealed record Outcome(int ExitCode, string Output, string Error)
    {
        /// <summary>Standard output as JSON; fails when it is anything more.</summary>
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;

        /// <summary>The run itself, if it ended with this code; fails with what it printed otherwise.</summary>
        public Outcome Expect(int exitCode)
        {
            Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}\n{Output}\n{Error}");
            return this;
        }
    }
}
