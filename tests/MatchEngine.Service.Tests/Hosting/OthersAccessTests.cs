using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

public class OthersAccessTests
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Nothing_that_the_service_makes_can_be_read_by_others()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no modes of files");
        await using var service = new OpenService { Opened = false };
        await service.InitializeAsync();
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("private");
        await admin.EnrolAsync("private", "anna", FakeImage.Picture("", new FakeFace(1)));
        await admin.SearchAsync(FakeImage.Of(new FakeFace(1)), "private");
        using var archive = await admin.GetAsync("/v1/galleries/private/export");
        using var body = new ByteArrayContent(await archive.Content.ReadAsByteArrayAsync());
        body.Headers.ContentType = new("application/zip");
        await admin.PostAsync("/v1/galleries/again/restoration", body).Json(201);
        var entries = new DirectoryInfo(service.Data).GetFileSystemInfos("*", SearchOption.AllDirectories);
        foreach (var name in new[] { "service.db", "service.db-wal", "audit.db", "gallery.db", "gallery.db-wal", "key-*.xml" })
            Assert.Contains(entries, entry => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(name, entry.Name));
        Assert.DoesNotContain(entries.Append(new DirectoryInfo(service.Data)), entry => (entry.UnixFileMode & Others) != UnixFileMode.None);
        Assert.DoesNotContain("other users of this machine", service.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_and_a_key_that_others_can_read_are_named_at_the_start_with_the_remedy()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no modes of files");
        await using var service = new OpenService { Opened = true };
        await service.InitializeAsync();
        Assert.Contains($"chmod -R go-rwx '{service.Data}'", service.Log.Text, StringComparison.Ordinal);
        Assert.Contains($"chmod go-rwx '{service.KeyFile}'", service.Log.Text, StringComparison.Ordinal);
    }

    private sealed class OpenService : TestService
    {
        public bool Opened { get; init; }

        public string KeyFile => Folder.Sub("keys");

        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            if (Opened && !OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Data);
                File.SetUnixFileMode(Data, File.GetUnixFileMode(Data) | UnixFileMode.GroupRead);
                File.WriteAllText(KeyFile, new string('a', 64));
                File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
                settings.DataKeyFile = KeyFile;
            }
            return settings;
        }
    }
}
