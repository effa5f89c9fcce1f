using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using MatchEngine.Frs.Probes;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Intake;

public class RequestBodyTests(RequestBodyTests.StrictService service) : IClassFixture<RequestBodyTests.StrictService>
{
    [Fact]
    public async Task What_is_announced_and_does_not_come_takes_no_memory()
    {
        var budget = service.Get<MemoryBudget>();
        var connections = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 40; i++)
                connections.Add(await DripAsync("/v1/quality", Signed));
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (budget.Held < 40 * 1024)
                await Task.Delay(5, patience.Token);
            Assert.InRange(budget.Held, 40 * 1024, 40 * (64 << 10));
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
        using var end = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (budget.Held > 0)
            await Task.Delay(5, end.Token);
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task Who_is_not_signed_in_has_no_memory_taken_for_him_but_a_sign_in()
    {
        using var refused = await DripAsync("/v1/searches", "Content-Type: application/json");
        Assert.Contains(" 401 ", await AnswerAsync(refused), StringComparison.Ordinal);
        using var large = await DripAsync("/sign-in", "Content-Type: application/x-www-form-urlencoded");
        Assert.Contains(" 413 ", await AnswerAsync(large), StringComparison.Ordinal);
        using var session = await DripAsync("/v1/session", "Content-Type: application/json");
        Assert.Contains(" 413 ", await AnswerAsync(session), StringComparison.Ordinal);
        using var client = service.Client(null);
        using var files = await client.PostAsync("/sign-in", Requests.Form(null, ("name", new byte[100], "photo.jpg")));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, files.StatusCode);
        Assert.Equal(0, service.Get<MemoryBudget>().Held);
    }

    [Fact]
    public async Task A_body_that_drips_is_given_up()
    {
        using var connection = await DripAsync("/v1/quality", Signed);
        Assert.Contains(" 408 ", await AnswerAsync(connection), StringComparison.Ordinal);
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task A_body_without_an_image_is_small_and_one_with_an_image_need_not_be()
    {
        using var admin = service.Admin();
        await admin.PostAsJsonAsync("/v1/galleries", new { name = "x", profile = new string('a', 2 << 20) }).Code(413);
        await admin.CreateGalleryAsync("large");
        var photo = FakeImage.Salted(new string(' ', 1500 << 10), new FakeFace(1));
        await admin.SearchAsync(photo, "large");
    }

    private string Signed => $"Authorization: Bearer {service.FirstKey}\r\nContent-Type: multipart/form-data; boundary=b";

    /// <summary>A request that announces 4 MB and sends a byte.</summary>
    private async Task<TcpClient> DripAsync(string path, string headers)
    {
        var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n{headers}\r\n\r\n-"));
        return client;
    }

    private static async Task<string> AnswerAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await reader.ReadLineAsync(patience.Token) ?? "";
    }

    public sealed class StrictService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            // Each body may take a few seconds, whatever comes.
            (settings.Limits.BodySeconds, settings.Limits.BodyBytesPerSecond) = (6, 1 << 30);
            return settings;
        }
    }
}
