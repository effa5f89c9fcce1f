using System.Net;
using System.Net.Sockets;
using System.Text;
using MatchEngine.Vetting.MappedHttp;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Vetting.Tests.Transport;

/// <summary>A target is hostile: whatever it answers is an outcome, within bounds.</summary>
public class TargetHttpTests
{
    [Fact]
    public async Task An_answer_beyond_the_bound_is_not_read_to_its_end()
    {
        var written = 0L;
        var exchange = await SearchAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            try
            {
                for (; written < 64 << 20; written += 1 << 16)
                    await context.Response.Body.WriteAsync(new byte[1 << 16], context.RequestAborted);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // The reader went away.
            }
        }, options => options with { MaxAnswerBytes = 1 << 20 });
        Assert.Equal(FailureKind.AnswerTooLarge, exchange.Failure?.Kind);
        Assert.Equal((1 << 20) + 1, exchange.Received!.Size);
        Assert.True(written < 64 << 20);
    }

    [Fact]
    public async Task An_answer_of_just_the_bound_is_read() => Assert.Equal(
        FailureKind.BrokenAnswer,
        (await SearchAsync(
            context => context.Response.WriteAsync(new string('x', 1000)), options =>
                options with { MaxAnswerBytes = 1000 })).Failure?.Kind);

    [Theory]
    [InlineData("")]
    [InlineData("{\"found\":[")]
    [InlineData("<html>")]
    [InlineData("{\"found\":[{\"distance\":\"near\",\"person\":{\"id\":\"a\"}}]}")]
    [InlineData("{\"found\":[{\"distance\":1e999,\"person\":{\"id\":\"a\"}}]}")]
    [InlineData("{\"found\":[{\"distance\":1}]}")]
    public async Task What_cannot_be_read_is_a_broken_answer(string body)
    {
        var exchange = await SearchAsync(context => context.Response.WriteAsync(body));
        if (body.Length > 0)
            Assert.Equal(FailureKind.BrokenAnswer, exchange.Failure?.Kind);
        else
            Assert.Empty(exchange.Value!.Candidates);
    }

    [Fact]
    public async Task A_deep_answer_is_broken_and_ends_nothing() => Assert.Equal(
        FailureKind.BrokenAnswer,
        (await SearchAsync(context => context.Response.WriteAsync(new string('[', 200_000)))).Failure?.Kind);

    [Fact]
    public async Task A_list_without_end_is_broken() => Assert.Equal(
        FailureKind.BrokenAnswer,
        (await SearchAsync(context => context.Response.WriteAsync(
            "{\"found\":[" + string.Join(',', Enumerable.Repeat("{\"person\":{\"id\":\"a\"}}", 10_001)) + "]}"))).Failure?.Kind);

    [Fact]
    public async Task A_target_that_does_not_answer_is_given_up()
    {
        var exchange = await SearchAsync(
            context => Task.Delay(Timeout.Infinite, context.RequestAborted),
            options => options with { Timeout = TimeSpan.FromMilliseconds(150) });
        Assert.Equal(FailureKind.TimedOut, exchange.Failure?.Kind);
        Assert.Null(exchange.Received);
        Assert.True(exchange.Sent.Size > 0);
    }

    [Fact]
    public async Task A_target_that_stops_within_its_answer_is_given_up()
    {
        var exchange = await SearchAsync(
            async context =>
            {
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            },
            options => options with { Timeout = TimeSpan.FromMilliseconds(250) });
        Assert.Equal(FailureKind.TimedOut, exchange.Failure?.Kind);
    }

    [Fact]
    public async Task Nobody_is_followed_elsewhere()
    {
        var elsewhere = 0;
        await using var other = await FakeHttpServer.StartAsync(app => app.Run(_ =>
        {
            elsewhere++;
            return Task.CompletedTask;
        }));
        var exchange = await SearchAsync(context =>
        {
            context.Response.Redirect(other.Address.ToString(), permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        Assert.Equal((FailureKind.BrokenAnswer, 307, 0), (exchange.Failure!.Kind, exchange.Received!.Status, elsewhere));
    }

    [Fact]
    public async Task A_machine_beyond_reach_is_not_connected_to()
    {
        // A documentation address (RFC 5737): it would hang, were it connected to.
        var exchange = await SearchAsync(new Uri("http://192.0.2.1:9/"), FakeHttpServer.Options);
        Assert.Equal((FailureKind.Unreachable, "out_of_reach"), (exchange.Failure!.Kind, exchange.Failure.Code));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_unreachable()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        Assert.Equal(
            FailureKind.Unreachable, (await SearchAsync(new Uri($"http://127.0.0.1:{port}/"), FakeHttpServer.Options)).Failure?.Kind);
    }

    [Fact]
    public async Task An_exchange_shows_what_was_sent_and_came_back_without_long_values()
    {
        var photo = Convert.ToBase64String(new byte[3000]);
        var exchange = await SearchAsync(context =>
        {
            context.Response.Headers["X-Secret"] = "token";
            context.Response.Headers["Set-Cookie"] = "session=1";
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($"{{\"found\":[],\"crop\":\"{photo}\"}}");
        });
        Assert.Equal(("POST", 200), (exchange.Sent.Verb, exchange.Received!.Status));
        Assert.EndsWith("/find", exchange.Sent.Address, StringComparison.Ordinal);
        Assert.Equal("(a secret)", exchange.Sent.Headers["authorization"]);
        Assert.Equal(["content-type", "date", "server"], exchange.Received.Headers.Keys.Order());
        Assert.Equal("{\"found\":[],\"crop\":\"(4000 characters)\"}", exchange.Received.Excerpt);
    }

    private static async Task<Exchange<SearchAnswer>> SearchAsync(
        RequestDelegate answer, Func<TargetOptions, TargetOptions>? options = null)
    {
        await using var server = await FakeHttpServer.StartAsync(app => app.Run(answer));
        return await SearchAsync(server.Address, (options ?? (same => same))(FakeHttpServer.Options));
    }

    private static async Task<Exchange<SearchAnswer>> SearchAsync(Uri address, TargetOptions options)
    {
        var mapping = MappingReader.Read(Encoding.UTF8.GetBytes(FakeJsonServer.Mapping(address)), "test");
        await using var target = MappedTarget.Open(mapping, "test", options);
        return await target.SearchAsync(new SearchQuery(FakeFace.Input(1)), CallTerms.Usual, CancellationToken.None);
    }
}
