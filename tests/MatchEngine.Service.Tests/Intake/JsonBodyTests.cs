using System.Net.Sockets;
using System.Text;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Intake;

public class JsonBodyTests(JsonBodyTests.SlowService service) : IClassFixture<JsonBodyTests.SlowService>
{
    /// <summary>Faster than the least rate of the server, and slower than what a body may take: only the deadline ends it.</summary>
    [Theory]
    [InlineData("/v1/organisations")]
    [InlineData("/v1/session")]
    public async Task A_JSON_body_that_drips_is_given_up_as_one_with_images_is(string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(service.Address.Host, service.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\nContent-Type: application/json\r\n"
                + $"Authorization: Bearer {service.FirstKey}\r\n\r\n{{\"name\":\""));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var answer = reader.ReadLineAsync(patience.Token).AsTask();
        while (!answer.IsCompleted)
        {
            try
            {
                await stream.WriteAsync("aa"u8.ToArray(), patience.Token);
            }
            catch (IOException)
            {
                // It is answered, and nobody reads on.
            }
            await Task.WhenAny(answer, Task.Delay(100, patience.Token));
        }
        Assert.Contains(" 408 ", await answer, StringComparison.Ordinal);
    }

    public sealed class SlowService : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            // The server alone would let ten bytes a second pass.
            (settings.Limits.BodySeconds, settings.Limits.BodyBytesPerSecond) = (2, 80);
            return settings;
        }
    }
}
