using System.Diagnostics;
using System.IO.Compression;
using MatchEngine.Client;
using MatchEngine.Faces;
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

    [Fact]
    public async Task The_client_of_openapi_typescript_compiles_and_enrols_searches_crops_and_exports()
    {
        var packages = await NpmPackages.RequireAsync("client");
        using var folder = new TemporaryFolder();
        foreach (var file in (ReadOnlySpan<string>)["package.json", "flow.ts"])
            File.Copy(Path.Combine(packages, file), folder.Sub(file));
        Directory.CreateSymbolicLink(folder.Sub("node_modules"), Path.Combine(packages, "node_modules"));
        using (var client = service.Client(null))
            folder.Write("v1.json", await client.GetByteArrayAsync("/openapi/v1.json"));
        var photo = folder.Write("photo.ppm", FakeImage.Picture("", new FakeFace(1)));
        await RunAsync(folder, "npx", "openapi-typescript", "v1.json", "-o", "v1.d.ts");
        await RunAsync(
            folder, "npx", "tsc", "--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext",
            "--allowImportingTsExtensions", "--rewriteRelativeImportExtensions",
            "--skipLibCheck", "flow.ts", "--outDir", "out");
        Assert.Equal("1 anna deleted not_found", (await RunAsync(
            folder, "node", "out/flow.js", service.Address.GetLeftPart(UriPartial.Authority), service.FirstKey, photo)).Trim());
        AssertJpeg(await File.ReadAllBytesAsync(folder.Sub("crop.jpg")));
        AssertArchive(await File.ReadAllBytesAsync(folder.Sub("typed.zip")));
    }

    /// <summary>The client that NSwag makes of the document, which is the product's own, <c>MatchEngine.Client</c>.</summary>
    [Fact]
    public async Task The_client_of_NSwag_enrols_searches_crops_and_exports()
    {
        using var folder = new TemporaryFolder();
        folder.Write("anna.ppm", FakeImage.Picture("", new FakeFace(1)));
        folder.Write("bert.ppm", FakeImage.Picture("", new FakeFace(2)));
        folder.Write("nobody.ppm", FakeImage.Failing(AcquisitionFailure.NoFace));
        folder.Write("notes.txt", [1]);
        using var connection = ServiceConnection.Open(service.Address, service.FirstKey);
        var client = connection.Client;
        var made = await client.CreateGalleryAsync(new GalleryRequest
        {
            Name = "typed-too", Retention = new RetentionWire { Days = 30, Basis = RetentionBasis.Captured },
        });
        Assert.Equal(RetentionBasis.Captured, made.Retention!.Basis);

        var enrolled = new List<EnrolledFile>();
        await foreach (var file in client.EnrolFolderAsync("typed-too", folder))
            enrolled.Add(file);
        Assert.Equal(
            [("anna", 1, null), ("bert", 1, null), ("nobody", 0, "no_face")],
            enrolled.Select(file => (file.Subject, file.Answer?.Enrolled ?? 0, file.Problem?.Code)));
        var subjects = new List<string>();
        await foreach (var subject in client.AllSubjectsAsync("typed-too"))
            subjects.Add(subject.Id);
        Assert.Equal(["anna", "bert"], subjects);

        var list = await client.SearchFileAsync(folder.Sub("bert.ppm"), new SearchRequest
        {
            Galleries = ["typed-too"], ListLength = 5, Purpose = new PurposeWire { CaseNumber = "C-1", Basis = "18 USC 1028" },
        });
        Assert.Equal(("bert", "deleted"), (list.Candidates[0].SubjectId, list.Receipt!.Status));
        using (var crop = await client.GetCandidateCropAsync(list.SearchId, 1))
            AssertJpeg(await Bytes(crop));
        using (var archive = await client.ExportGalleryAsync("typed-too"))
            AssertArchive(await Bytes(archive));
        var searches = new List<string>();
        await foreach (var search in client.AllSearchesAsync("C-1"))
            searches.Add(search.SearchId);
        Assert.Contains(list.SearchId, searches);

        var compared = await client.CompareFilesAsync(
            folder.Sub("bert.ppm"), folder.Sub("bert.ppm"),
            new ComparisonRequest { Purpose = new PurposeWire { CaseNumber = "C-1", Basis = "18 USC 1028" } });
        Assert.Equal(1, compared.Score!.Value, 3);
        var refused = await Assert.ThrowsAsync<ServiceException<ProblemResponse>>(() => client.GetGalleryAsync("none"));
        Assert.Equal((404, "not_found"), (refused.StatusCode, refused.Result.Code));
    }

    /// <summary>Explicit: it fetches a tool and packages.</summary>
    [Fact(Explicit = true)]
    public async Task The_client_of_Kiota_compiles_and_enrols_searches_crops_and_exports()
    {
        using var folder = new TemporaryFolder();
        var sources = Path.Combine(TestData.Repository, "tests", "client");
        foreach (var file in (ReadOnlySpan<string>)["kiota.csproj", "kiota.cs"])
            File.Copy(Path.Combine(sources, file), folder.Sub(file));
        var photo = folder.Write("photo.ppm", FakeImage.Picture("", new FakeFace(1)));
        await RunAsync(TestData.Repository, "dotnet", "tool", "restore");
        await RunAsync(
            TestData.Repository, "dotnet", "kiota", "generate", "-l", "CSharp", "-c", "KiotaClient", "-n", "Generated",
            "-d", Path.Combine(TestData.Repository, "openapi", "v1.json"), "-o", folder.Sub("generated"), "--exclude-backward-compatible");
        await RunAsync(folder, "dotnet", "build", "-c", "Release", "-o", "out", "kiota.csproj");
        Assert.Equal("1 anna deleted not_found", (await RunAsync(
            folder, "dotnet", "out/kiota.dll", service.Address.GetLeftPart(UriPartial.Authority), service.FirstKey, photo)).Trim());
        AssertJpeg(await File.ReadAllBytesAsync(folder.Sub("crop.jpg")));
        AssertArchive(await File.ReadAllBytesAsync(folder.Sub("kiota.zip")));
    }

    private static async Task<byte[]> Bytes(FileResponse file)
    {
        using var bytes = new MemoryStream();
        await file.Stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static void AssertJpeg(byte[] file) => Assert.Equal([0xFF, 0xD8, 0xFF], file[..3]);

    private static void AssertArchive(byte[] file)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        Assert.NotEmpty(archive.Entries);
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
