using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Rest;

public class WebhooksResourceTests
{
    private static async Task<JsonElement> AddAsync(HttpClient admin, Uri url) =>
        await admin.PostAsJsonAsync("/v1/webhooks", new { url }).Json(201);

    private static async Task<JsonElement> DeliveryAsync(HttpClient admin, string webhook, Func<JsonElement, bool> wanted)
    {
        for (var waiting = 0; waiting < 1500; waiting++)
        {
            var deliveries = await admin.GetAsync($"/v1/webhooks/{webhook}/deliveries").Json();
            if (deliveries.GetArrayLength() > 0 && wanted(deliveries[0]))
                return deliveries[0];
            await Task.Delay(20);
        }
        Assert.Fail("no such delivery came");
        return default;
    }

    /// <summary>Has somebody of the organisation told something: that a supervisor has opened a search.</summary>
    private static async Task TellAsync(TestService service, HttpClient admin, string gallery)
    {
        await admin.CreateGalleryAsync(gallery);
        await admin.EnrolAsync(
            gallery, "Jane Doe", FakeImage.Picture(gallery, new FakeFace(1)), new { metadata = new { name = "Jane Doe" } });
        using var agent = service.As("local", Role.Agent);
        using var supervisor = service.As("local", Role.Supervisor);
        var search = (await agent.SearchAsync(FakeImage.Picture("p" + gallery, new FakeFace(1, 2)), gallery))
            .GetProperty("searchId").GetString();
        await supervisor.GetAsync($"/v1/searches/{search}").Json();
    }

    [Fact]
    public async Task What_happens_is_told_signed_by_ids_and_kinds_alone()
    {
        await using var service = new TestService();
        await service.ReadyAsync();
        await using var receiver = await Receiver.StartAsync();
        using var admin = service.Admin();
        var added = await AddAsync(admin, receiver.Address);
        var secret = added.GetProperty("secret").GetString()!;
        await TellAsync(service, admin, "people");
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/searches")
        {
            Content = Requests.Form(
                new { galleries = new[] { "people" }, purpose = Requests.Purpose },
                ("image", FakeImage.Picture("q", new FakeFace(1)), "p")),
        };
        request.Headers.Add("Prefer", "respond-async");
        var operation = (await admin.SendAsync(request).Json(202)).GetProperty("id").GetString();

        var told = await receiver.TakeAsync(2);
        foreach (var message in told)
        {
            var (time, signed) = (message.Signature.Split(',')[0]["t=".Length..], message.Signature.Split(',')[1]["v1=".Length..]);
            var own = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{message.Body}"));
            Assert.Equal(Convert.ToHexStringLower(own), signed);
            Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(time), 0, 60);
            Assert.DoesNotContain("Jane", message.Body, StringComparison.Ordinal);
            Assert.Equal(message.Delivery, JsonDocument.Parse(message.Body).RootElement.GetProperty("id").GetString());
        }
        var bodies = told.Select(message => JsonDocument.Parse(message.Body).RootElement).ToList();
        var notification = Assert.Single(bodies, body => body.GetProperty("kind").GetString() == "notification");
        Assert.Equal(
            ["id", "kind", "notification", "search", "time", "what"],
            notification.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("search-opened", notification.GetProperty("what").GetString());
        var ended = Assert.Single(bodies, body => body.GetProperty("kind").GetString() == "operation");
        Assert.Equal(
            ["id", "kind", "operation", "state", "time"],
            ended.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal((operation, "done"), (ended.GetProperty("operation").GetString(), ended.GetProperty("state").GetString()));
        var id = added.GetProperty("details").GetProperty("id").GetString()!;
        await DeliveryAsync(admin, id, delivery => delivery.GetProperty("state").GetString() == "delivered");
        // The secret is shown once, and lies sealed.
        Assert.DoesNotContain(secret, (await admin.GetAsync("/v1/webhooks").Json()).GetRawText(), StringComparison.Ordinal);
        Assert.False(FolderBytes.Contain(service.Data, Encoding.UTF8.GetBytes(secret)));
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_later_and_given_up_after_a_day()
    {
        var clock = new MovableClock();
        await using var service = new ClockedService(clock);
        await service.ReadyAsync();
        await using var receiver = await Receiver.StartAsync(status: 500);
        using var admin = service.Admin();
        var id = (await AddAsync(admin, receiver.Address)).GetProperty("details").GetProperty("id").GetString()!;
        await TellAsync(service, admin, "people");
        var first = (await receiver.TakeAsync(1))[0];
        var waiting = await DeliveryAsync(admin, id, delivery => delivery.GetProperty("attempts").GetInt32() == 1);
        Assert.Equal(
            ("waiting", 500, clock.GetUtcNow().AddSeconds(10)),
            (waiting.GetProperty("state").GetString(), waiting.GetProperty("status").GetInt32(), waiting.GetProperty("due")
                .GetDateTimeOffset()));
        clock.Advance(TimeSpan.FromSeconds(10));
        var second = (await receiver.TakeAsync(1))[0];
        Assert.Equal(first.Delivery, second.Delivery);
        Assert.NotEqual(first.Signature, second.Signature);
        waiting = await DeliveryAsync(admin, id, delivery => delivery.GetProperty("attempts").GetInt32() == 2);
        Assert.Equal(clock.GetUtcNow().AddSeconds(30), waiting.GetProperty("due").GetDateTimeOffset());
        clock.Advance(TimeSpan.FromHours(24));
        var ended = await DeliveryAsync(admin, id, delivery => delivery.GetProperty("attempts").GetInt32() == 3);
        Assert.Equal(
            ("given-up", JsonValueKind.Null), (ended.GetProperty("state").GetString(), ended.GetProperty("due").ValueKind));

        receiver.Status = 204;
        clock.Advance(TimeSpan.FromHours(24));
        await TellAsync(service, admin, "others");
        var taken = await DeliveryAsync(admin, id, delivery => delivery.GetProperty("state").GetString() == "delivered");
        Assert.NotEqual(ended.GetProperty("id").GetString(), taken.GetProperty("id").GetString());
    }

    [Fact]
    public async Task No_redirection_is_followed()
    {
        await using var service = new TestService();
        await service.ReadyAsync();
        await using var elsewhere = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync(status: 307, location: elsewhere.Address);
        using var admin = service.Admin();
        var id = (await AddAsync(admin, receiver.Address)).GetProperty("details").GetProperty("id").GetString()!;
        await TellAsync(service, admin, "people");
        var waiting = await DeliveryAsync(admin, id, delivery => delivery.GetProperty("attempts").GetInt32() == 1);
        Assert.Equal(("waiting", 307), (waiting.GetProperty("state").GetString(), waiting.GetProperty("status").GetInt32()));
        Assert.Equal(0, elsewhere.Count);
    }

    [Fact]
    public async Task A_webhook_leads_to_this_machine_or_by_https_to_a_named_host_and_nowhere_else()
    {
        await using var service = new NamedHosts();
        await service.ReadyAsync();
        using var admin = service.Admin();
        foreach (var url in (string[])
        [
            "http://hooks.example.org/", "https://elsewhere.example.org/", "https://hooks.example.org.evil.example/", "ftp://localhost/",
            "file:///etc/passwd", "https://user:secret@hooks.example.org/", "https://hooks.example.org/#part", "https://10.0.0.1/", "/v1",
            "http://169.254.169.254/latest/meta-data", "", "https://hooks.example.org/"
                + new string('x', 2000), "https://localhost.example/",
        ])
            Assert.Equal("bad_value", await admin.PostAsJsonAsync("/v1/webhooks", new { url }).Code(400));
        foreach (var url in (string[])
            [
                "https://hooks.example.org/a?b=c", "https://HOOKS.example.org:8443/", "http://localhost:1234/",
                "http://127.0.0.1/", "http://[::1]/"])
            await AddAsync(admin, new Uri(url));
        for (var more = 5; more < 10; more++)
            await AddAsync(admin, new Uri($"http://localhost:{more}/"));
        Assert.Equal("conflict", await admin.PostAsJsonAsync("/v1/webhooks", new { url = "http://localhost/" }).Code(409));
        using var others = service.As("other", Role.Administrator);
        Assert.Equal(0, (await others.GetAsync("/v1/webhooks").Json()).GetArrayLength());
    }

    private sealed class NamedHosts : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            settings.WebhookHosts = "hooks.example.org; more.example.org";
            return settings;
        }
    }

    private sealed record Message(string Signature, string Delivery, string Body);

    /// <summary>Takes webhooks on this machine.</summary>
    [Fact]
    public async Task A_receiver_that_is_slow_keeps_nobody_elses_messages()
    {
        await using var service = new TestService();
        await service.ReadyAsync();
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        using var admin = service.Admin();
        slow.Hold = new TaskCompletionSource();
        var held = (await AddAsync(admin, slow.Address)).GetProperty("details").GetProperty("id").GetString()!;
        await AddAsync(admin, quick.Address);
        await TellAsync(service, admin, "first");
        await quick.TakeAsync(1);
        await TellAsync(service, admin, "second");
        await quick.TakeAsync(1);
        // The first attempt at the slow one has not ended.
        Assert.All(
            (await admin.GetAsync($"/v1/webhooks/{held}/deliveries").Json()).EnumerateArray(),
            delivery => Assert.Equal(0, delivery.GetProperty("attempts").GetInt32()));
        slow.Hold.SetResult();
        await slow.TakeAsync(2);
    }

    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly BlockingCollection<Message> _messages = [];
        private int _count;

        private Receiver(WebApplication app) => _app = app;

        public int Status { get; set; }

        /// <summary>What an answer waits for.</summary>
        public TaskCompletionSource? Hold { get; set; }

        public Uri Address => new(_app.Urls.First());

        public int Count => _count;

        public static async Task<Receiver> StartAsync(int status = 200, Uri? location = null)
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
            builder.Services.AddRouting();
            var receiver = new Receiver(builder.Build()) { Status = status };
            receiver._app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                var body = await reader.ReadToEndAsync();
                Interlocked.Increment(ref receiver._count);
                if (receiver.Hold is { } hold)
                    await hold.Task;
                context.Response.StatusCode = receiver.Status;
                if (location is not null)
                    context.Response.Headers.Location = location.ToString();
                receiver._messages.Add(new Message(
                    context.Request.Headers["x-matchengine-signature"].ToString(),
                    context.Request.Headers["x-matchengine-delivery"].ToString(),
                    body));
            });
            await receiver._app.StartAsync();
            return receiver;
        }

        public Task<List<Message>> TakeAsync(int count) => Task.Run(() => Enumerable.Range(0, count).Select(_ =>
            _messages.TryTake(out var message, TimeSpan.FromSeconds(60))
                ? message
                : throw new TimeoutException("nothing was told")).ToList());

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            _messages.Dispose();
        }
    }
}
