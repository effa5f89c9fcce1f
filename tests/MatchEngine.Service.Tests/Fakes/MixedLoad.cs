using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// Clients that search, enrol, delete and read the audit all at once, and remember what was acknowledged to them: what an answer said is
/// there must be there whatever happens to the process afterwards. One identity never goes; every search for it must find it first.
/// </summary>
internal sealed class MixedLoad(string adminKey, string auditorKey, string gallery, int seed)
{
    /// <summary>Stands in every probe and in nothing that is enrolled.</summary>
    public const string Marker = "probe-under-load-93bd";

    /// <summary>The subject that stays.</summary>
    public const string Steady = "steady";

    private readonly Random _random = new(seed);
    private int _number;

    /// <summary>Subjects whose enrolment was acknowledged.</summary>
    public ConcurrentDictionary<string, byte> Enrolled { get; } = new();

    /// <summary>Subjects whose deletion was asked for: they may or may not be there until it is acknowledged.</summary>
    public ConcurrentDictionary<string, byte> DeletionBegun { get; } = new();

    /// <summary>Subjects whose deletion was acknowledged.</summary>
    public ConcurrentDictionary<string, byte> Deleted { get; } = new();

    /// <summary>Searches that were answered.</summary>
    public ConcurrentDictionary<string, byte> Searches { get; } = new();

    /// <summary>Examinations whose request was acknowledged.</summary>
    public ConcurrentDictionary<string, byte> Examinations { get; } = new();

    /// <summary>Milliseconds of each answered request, by kind.</summary>
    public ConcurrentQueue<(string Kind, double Milliseconds)> Answered { get; } = new();

    /// <summary>Answers that should not have been.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    /// <summary>Runs until cancelled, or until the service is gone. Requests that get no answer are nobody's fault.</summary>
    /// <param name="service">The service.</param>
    /// <param name="population">Subjects are deleted when there are more than this.</param>
    /// <param name="examine">The part of searches that ask for an examination.</param>
    /// <param name="until">Ends the load.</param>
    public async Task RunAsync(ServiceProcess service, int population, double examine, CancellationToken until)
    {
        using var admin = service.Client(adminKey);
        using var auditor = service.Client(auditorKey);
        await Task.WhenAll(
            Repeat(() => SearchAsync(admin, examine)),
            Repeat(() => SearchAsync(admin, examine)),
            Repeat(() => EnrolAsync(admin)),
            Repeat(() => EnrolAsync(admin)),
            Repeat(() => DeleteAsync(admin, population)),
            Repeat(() => ReadAuditAsync(auditor)));

        async Task Repeat(Func<Task> work)
        {
            // Each in turn gives way to the others, so that none of them runs without end on one thread.
            await Task.Yield();
            while (!until.IsCancellationRequested && !service.Process.HasExited)
            {
                try
                {
                    await work();
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    if (service.Process.HasExited || until.IsCancellationRequested)
                        return;
                    // A connection is reset a moment before the process is known to be gone.
                    await Task.Delay(200, CancellationToken.None);
                    if (service.Process.HasExited)
                        return;
                    Faults.Enqueue($"{e.GetType().Name}: {e.Message}");
                    return;
                }
            }
        }
    }

    private async Task SearchAsync(HttpClient client, double examine)
    {
        var (form, wanted) = (Next() % 2 == 0, Chance(examine));
        var probe = FakeImage.Salted($"{Marker} {Next()} {new string('x', 100_000)}", new FakeFace(0, Variation: Next() % 1000 + 1));
        var request = new { galleries = new[] { gallery }, purpose = Requests.Purpose, examine = wanted };
        var answer = await Timed("search", 200, () => form
            ? client.PostAsync("/v1/searches", Requests.Form(request, ("image", probe, "probe.jpg")))
            : client.PostAsJsonAsync(
                "/v1/searches", new { request.galleries, request.purpose, request.examine, image = Convert.ToBase64String(probe) }));
        if (answer is not { } list)
            return;
        Searches.TryAdd(list.GetProperty("searchId").GetString()!, 0);
        if (list.GetProperty("examinationId").GetString() is { } examination)
            Examinations.TryAdd(examination, 0);
        if (list.GetProperty("candidates").EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } first
            || first.GetProperty("subjectId").GetString() != Steady)
            Faults.Enqueue("a search did not find the subject that is there all the time");
    }

    private async Task EnrolAsync(HttpClient client)
    {
        var number = Next();
        var subject = $"S{number}";
        if (await Timed("enrol", 201, () => client.PostAsync(
            $"/v1/galleries/{gallery}/subjects/{subject}/encounters", Requests.Form(
                new { metadata = new { name = $"Name {number}" } },
                ("image", FakeImage.Picture($"{subject} {seed}", new FakeFace(number)), "photo.ppm")))) is not null)
            Enrolled.TryAdd(subject, 0);
    }

    private async Task DeleteAsync(HttpClient client, int population)
    {
        var there = Enrolled.Keys.Where(subject => !DeletionBegun.ContainsKey(subject)).ToList();
        if (there.Count <= population)
        {
            await Task.Delay(5);
            return;
        }
        var subject = there[Next() % there.Count];
        DeletionBegun.TryAdd(subject, 0);
        if (await Timed("delete", 204, () => client.DeleteAsync($"/v1/galleries/{gallery}/subjects/{subject}")) is not null)
            Deleted.TryAdd(subject, 0);
    }

    private async Task ReadAuditAsync(HttpClient client)
    {
        await Timed("audit", 200, () => client.GetAsync("/v1/audit?count=50&newestFirst=true"));
        await Task.Delay(20);
    }

    private async Task<JsonElement?> Timed(string kind, int expected, Func<Task<HttpResponseMessage>> request)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await request();
        var text = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode != expected)
        {
            Faults.Enqueue($"{kind}: {(int)answer.StatusCode} {text}");
            return null;
        }
        Answered.Enqueue((kind, Stopwatch.GetElapsedTime(started).TotalMilliseconds));
        return text.Length == 0 ? default(JsonElement) : JsonDocument.Parse(text).RootElement;
    }

    private int Next() => Interlocked.Increment(ref _number);

    private bool Chance(double part)
    {
        lock (_random)
            return _random.NextDouble() < part;
    }

    /// <summary>What is acknowledged by now; deletions that are asked for later are taken into account all the same.</summary>
    public Acknowledged Acknowledge() => new(
        [.. Enrolled.Keys], DeletionBegun, [.. Deleted.Keys], [.. Searches.Keys], [.. Examinations.Keys]);

    /// <summary>Everybody who is enrolled.</summary>
    public static async Task<HashSet<string>> SubjectsAsync(HttpClient admin, string gallery)
    {
        var found = new HashSet<string>();
        for (var query = ""; ;)
        {
            var page = await admin.GetAsync($"/v1/galleries/{gallery}/subjects?count=500{query}").Json();
            found.UnionWith(page.GetProperty("subjects").EnumerateArray().Select(subject => subject.GetProperty("id").GetString()!));
            if (page.GetProperty("next").GetString() is not { } next)
                return found;
            query = $"&after={next}";
        }
    }
}

/// <summary>What a load's clients were told, at some moment.</summary>
/// <param name="Enrolled">Subjects whose enrolment was acknowledged.</param>
/// <param name="DeletionBegun">Subjects that may be gone.</param>
/// <param name="Deleted">Subjects whose deletion was acknowledged.</param>
/// <param name="Searches">Searches that were answered.</param>
/// <param name="Examinations">Examinations whose request was acknowledged.</param>
internal sealed record Acknowledged(
    IReadOnlyCollection<string> Enrolled, ConcurrentDictionary<string, byte> DeletionBegun, IReadOnlyCollection<string> Deleted,
    IReadOnlyCollection<string> Searches, IReadOnlyCollection<string> Examinations);
