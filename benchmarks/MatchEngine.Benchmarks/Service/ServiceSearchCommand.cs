using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MatchEngine.Benchmarks.Galleries;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Settings;
using MatchEngine.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace MatchEngine.Benchmarks.Service;

/// <summary>
/// <c>service-search</c>: a search with a ready template (that of an enrolled encounter) over HTTP beside the same search in the process,
/// in turns, over face-like templates. What HTTP adds is told apart: the durable writes (audit, book of searches) and the rest. Then the
/// service is started again, and the time until it answers searches is told.
/// </summary>
internal static class ServiceSearchCommand
{
    private const string Gallery = "people";

    /// <summary>Smaller galleries have no snapshot.</summary>
    private const int SnapshotFrom = 5_000;

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) => Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length
            ? int.Parse(args[i + 1], CultureInfo.InvariantCulture)
            : otherwise;
        RunAsync(Number("n", 100_000), Number("rounds", 400), Number("dim", 512)).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(int subjects, int rounds, int dimension)
    {
        var data = Directory.CreateTempSubdirectory("service-search-").FullName;
        try
        {
            var extractor = new FaceLikeExtractor(dimension);
            var enrolling = Stopwatch.StartNew();
            using (var gallery = SqliteDataFolder.Open(data).Create(Gallery, extractor.Model, ChangeJournal.None.Record))
                await gallery.EnrolAsync(extractor, new FaceLikePeople(subjects), () => ChangeJournal.None.Record);
            Console.Error.WriteLine($"enrolled {subjects:N0} in {enrolling.Elapsed.TotalSeconds:0} s");

            await using (var app = await StartAsync(data, extractor))
            {
                await SettleAsync(data, subjects);
                await MeasureAsync(app, extractor, subjects, rounds);
                await app.StopAsync();
            }
            var starting = Stopwatch.StartNew();
            await using (var again = await StartAsync(data, extractor))
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"\nStarted with {subjects:N0} templates, ready in {starting.Elapsed.TotalSeconds:0.00} s."));
                await again.StopAsync();
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    public static async Task<WebApplication> StartAsync(string data, FaceLikeExtractor extractor)
    {
        var settings = new ServiceSettings
        {
            DataDir = data,
            Urls = "http://127.0.0.1:0",
            Model = extractor.Model.Id,
            Limits = { RequestsPerMinute = 1_000_000_000 },
        };
        var app = ServiceHost.Build(settings, services =>
        {
            services.AddSingleton<IExtractorSource>(new OneModel(extractor));
            // A line a request is what a console is slow at.
            services.RemoveAll<ILoggerProvider>();
        });
        await app.StartAsync();
        var readiness = app.Services.GetRequiredService<Readiness>();
        while (!readiness.IsReady)
            await Task.Delay(1);
        return app;
    }

    /// <summary>
    /// Waits until the snapshot of the index is saved: meanwhile searches take a third longer,
    /// and their 99th percentile three times as long.
    /// </summary>
    public static async Task SettleAsync(string data, int subjects)
    {
        for (var waiting = Stopwatch.StartNew(); subjects >= SnapshotFrom && waiting.Elapsed < TimeSpan.FromMinutes(2)
            && !Directory.EnumerateFiles(data, "gallery.index", SearchOption.AllDirectories).Any();)
            await Task.Delay(100);
    }

    private static async Task MeasureAsync(WebApplication app, FaceLikeExtractor extractor, int subjects, int rounds)
    {
        app.Services.GetRequiredService<IOrganisations>().Add(BookChange.None, GalleryProperties.LocalOwner, "Local");
        var account = app.Services.GetRequiredService<IAccounts>().Add(
            BookChange.None, "bench", GalleryProperties.LocalOwner, [Role.Agent], null)!;
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", app.Services.GetRequiredService<IApiKeys>().Add(BookChange.None, account.Id, "bench", null).Text);
        var gallery = app.Services.GetRequiredService<OpenGalleries>().Get(Gallery);
        var trail = app.Services.GetRequiredService<AuditLog>();
        var book = app.Services.GetRequiredService<INotifications>();
        IReadOnlyList<GalleryScope> scopes = [new(gallery, BiographicFields.All)];
        var random = new Random(1);
        var (inProcess, http, reported, writes) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        // The first rounds are the compiler's.
        for (var round = -Math.Max(300, rounds / 2); round < rounds; round++)
        {
            var probe = gallery.FindSubject(FaceLikePeople.Name(random.Next(subjects)))!.Encounters[0].Id;
            var started = Stopwatch.GetTimestamp();
            var list = GallerySearch.SearchByEncounter(scopes, gallery, probe, extractor.Model)!;
            var alone = Stopwatch.GetElapsedTime(started).TotalMilliseconds;

            started = Stopwatch.GetTimestamp();
            using var answer = await client.PostAsJsonAsync(
                "/v1/searches",
                new { galleries = new[] { Gallery }, encounterId = probe, purpose = new { caseNumber = "C-1", basis = "bench" } });
            var found = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<SearchResponse>(WireJson.Options);
            var over = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (!found!.Candidates.Select(candidate => candidate.SubjectId).SequenceEqual(
                list.Candidates.Select(candidate => candidate.SubjectId)))
                throw new InvalidOperationException("the two lists differ");

            // What makes an answer durable, alone: an event of the audit and a row of the service's book.
            started = Stopwatch.GetTimestamp();
            await trail.AppendAsync(new AuditEntry { Kind = "bench", Actor = "bench" });
            book.Tell(account.Id, NotificationKinds.SearchOpened, Actor.Service);
            var write = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (round < 0)
                continue;
            inProcess.Add(alone);
            http.Add(over);
            reported.Add(found.Timings.Search);
            writes.Add(write);
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{subjects:N0} subjects, {rounds} searches each, in turns, {Environment.ProcessorCount} cores\n"));
        Console.WriteLine("| | p50 ms | p99 ms |");
        Console.WriteLine("|---|---:|---:|");
        Row("in the process", inProcess);
        Row("over HTTP", http);
        Row("the search within it, as the answer reports", reported);
        Row("the two durable writes, alone", writes);
        Row("what HTTP adds", [.. http.Zip(inProcess, (over, alone) => over - alone)]);
        Row("what HTTP adds without the writes", [
            .. http.Zip(inProcess, (over, alone) => over - alone).Zip(writes, (added, write) => added - write)]);

        static void Row(string name, List<double> times)
        {
            times.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {times[times.Count / 2]:0.00} | {times[(int)(0.99 * times.Count)]:0.00} |"));
        }
    }

    /// <summary>Makes the embedding of a number: a face-like vector of that identity.</summary>
    private sealed class OneModel(IFaceExtractor extractor) : IExtractorSource
    {
        public EmbedderCard Card(string model) => extractor.Model;

        public IFaceExtractor Load(string model) => extractor;
    }
}
