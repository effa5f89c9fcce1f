using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Tests;

namespace MatchEngine.Service.Tests.Packaging;

/// <summary><c>packaging/oci-image.py</c>: what it makes is taken apart, and its program runs in nothing but what it holds.</summary>
public class OciImageTests
{
    private const int User = 65532;

    [Fact]
    public void An_image_is_what_its_digests_say_and_holds_the_libraries_that_its_program_loads()
    {
        RequireDebian();
        using var folder = new TemporaryFolder();
        // A small program in the place of the service: it loads the C library, as the service does.
        Directory.CreateDirectory(folder.Sub("publish"));
        File.Copy("/bin/true", folder.Sub("publish", "MatchEngine.Service"));
        folder.Write("publish/symbols.pdb", "left out");
        Make(folder.Sub("image.tar"), folder.Sub("publish"));

        var image = Image.Read(folder.Sub("image.tar"));

        var config = image.Config.GetProperty("config");
        Assert.Equal($"{User}:{User}", config.GetProperty("User").GetString());
        Assert.Equal("/app/MatchEngine.Service", Assert.Single(config.GetProperty("Entrypoint").EnumerateArray()).GetString());
        Assert.Equal(
            ["CMD", "/app/MatchEngine.Service", "health"],
            config.GetProperty("Healthcheck").GetProperty("Test").EnumerateArray().Select(word => word.GetString()));
        Assert.True(config.GetProperty("Volumes").TryGetProperty("/data", out _));
        var entries = image.Entries();
        Assert.Contains(entries, entry => entry.Name.EndsWith("/libc.so.6", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Name.EndsWith("/libssl.so.3", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Name == "usr/share/doc/libc6/copyright");
        Assert.DoesNotContain(entries, entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal));
        // Nothing but the data folder is the service's, and nobody becomes root by any file.
        Assert.Equal(["data/"], entries.Where(entry => entry.Uid != 0).Select(entry => entry.Name));
        Assert.DoesNotContain(entries, entry => (entry.Mode & (UnixFileMode.SetUser | UnixFileMode.SetGroup)) != UnixFileMode.None);
        Assert.Equal(
            ["tmp/"],
            entries.Where(
                entry => entry.EntryType != TarEntryType.SymbolicLink && (entry.Mode & UnixFileMode.OtherWrite) != UnixFileMode.None)
                .Select(entry => entry.Name));
    }

    [Fact]
    public void The_same_files_give_the_same_archive_whenever_they_were_written()
    {
        RequireDebian();
        using var folder = new TemporaryFolder();
        foreach (var publish in (string[])["one", "two"])
        {
            Directory.CreateDirectory(folder.Sub(publish));
            File.Copy("/bin/true", folder.Sub(publish, "MatchEngine.Service"));
            folder.Write($"{publish}/models/card.json", "{}");
            File.SetLastWriteTimeUtc(
                folder.Sub(publish, "models", "card.json"), new DateTime(2020, 1, publish.Length, 0, 0, 0, DateTimeKind.Utc));
            Make(folder.Sub($"{publish}.tar"), folder.Sub(publish));
        }
        Assert.Equal(File.ReadAllBytes(folder.Sub("one.tar")), File.ReadAllBytes(folder.Sub("two.tar")));
        folder.Write("two/models/card.json", "{ }");
        Make(folder.Sub("two.tar"), folder.Sub("two"));
        Assert.NotEqual(File.ReadAllBytes(folder.Sub("one.tar")), File.ReadAllBytes(folder.Sub("two.tar")));
    }

    [Fact]
    public void A_folder_that_is_no_publish_is_refused_and_leaves_nothing()
    {
        RequireDebian();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Sub("empty"));
        using var process = Start("python3", Script, folder.Sub("image.tar"), "--publish", folder.Sub("empty"));
        Assert.Contains("there is no MatchEngine.Service", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
        Assert.NotEqual(0, process.ExitCode);
        Assert.Equal([folder.Sub("empty")], Directory.GetFileSystemEntries(folder));
    }

    [Fact(Explicit = true)]
    public async Task The_service_of_an_image_enrols_and_finds_as_no_root_on_a_root_that_is_read_only()
    {
        RequireDebian();
        Assert.SkipUnless(Environment.UserName == "root", "needs root: it mounts the image's files and changes the root to them");
        using var folder = new TemporaryFolder();
        Make(folder.Sub("image.tar"), publish: null);
        var image = Image.Read(folder.Sub("image.tar"));
        Directory.CreateDirectory(folder.Sub("root"));
        Directory.CreateDirectory(folder.Sub("data"));
        image.Unpack(folder.Sub("root"));
        Finish(Start("chown", $"{User}:{User}", folder.Sub("data")));
        var port = FreePort();

        using var service = StartIn(folder, image, port);
        var printed = service.StandardOutput;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            string? key = null;
            while (await printed.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.Split(' ')[^1] is var word && word.StartsWith("me_", StringComparison.Ordinal))
                    key = word;
                if (line.StartsWith("MatchEngine service:", StringComparison.Ordinal))
                    break;
            }
            Assert.True(key is not null, "the service did not start");
            _ = printed.ReadToEndAsync(CancellationToken.None);
            using var client = Client(folder, port, key);
            while (!(await client.GetAsync("/ready", patience.Token)).IsSuccessStatusCode)
                await Task.Delay(100, patience.Token);
            using (var health = StartIn(folder, image, port, "health"))
                Finish(health);
            await client.PostAsJsonAsync("/v1/galleries", new { name = "people" }, patience.Token).Json(201);
            var photo = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "sample3.jpg"), patience.Token);
            await client.PostAsync("/v1/galleries/people/subjects/A/encounters", Requests.Form(
                new { face = "largest" }, ("image", photo, "sample3.jpg"))).Json(201);
            var list = await client.PostAsync("/v1/searches", Requests.Form(
                new { galleries = new[] { "people" }, face = "largest", purpose = Requests.Purpose }, ("image", photo, "p.jpg"))).Json();
            Assert.Equal("A", list.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
            // ASP.NET Core makes them by way of a temporary file, for which there must be a place.
            Assert.NotEmpty(Directory.GetFiles(folder.Sub("data", "cookie-keys")));
            Assert.Empty(Directory.GetFiles(folder.Sub("data"), "tmp*"));
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync(CancellationToken.None);
        }
        using (var stopped = StartIn(folder, image, port, "health"))
        {
            await stopped.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(1, stopped.ExitCode);
        }
    }

    private static string Script => Path.Combine(TestData.Repository, "packaging", "oci-image.py");

    private static void RequireDebian() => Assert.SkipUnless(
        File.Exists("/etc/debian_version") && File.Exists("/usr/bin/dpkg-query"), "images are made on Debian: this machine has no dpkg");

    private static void Make(string image, string? publish) =>
        Finish(Start("python3", [Script, image, .. publish is null ? [] : (string[])["--publish", publish]]));

    /// <summary>The image's program as its user, in its files alone; nothing but /data can be written, /tmp neither.</summary>
    private static Process StartIn(TemporaryFolder folder, Image image, int port, params string[] arguments)
    {
        const string script =
            """
            set -e
            root=$1; data=$2; shift 2
            mount --bind "$root" "$root"
            mount --bind "$data" "$root/data"
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            mount -o remount,ro,bind "$root"
            exec "$@"
            """;
        var environment = image.Config.GetProperty("config").GetProperty("Env").EnumerateArray().Select(value => value.GetString()!)
            .Select(value => value.StartsWith("MATCHENGINE_URLS=", StringComparison.Ordinal)
                ? $"MATCHENGINE_URLS=https://localhost:{port}" : value);
        return Start(
            "unshare",
            [
                "--mount", "sh", "-c", script, "sh", folder.Sub("root"), folder.Sub("data"), "chroot", $"--userspec={User}:{User}",
                folder.Sub("root"), "/app/MatchEngine.Service", .. arguments,
            ],
            environment);
    }

    private static HttpClient Client(TemporaryFolder folder, int port, string key)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore =
                    {
                        X509CertificateLoader.LoadCertificateFromFile(folder.Sub("data", "tls", "development.pem")),
                    },
                },
            },
        };
        var client = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{port}"), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(string program, params string[] arguments) => Start(program, arguments, null);

    private static Process Start(string program, IEnumerable<string> arguments, IEnumerable<string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (environment is not null)
        {
            start.Environment.Clear();
            start.Environment["PATH"] = "/usr/bin:/usr/sbin:/bin:/sbin";
            foreach (var value in environment.Where(value => !value.StartsWith("PATH=", StringComparison.Ordinal)))
                start.Environment[value.Split('=', 2)[0]] = value.Split('=', 2)[1];
        }
        return Process.Start(start)!;
    }

    private static void Finish(Process process)
    {
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"ended with {process.ExitCode}\n{output.Result}\n{error.Result}");
        }
    }

    /// <summary>An image as a reader of the OCI layout finds it: from its index by digests, each of which is checked.</summary>
    private sealed class Image
    {
        private readonly Dictionary<string, byte[]> _files = [];
        private readonly List<byte[]> _layers = [];

        public JsonElement Config { get; private set; }

        public static Image Read(string archive)
        {
            var image = new Image();
            using (var tar = new TarReader(File.OpenRead(archive)))
                while (tar.GetNextEntry() is { } entry)
                {
                    using var content = new MemoryStream();
                    entry.DataStream?.CopyTo(content);
                    image._files.Add(entry.Name, content.ToArray());
                }
            Assert.Equal("1.0.0", JsonElement.Parse(image._files["oci-layout"]).GetProperty("imageLayoutVersion").GetString());
            var manifest = JsonElement.Parse(image.Blob(
                Assert.Single(JsonElement.Parse(image._files["index.json"]).GetProperty("manifests").EnumerateArray())));
            image.Config = JsonElement.Parse(image.Blob(manifest.GetProperty("config")));
            var contents = image.Config.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray()
                .Select(id => id.GetString()!).ToList();
            foreach (var layer in manifest.GetProperty("layers").EnumerateArray())
            {
                using var packed = new GZipStream(new MemoryStream(image.Blob(layer)), CompressionMode.Decompress);
                using var content = new MemoryStream();
                packed.CopyTo(content);
                image._layers.Add(content.ToArray());
            }
            Assert.Equal(contents, image._layers.Select(Digest));
            Assert.Equal(3 + image._layers.Count + 1, image._files.Count);
            return image;
        }

        public List<TarEntry> Entries()
        {
            var entries = new List<TarEntry>();
            foreach (var layer in _layers)
            {
                using var tar = new TarReader(new MemoryStream(layer));
                while (tar.GetNextEntry() is { } entry)
                    entries.Add(entry);
            }
            return entries;
        }

        /// <summary>Unpacks the layers with their owners, as an engine does.</summary>
        public void Unpack(string root)
        {
            foreach (var layer in _layers)
            {
                var file = root + ".layer";
                File.WriteAllBytes(file, layer);
                Finish(Start("tar", "--extract", "--preserve-permissions", "--numeric-owner", "--file", file, "--directory", root));
                File.Delete(file);
            }
        }

        private byte[] Blob(JsonElement descriptor)
        {
            var digest = descriptor.GetProperty("digest").GetString()!;
            var content = _files["blobs/sha256/" + digest["sha256:".Length..]];
            Assert.Equal((digest, descriptor.GetProperty("size").GetInt64()), (Digest(content), content.Length));
            return content;
        }

        private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
