using System.Diagnostics;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary>
/// The description is complete enough for a client that nobody of us wrote: openapi-typescript makes it, TypeScript checks it,
/// Node.js runs a search with it.
/// </summary>
public class GeneratedClientTests(TestService service) : IClassFixture<TestService>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Explicit: it fetches packages from npm.</summary>
    [Fact(Explicit = true)]
    public async Task A_generated_client_compiles_and_runs_a_search()
    {
        var packages = await NpmPackages.RequireAsync("client");
        using var folder = new TemporaryFolder();
        foreach (var file in (ReadOnlySpan<string>)["package.json", "search.ts"])
            File.Copy(Path.Combine(packages, file), folder.Sub(file));
        Directory.CreateSymbolicLink(folder.Sub("node_modules"), Path.Combine(packages, "node_modules"));
        using (var client = service.Client(null))
            folder.Write("v1.json", await client.GetByteArrayAsync("/openapi/v1.json"));
        var photo = folder.Write("photo.ppm", FakeImage.Picture("", new FakeFace(1)));
        await RunAsync(folder, "npx", "openapi-typescript", "v1.json", "-o", "v1.d.ts");
        await RunAsync(
            folder, "npx", "tsc", "--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext",
            "--allowImportingTsExtensions", "--rewriteRelativeImportExtensions",
            "--skipLibCheck", "search.ts", "--outDir", "out");
        Assert.Equal("1 anna deleted", (await RunAsync(
            folder, "node", "out/search.js", service.Address.GetLeftPart(UriPartial.Authority), service.FirstKey, photo)).Trim());
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await output}{await error}");
        return await output;
    }
}
