using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using MatchEngine.Sqlite.Tests.Archives;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>Those who mean ill, each in a way of their own, and what they were answered.</summary>
internal sealed class HostileLoad(ServiceProcess service, string ownersKey)
{
    /// <summary>Answers that should not have been.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Bytes that came through the dripping connections, and how many of these there were.</summary>
    public (long Bytes, long Connections) Dripped => (Interlocked.Read(ref _bytes), Interlocked.Read(ref _connections));

    private long _bytes, _connections;

    /// <summary>
    /// Connections of nobody that announce 64 MiB and send a byte now and then; whoever is shut out comes again.
    /// </summary>
    /// <param name="count">How many at once.</param>
    /// <param name="between">How long each waits for its next byte.</param>
    /// <param name="until">Ends them.</param>
    public Task DripAsync(int count, TimeSpan between, CancellationToken until) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => DripOneAsync(i, between, until)));

    /// <summary>Restores poisoned archives under names of their own; none must come to be.</summary>
    /// <param name="sound">The archive that is poisoned, which is sound.</param>
    /// <param name="poisons">Which columns get which values.</param>
    /// <param name="until">Ends it early.</param>
    public async Task RestoreAsync(byte[] sound, IEnumerable<(string Column, string Value)> poisons, CancellationToken until)
    {
        using var owner = service.Client(ownersKey);
        foreach (var ((column, value), i) in poisons.Select((poison, i) => (poison, i)))
        {
            if (until.IsCancellationRequested)
                return;
            using var body = new ByteArrayContent(PoisonedArchive.Of(sound, column, value));
            body.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
            using var answer = await owner.PostAsync($"/v1/galleries/poisoned-{i}/restoration", body, CancellationToken.None);
            if (answer.StatusCode != HttpStatusCode.UnprocessableEntity)
                Faults.Enqueue($"{column} = {value}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
        }
    }

    /// <summary>Imports of what lies outside the organisation's folder; nothing of it must be enrolled.</summary>
    /// <param name="gallery">Where to.</param>
    /// <param name="outside">A photo in the data folder.</param>
    /// <param name="until">Ends it.</param>
    public async Task ImportAsync(string gallery, string outside, CancellationToken until)
    {
        var folder = Directory.CreateDirectory(Path.Combine(service.Data, "imports", "local", "hostile")).FullName;
        string[] ways = [outside, $"../../../{Path.GetFileName(outside)}", "link", "/etc/passwd", "/dev/zero", "absent"];
        File.CreateSymbolicLink(Path.Combine(folder, "link"), outside);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "rows.csv"), "image,subject\n" + string.Concat(ways.Select((way, i) => $"{way},out{i}\n")),
            CancellationToken.None);
        using var owner = service.Client(ownersKey);
        do
        {
            var operation = (await owner.PostAsJsonAsync(
                $"/v1/galleries/{gallery}/imports", new { metadata = "hostile/rows.csv" }, CancellationToken.None).Json(202))
                .GetProperty("id").GetString();
            JsonElement now;
            while ((now = await owner.GetAsync($"/v1/operations/{operation}", CancellationToken.None).Json())
                .GetProperty("state").GetString() is "queued" or "running")
                await Task.Delay(20, CancellationToken.None);
            if (now.GetProperty("progress").GetProperty("enrolled").GetInt32() != 0)
                Faults.Enqueue($"an import took what lies outside: {now}");
        }
        while (!until.IsCancellationRequested);
    }

    /// <summary>Searches one after the other; how long each took, in milliseconds.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="gallery">In which gallery.</param>
    /// <param name="probe">By which photo.</param>
    /// <param name="count">How many.</param>
    public async Task<List<double>> SearchAsync(string key, string gallery, byte[] probe, int count)
    {
        using var client = service.Client(key);
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await client.SearchAsync(probe, gallery);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return times;
    }

    /// <summary>Searches without end from many connections; refusals for a full row are what is meant to come of it.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="gallery">In which gallery.</param>
    /// <param name="probe">By which photo.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="until">Ends them.</param>
    public Task FloodAsync(string key, string gallery, byte[] probe, int connections, CancellationToken until) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var client = service.Client(key);
            while (!until.IsCancellationRequested)
            {
                using var answer = await client.PostAsync("/v1/searches", Requests.Form(
                    new { galleries = new[] { gallery }, purpose = Requests.Purpose },
                    ("image", probe, "probe.jpg")), CancellationToken.None);
                if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
                    Faults.Enqueue($"flood: {answer.StatusCode}");
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                    await Task.Delay(100, CancellationToken.None);
            }
        }));

    private async Task DripOneAsync(int number, TimeSpan between, CancellationToken until)
    {
        var (path, type) = (number % 3) switch
        {
            0 => ("/v1/searches", "application/json"),
            1 => ("/sign-in", "application/x-www-form-urlencoded"),
            _ => ("/v1/session", "application/json"),
        };
        while (!until.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(service.Address.Host, service.Address.Port, until);
                Interlocked.Increment(ref _connections);
                var stream = client.GetStream();
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {64 << 20}\r\nContent-Type: {type}\r\n\r\n{{"), until);
                while (true)
                {
                    await stream.WriteAsync("a"u8.ToArray(), until);
                    Interlocked.Increment(ref _bytes);
                    await Task.Delay(between, until);
                }
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // Shut out: it comes again.
                await Task.Delay(between, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
