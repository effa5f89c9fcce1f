using System.Diagnostics;

namespace MatchEngine.Cli.Tests;

/// <summary>The service as users run it, in a process of its own with a data folder of its own and the real networks.</summary>
public sealed class RunningService : IDisposable
{
    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("matchengine-service-").FullName;

    public RunningService()
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "MatchEngine.Service.dll"), "--data", Path.Combine(_folder, "data"),
            "--urls", "http://127.0.0.1:0"])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        var (address, key) = (new TaskCompletionSource<string>(), new TaskCompletionSource<string>());
        _process.OutputDataReceived += (_, line) =>
        {
            foreach (var word in (line.Data ?? "").Split(' '))
            {
                if (word.StartsWith("http://127.0.0.1:", StringComparison.Ordinal))
                    address.TrySetResult(word);
                else if (word.StartsWith("me_", StringComparison.Ordinal))
                    key.TrySetResult(word);
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!Task.WaitAll([address.Task, key.Task], TimeSpan.FromMinutes(2)))
        {
            Dispose();
            Assert.Fail("the service did not start");
        }
        Address = address.Task.Result;
        KeyFile = Path.Combine(_folder, "key");
        File.WriteAllText(KeyFile, key.Task.Result + "\n");
        using var client = new HttpClient();
        for (var tries = 0; !client.GetAsync(Address + "/ready").Result.IsSuccessStatusCode; tries++)
        {
            Assert.True(tries < 600, "the service is not ready");
            Thread.Sleep(100);
        }
    }

    public string Address { get; }

    public string KeyFile { get; }

    /// <summary>The options that lead a verb here.</summary>
    public string[] Options => ["--service", Address, "--key-file", KeyFile];

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
