using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using MatchEngine.Benchmarks.Galleries;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Rest;
using MatchEngine.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Benchmarks.Service;

/// <summary>
/// <c>search-batches</c>: the processor time of a batch of enrolled encounters as probes beside that of as many single searches, both over
/// HTTP with all that makes an answer durable, in turns, over face-like templates. The answers of both are fetched and compared.
/// </summary>
internal static class SearchBatchesCommand
{
    private const string Gallery = "people";

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) => Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length
            ? int.Parse(args[i + 1], CultureInfo.InvariantCulture)
            : otherwise;
        RunAsync(Number("n", 100_000), Number("probes", 1000), Number("turns", 5), Number("dim", 512)).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(int subjects, int probes, int turns, int dimension)
    {
        var data = Directory.CreateTempSubdirectory("search-batches-").FullName;
        try
        {
            var extractor = new FaceLikeExtractor(dimension);
            using (var gallery = SqliteDataFolder.Open(data).Create(Gallery, extractor.Model, ChangeJournal.None.Record))
                await gallery.EnrolAsync(extractor, new FaceLikePeople(subjects), () => ChangeJournal.None.Record);
            await using var app = await ServiceSearchCommand.StartAsync(data, extractor);
            await ServiceSearchCommand.SettleAsync(data, subjects);
            await MeasureAsync(app, subjects, probes, turns);
            await app.StopAsync();
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task MeasureAsync(WebApplication app, int subjects, int probes, int turns)
    {
        app.Services.GetRequiredService<IOrganisations>().Add(BookChange.None, GalleryProperties.LocalOwner, "Local");
        var account = app.Services.GetRequiredService<IAccounts>().Add(
            BookChange.None, "bench", GalleryProperties.LocalOwner, [Role.Agent], null)!;
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", app.Services.GetRequiredService<IApiKeys>().Add(BookChange.None, account.Id, "bench", null).Text);
        var gallery = app.Services.GetRequiredService<OpenGalleries>().Get(Gallery);
        var random = new Random(1);
        var encounters = Enumerable.Range(0, probes)
            .Select(_ => gallery.FindSubject(FaceLikePeople.Name(random.Next(subjects)))!.Encounters[0].Id).ToList();
        var (single, batch) = (new List<double>(), new List<double>());
        // The first turn is the compiler's.
        for (var turn = -1; turn < turns; turn++)
        {
            var (alone, singly) = await CostAsync(() => SinglyAsync(client, encounters));
            var (together, batched) = await CostAsync(() => BatchedAsync(client, encounters));
            if (!singly.Zip(batched).All(pair => pair.First.SequenceEqual(pair.Second)))
                throw new InvalidOperationException("the lists differ");
            if (turn < 0)
                continue;
            single.Add(alone);
            batch.Add(together);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"turn {turn + 1}: {alone:0.00} s, {together:0.00} s"));
        }
        var ratios = batch.Zip(single, (together, alone) => together / alone).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {subjects:N0} subjects, {probes:N0} enrolled encounters as probes, {turns} turns, {Environment.ProcessorCount} cores

            | | processor time, median s |
            |---|---:|
            | single searches | {Median(single):0.00} |
            | one batch | {Median(batch):0.00} |
            | batch / single, median of the turns (least … most) | {Median(ratios):0.00} ({ratios[0]:0.00} … {ratios[^1]:0.00}) |
            """));
    }

    /// <summary>The processor time in seconds, of service and client together, that some work takes.</summary>
    private static async Task<(double Seconds, T Made)> CostAsync<T>(Func<Task<T>> work)
    {
        GC.Collect();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var made = await work();
        return ((Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds, made);
    }

    private static async Task<List<List<string>>> SinglyAsync(HttpClient client, List<string> encounters)
    {
        var lists = new List<List<string>>();
        foreach (var encounter in encounters)
        {
            using var answer = await client.PostAsJsonAsync(
                "/v1/searches", new { galleries = new[] { Gallery }, encounterId = encounter, purpose = Purpose });
            lists.Add(Subjects((await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<SearchResponse>(WireJson.Options))!));
        }
        return lists;
    }

    private static async Task<List<List<string>>> BatchedAsync(HttpClient client, List<string> encounters)
    {
        using var accepted = await client.PostAsJsonAsync("/v1/search-batches", new
        {
            galleries = new[] { Gallery }, purpose = Purpose, encounters = encounters.Select(id => new { encounterId = id }),
        });
        var operation = (await accepted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OperationResponse>(WireJson.Options))!;
        while (operation.State is OperationState.Queued or OperationState.Running)
        {
            await Task.Delay(50);
            operation = (await client.GetFromJsonAsync<OperationResponse>($"/v1/operations/{operation.Id}", WireJson.Options))!;
        }
        var lists = new List<List<string>>();
        for (int? after = 0; after is { } behind;)
        {
            var page = (await client.GetFromJsonAsync<BatchResultsPage>(
                $"/v1/search-batches/{operation.Id}/results?after={behind}&count=1000", WireJson.Options))!;
            lists.AddRange(page.Results.Select(result => Subjects(result.Answer!)));
            after = page.Next;
        }
        return lists;
    }

    private static object Purpose => new { caseNumber = "C-1", basis = "bench" };

    private static List<string> Subjects(SearchResponse answer) => [.. answer.Candidates.Select(candidate => candidate.SubjectId)];

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
