using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Search;
using MatchEngine.Sqlite;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Benchmarks.Galleries;

/// <summary>
/// <c>readers</c>: how long a search takes while others read the same gallery: 16 searchers, and beside them one who pages through the
/// subjects, one who asks for the quality summary, and 8 who read photos. Everything is sealed under a key. Each of them rests between two
/// readings, so that what is measured is whether one waits for another, and not how many cores there are.
/// </summary>
/// <remarks>
/// <c>--data FOLDER</c> keeps the gallery between runs: runs of two versions over one folder can take turns.
/// </remarks>
internal static class ReadersCommand
{
    private const string Name = "people";
    private const int Photos = 64, PhotoBytes = 1 << 20;

    private static readonly DataKeys Keys = DataKeys.Parse(new string('7', 64), "bench");

    public static int Run(string[] args)
    {
        string Text(string name, string otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;
        int Number(string name, int otherwise) => int.Parse(
            Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        var given = Text("data", "");
        var data = given.Length > 0 ? given : Directory.CreateTempSubdirectory("readers-").FullName;
        try
        {
            var (subjects, dimension) = (Number("n", 100_000), Number("dim", 512));
            var extractor = new FaceLikeExtractor(dimension);
            if (!Directory.Exists(Path.Combine(data, "galleries", Name)))
                Make(data, subjects, extractor);
            Measure(data, subjects, extractor, Number("seconds", 20), Number("pause", 40));
            return 0;
        }
        finally
        {
            if (given.Length == 0)
                Directory.Delete(data, recursive: true);
        }
    }

    private static void Make(string data, int subjects, FaceLikeExtractor extractor)
    {
        var enrolling = Stopwatch.StartNew();
        using (var gallery = Create(data, extractor))
            Enrol(gallery, extractor, new FaceLikePeople(subjects));
        // Photos of the first subjects, in the clear; sealing then seals them like everything else.
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(data, "galleries", Name, "gallery.db")};Pooling=False"))
        {
            connection.Open();
            for (var i = 0; i < Photos; i++)
            {
                using var command = connection.CreateCommand();
                command.CommandText = "INSERT INTO photo (image_sha256, bytes) SELECT image_sha256, $bytes FROM encounter WHERE id = $id";
                command.Parameters.AddWithValue("$bytes", RandomNumberGenerator.GetBytes(PhotoBytes));
                command.Parameters.AddWithValue("$id", i + 1);
                command.ExecuteNonQuery();
            }
        }
        using (var gallery = Open(data))
            Seal(gallery);
        Console.Error.WriteLine($"made a gallery of {subjects:N0} in {enrolling.Elapsed.TotalSeconds:0} s");
    }

    private static void Measure(string data, int subjects, FaceLikeExtractor extractor, int seconds, int pause)
    {
        using var gallery = Open(data);
        gallery.Load();
        // Until the snapshot is saved the machine is busy with it.
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < TimeSpan.FromMinutes(2)
            && !File.Exists(Path.Combine(data, "galleries", Name, "gallery.index"));)
            Thread.Sleep(100);
        var photographed = gallery.Subjects().Take(Photos).Select(subject => subject.Encounters[0].Id).ToArray();
        IReadOnlyList<GalleryScope> scopes = [new(gallery, MatchEngine.Galleries.Properties.BiographicFields.All)];
        using var stop = new CancellationTokenSource();
        var warm = TimeSpan.FromSeconds(Math.Max(2, seconds / 5));
        var started = Stopwatch.StartNew();
        var times = new ConcurrentDictionary<string, ConcurrentBag<double>>();
        List<Thread> threads =
        [
            .. Enumerable.Range(0, 16).Select(i => Repeat("searches", i, pause, random =>
            {
                // As a service does at each search: may he, and by which rules?
                if (!gallery.PermissionOf("local").MaySearch || !gallery.Properties.Approved)
                    throw new InvalidOperationException("the searcher may not search");
                var probe = gallery.FindSubject(FaceLikePeople.Name(random.Next(subjects)))!.Encounters[0].Id;
                return GallerySearch.SearchByEncounter(scopes, gallery, probe, extractor.Model)!.Candidates.Count;
            })),
            Repeat("pages of 500 subjects", 100, 5 * pause, random =>
                gallery.Subjects(FaceLikePeople.Name(random.Next(subjects))).Take(500).Count()),
            Repeat("quality summaries", 200, 5 * pause, _ => (int)gallery.SummarizeQuality().Assessed),
            .. Enumerable.Range(300, 8).Select(i => Repeat("photos", i, pause, random =>
                gallery.ReadPhoto(photographed[random.Next(photographed.Length)])!.Length)),
        ];
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        threads.ForEach(thread => thread.Start());
        Thread.Sleep(warm + TimeSpan.FromSeconds(seconds));
        stop.Cancel();
        threads.ForEach(thread => thread.Join());
        var used = (Process.GetCurrentProcess().TotalProcessorTime - processor) / started.Elapsed;

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{subjects:N0} subjects, {seconds} s, {Environment.ProcessorCount} cores of which {used:0.00} were in use\n"));
        Console.WriteLine("| | a second | p50 ms | p99 ms |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (what, all) in times.OrderByDescending(pair => pair.Key == "searches").ThenBy(pair => pair.Key))
        {
            var sorted = all.Order().ToList();
            var (rate, median, slow) = ((double)sorted.Count / seconds, sorted[sorted.Count / 2], sorted[(int)(0.99 * sorted.Count)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {rate:0.0} | {median:0.0} | {slow:0.0} |"));
        }

        Thread Repeat(string what, int seed, int rest, Func<Random, int> read)
        {
            var bag = times.GetOrAdd(what, _ => []);
            return new Thread(() =>
            {
                var random = new Random(seed);
                while (!stop.IsCancellationRequested)
                {
                    var began = Stopwatch.GetTimestamp();
                    if (read(random) < 0)
                        throw new InvalidOperationException("nothing was read");
                    if (started.Elapsed > warm)
                        bag.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    Thread.Sleep(random.Next(2 * rest + 1));
                }
            });
        }
    }

    // What an earlier version calls otherwise stands here alone, so that this file can be measured with it too.
    private static Gallery Create(string data, FaceLikeExtractor extractor) =>
        SqliteDataFolder.Open(data, keys: Keys).Create(Name, extractor.Model, ChangeJournal.None.Record);

    internal static Gallery Open(string data) => SqliteDataFolder.Open(data, keys: Keys).Open(Name);

    private static void Enrol(Gallery gallery, FaceLikeExtractor extractor, IEnrolmentSource source) =>
        gallery.EnrolAsync(extractor, source, () => ChangeJournal.None.Record).GetAwaiter().GetResult();

    private static void Seal(Gallery gallery) => gallery.Rekey(() => ChangeJournal.None.Record);
}
