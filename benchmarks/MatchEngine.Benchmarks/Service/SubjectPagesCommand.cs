using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Benchmarks.Galleries;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Properties;
using MatchEngine.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Benchmarks.Service;

/// <summary>
/// <c>subject-pages</c>: how long the page of a gallery's subjects takes, 50 of them, in a large gallery whose biographics are sealed:
/// the first page, one in the middle, by part of an id, by biographics for the first time and again, by quality; and the 50 thumbnails of
/// a page as a browser asks for them, six at a time.
/// </summary>
internal static partial class SubjectPagesCommand
{
    private const string Gallery = "people";
    private const string Password = "correct horse battery staple";
    private const int WithPictures = 50;
    private const int AtOnce = 6;

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) => Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length
            ? int.Parse(args[i + 1], CultureInfo.InvariantCulture)
            : otherwise;
        RunAsync(Number("n", 100_000), Number("rounds", 30)).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task RunAsync(int subjects, int rounds)
    {
        var data = Directory.CreateTempSubdirectory("subject-pages-").FullName;
        Environment.SetEnvironmentVariable(DataKeys.KeyVariable, Convert.ToBase64String(new byte[32]));
        try
        {
            var extractor = new FaceLikeExtractor(512);
            using (var gallery = SqliteDataFolder.Galleries(data).Create(Gallery, extractor.Model, ChangeJournal.None.Record))
            {
                await gallery.EnrolAsync(extractor, new FaceLikePeople(subjects), () => ChangeJournal.None.Record);
                // Their ids stand before the others'.
                await gallery.EnrolAsync(
                    new WithPicture(extractor), new Pictured(subjects, WithPictures), () => ChangeJournal.None.Record,
                    new EnrolmentOptions { KeepImages = true });
            }
            await using var app = await ServiceSearchCommand.StartAsync(data, extractor);
            await ServiceSearchCommand.SettleAsync(data, subjects);
            await MeasureAsync(app, subjects, rounds);
            await app.StopAsync();
        }
        finally
        {
            Environment.SetEnvironmentVariable(DataKeys.KeyVariable, null);
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task MeasureAsync(WebApplication app, int subjects, int rounds)
    {
        app.Services.GetRequiredService<IOrganisations>().Add(BookChange.None, GalleryProperties.LocalOwner, "Local");
        app.Services.GetRequiredService<IAccounts>().Add(
            BookChange.None, "keeper", GalleryProperties.LocalOwner, [Role.GalleryOwner], Password);
        using var handler = new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()) };
        await PostAsync(client, "/sign-in", ("name", "keeper"), ("password", Password));
        const string path = $"/galleries/{Gallery}/subjects";
        // The first page is the compiler's.
        for (var round = 0; round < 10; round++)
            await client.GetStringAsync(path);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {subjects:N0} subjects with sealed biographics, pages of 50, {rounds} rounds, {Environment.ProcessorCount} cores

            | page | median ms | slowest ms |
            |---|---:|---:|
            """));
        var middle = FaceLikePeople.Name(subjects / 2);
        await TellAsync("first", () => client.GetStringAsync(path));
        await TellAsync("in the middle, forwards", () => client.GetStringAsync($"{path}?after={middle}"));
        await TellAsync("in the middle, backwards", () => client.GetStringAsync($"{path}?before={middle}"));
        await TellAsync("newest first", () => client.GetStringAsync($"{path}?order=newest"));
        await TellAsync("id holds a text that one has", () => client.GetStringAsync($"{path}?id={middle[1..]}"));
        await TellAsync("quality below 10, which none has", () => client.GetStringAsync($"{path}?quality=10"));
        await TellAsync("two photos or more, which none has", () => client.GetStringAsync($"{path}?photos=2"));

        var asked = Stopwatch.StartNew();
        var found = await PostAsync(client, path + "/search", ("conditions", $"name=Somebody {subjects / 2}"));
        await client.GetStringAsync(found);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| by name, for the first time: all biographics are opened | {asked.Elapsed.TotalMilliseconds:0} | |"));
        await TellAsync("by name, again", () => client.GetStringAsync(found));
        await TellAsync("by name, another one, for the first time", async () => await client.GetStringAsync(await PostAsync(
            client, path + "/search", ("conditions", $"name=Somebody {Random.Shared.Next(subjects)}"))));

        var page = await client.GetStringAsync(path);
        string[] pictures = [.. Picture().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];
        if (pictures.Length != WithPictures)
            throw new InvalidOperationException($"the page has {pictures.Length} pictures");
        await TellAsync($"the {WithPictures} thumbnails, {AtOnce} at a time", async () =>
        {
            var bytes = 0L;
            await Parallel.ForEachAsync(pictures, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (picture, token) =>
                Interlocked.Add(ref bytes, (await client.GetByteArrayAsync(picture, token)).Length));
            return bytes > 0 ? "" : throw new InvalidOperationException("no picture came");
        });

        async Task TellAsync(string what, Func<Task<string>> get)
        {
            var times = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                await get();
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {times[times.Count / 2]:0} | {times[^1]:0} |"));
        }
    }

    /// <summary>Sends a form as the page would; where it leads to.</summary>
    private static async Task<string> PostAsync(HttpClient client, string path, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(await client.GetStringAsync(path == "/sign-in" ? path : "/keys")).Groups[1].Value;
        using var form = new FormUrlEncodedContent(
            [new("token", WebUtility.HtmlDecode(token)), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
        using var answer = await client.PostAsync(path, form);
        return answer.Headers.Location?.OriginalString
            ?? throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    [GeneratedRegex("name=\"token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<img class=\"face\" src=\"([^\"]+)\"")]
    private static partial Regex Picture();

    /// <summary>The same embeddings, from a photo of noise that is cut and kept.</summary>
    private sealed class WithPicture(FaceLikeExtractor inner) : IFaceExtractor
    {
        public EmbedderCard Model => inner.Model;

        public Extraction Extract(ReadOnlySpan<byte> image, ExtractionRequest request, CancellationToken cancellationToken = default)
        {
            var found = inner.Extract(image, request, cancellationToken);
            using var noise = new Image(100, 100);
            for (var y = 0; y < noise.Height; y++)
                new Random(BitConverter.ToInt32(image) + y).NextBytes(noise.Row(y));
            request.Show?.Invoke(noise, found);
            return found;
        }

        public Image Decode(ReadOnlySpan<byte> image, CancellationToken cancellationToken = default) =>
            inner.Decode(image, cancellationToken);
    }

    private sealed class Pictured(int from, int count) : IEnrolmentSource
    {
        public IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default) =>
            Enumerable.Range(from, count).Select(number => new EnrolmentItem
            {
                Image = FaceLikePeople.Name(number),
                Subject = $"A{number}",
                Content = BitConverter.GetBytes(number),
                Metadata = new Dictionary<string, string> { ["name"] = $"Pictured {number}" },
            });
    }
}
