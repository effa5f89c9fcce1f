using System.Diagnostics;
using MatchEngine.Tests;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary>The service as a <c>dotnet tool</c>: packed, installed from a folder, and started.</summary>
public class ToolPackageTests
{
    [Fact]
    public async Task The_installed_service_starts_and_is_ready()
    {
        using var tool = ToolPackage.Install("MatchEngine.Service");
        using var process = tool.Start(
            "matchengine-service", "--data", Path.Combine(tool.Folder, "frs"), "--urls", "http://127.0.0.1:0");
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(process) };
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            while (!(await client.GetAsync("/ready", patience.Token)).IsSuccessStatusCode)
                await Task.Delay(50, patience.Token);
            Assert.Contains("openapi", await client.GetStringAsync("/openapi/v1.json", patience.Token), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<Uri> AddressAsync(Process process)
    {
        const string line = "MatchEngine service: ";
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } printed)
            if (printed.StartsWith(line, StringComparison.Ordinal))
                return new Uri(printed[line.Length..]);
        throw new InvalidOperationException($"the service did not start: {await process.StandardError.ReadToEndAsync(patience.Token)}");
    }
}
