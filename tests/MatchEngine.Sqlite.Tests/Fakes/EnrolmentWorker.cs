using System.Diagnostics;
using System.Globalization;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Sqlite.Tests.Fakes;

/// <summary>
/// An enrolment in a process of its own, so that a test can kill it: creates the gallery if it is not there, enrols, prints a line after
/// each commit.
/// </summary>
internal static class EnrolmentWorker
{
    public const string Verb = "enrol-worker";

    public static async Task<int> RunAsync(string[] args)
    {
        var (data, gallery, metadata, delay) = (args[0], args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
        var extractor = new FakeExtractor { Before = _ => Thread.Sleep(delay) };
        var catalog = SqliteDataFolder.Open(data);
        using var opened = OpenOrCreate(catalog, gallery, extractor);
        Console.WriteLine("open");
        var report = await opened.EnrolAsync(
            extractor,
            new MetadataSource(metadata), NoAudit.Next,
            new EnrolmentOptions { Faces = EnrolmentFaces.Each, Workers = 4 },
            new Printer());
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"end {report.Enrolled} {report.Encounters} {report.Duplicates} {report.Failed}"));
        return 0;
    }

    public static Process Start(string data, string gallery, string metadata, int delayMilliseconds) =>
        WorkerProcess.Start(Verb, data, gallery, metadata, delayMilliseconds.ToString(CultureInfo.InvariantCulture));

    private static Gallery OpenOrCreate(GalleryCatalog catalog, string name, FakeExtractor extractor)
    {
        try
        {
            return catalog.TryOpen(name) ?? catalog.Create(name, extractor.Model, NoAudit.Record);
        }
        catch (GalleryExistsException)
        {
            return catalog.Open(name);
        }
    }

    private sealed class Printer : IProgress<EnrolmentProgress>
    {
        public void Report(EnrolmentProgress value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"done {value.Done}"));
    }
}
