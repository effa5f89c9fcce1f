using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Sqlite.Tests.Fakes;

/// <summary>Searches a gallery and removes its subjects one after the other, and prints each id once its removal has returned.</summary>
internal static class RemovalWorker
{
    public const string Verb = "removal-worker";

    public static Task<int> RunAsync(string[] args)
    {
        using var gallery = SqliteDataFolder.Open(args[0]).Open(args[1]);
        Console.WriteLine("open");
        foreach (var subject in gallery.Subjects().ToList())
        {
            if (gallery.RemoveSubject(subject.Id, NoAudit.Record))
                Console.WriteLine(subject.Id);
        }
        Console.WriteLine("end");
        return Task.FromResult(0);
    }
}
