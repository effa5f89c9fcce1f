using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MatchEngine.Faces;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Intake;

/// <summary>Safeguard 1: of a probe nothing stays, however the request ends.</summary>
public sealed class NonRetentionTests(TestService service) : IClassFixture<TestService>
{
    private const string Marker = "probe-marker-7d41f0c2";

    /// <summary>Well above the 64 KiB from which ASP.NET Core's own reader of forms makes a temporary file.</summary>
    private static byte[] LargeProbe(int identity, string salt = "") =>
        FakeImage.Salted(Marker + salt + new string('x', 200_000), new FakeFace(identity));

    [Fact]
    public async Task After_many_searches_of_every_kind_no_buffer_file_or_log_line_holds_the_probe()
    {
        var before = TemporaryFiles.Now();
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("retention");
        await admin.EnrolAsync("retention", "A", FakeImage.Picture("", new FakeFace(1)));
        for (var i = 0; i < 40; i++)
        {
            await admin.SearchAsync(LargeProbe(1, $" {i}"), "retention");
            var base64 = new
            {
                galleries = new[] { "retention" },
                purpose = Requests.Purpose,
                image = Convert.ToBase64String(LargeProbe(1, $" {i}")),
            };
            await admin.PostAsJsonAsync("/v1/searches", base64).Json();
            await admin.PostAsync("/v1/searches", Requests.Form(
                new { galleries = new[] { "retention" }, purpose = Requests.Purpose },
                ("image", Failing(AcquisitionFailure.NoFace), "p"))).Code(422);
            await admin.PostAsync(
                "/v1/comparisons",
                Requests.Form(new { purpose = Requests.Purpose }, ("first", LargeProbe(1), "a"), ("second", LargeProbe(2), "b"))).Json();
            await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", LargeProbe(1), "a"))).Json();
        }
        Assert.True(service.Buffers.HandedOutCount > 200);
        Assert.True(service.Buffers.AllClear());
        AssertNowhere(before);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        var before = TemporaryFiles.Now();
        var probe = LargeProbe(1);
        var handedOut = service.Buffers.HandedOutCount;
        var head = Encoding.ASCII.GetBytes(
            $"POST /v1/searches HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {service.FirstKey}\r\nContent-Type: "
                + $"multipart/form-data; boundary=b\r\nContent-Length: {probe.Length + 500}\r\n\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"p.jpg\"\r\n\r\n");
        for (var i = 1; i <= 20; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", service.Address.Port);
            var stream = socket.GetStream();
            await stream.WriteAsync(head);
            await stream.WriteAsync(probe.AsMemory(0, probe.Length * i / 21));
            await stream.FlushAsync();
            while (service.Buffers.HandedOutCount < handedOut + i)
                await Task.Delay(1);
            // A reset, as when the client's process is killed.
            socket.LingerState = new LingerOption(true, 0);
        }
        await UntilAsync(service.Buffers.AllClear);
        AssertNowhere(before);
    }

    [Fact]
    public async Task A_search_that_is_given_up_while_it_runs_leaves_nothing()
    {
        var entered = new SemaphoreSlim(0);
        var go = new ManualResetEventSlim();
        await using var slow = new TestService
        {
            Extractor = new FakeExtractor
            {
                Before = text => { if (text.Contains("slow", StringComparison.Ordinal)) { entered.Release(); go.Wait(); } },
            },
        };
        await slow.InitializeAsync();
        using var admin = slow.Admin();
        await admin.CreateGalleryAsync("people");
        using var cancel = new CancellationTokenSource();
        var search = admin.PostAsync(
            "/v1/searches",
            Requests.Form(new { purpose = Requests.Purpose }, ("image", FakeImage.Salted("slow" + Marker, new FakeFace(1)), "p")),
            cancel.Token);
        await entered.WaitAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        go.Set();
        await UntilAsync(slow.Buffers.AllClear);
        Assert.True(slow.Buffers.HandedOutCount > 0);
        Assert.False(FolderBytes.Contain(slow.Data, Encoding.UTF8.GetBytes(Marker)));
    }

    [Fact]
    public async Task The_receipt_is_keyed_and_the_same_probe_gives_the_same_digest()
    {
        using var admin = service.Admin();
        var probe = FakeImage.Salted("receipt", new FakeFace(1));
        var first = (await admin.PostAsync("/v1/quality", Requests.Form(null, ("image", probe, "a"))).Json()).GetProperty("receipt");
        var second = (await admin.PostAsJsonAsync("/v1/quality", new { image = Convert.ToBase64String(probe) }).Json())
            .GetProperty("receipt");
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(service.Get<IInstallation>().ReceiptSecret.Span, probe));
        Assert.Equal(expected, first.GetProperty("digest").GetString());
        Assert.Equal(expected, second.GetProperty("digest").GetString());
        Assert.NotEqual(Convert.ToHexStringLower(SHA256.HashData(probe)), expected);
        Assert.Equal("deleted", first.GetProperty("status").GetString());
    }

    private static byte[] Failing(AcquisitionFailure reason) =>
        Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetString(FakeImage.Failing(reason))}{Marker}{new string('y', 100_000)}");

    private void AssertNowhere(TemporaryFiles temporary)
    {
        foreach (var sought in (string[])[Marker, Convert.ToBase64String(Encoding.UTF8.GetBytes("fake-image\nsalt " + Marker))[..40]])
        {
            Assert.False(FolderBytes.Contain(service.Data, Encoding.UTF8.GetBytes(sought)), "the data folder holds a probe");
            Assert.DoesNotContain(sought, service.Log.Text);
            Assert.Null(temporary.NewOneWith(Encoding.UTF8.GetBytes(sought)));
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!condition())
            await Task.Delay(5, patience.Token);
    }
}
