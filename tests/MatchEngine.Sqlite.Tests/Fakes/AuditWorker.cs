using System.Globalization;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Sqlite.Tests.Fakes;

/// <summary>
/// Appends to an audit log from several threads for as long as it is let, and prints the hash of each event once it is acknowledged.
/// </summary>
internal static class AuditWorker
{
    public const string Verb = "audit-worker";

    public static async Task<int> RunAsync(string[] args)
    {
        var (data, name, appenders, each) = (
            args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
        using var log = SqliteDataFolder.OpenAudit(data);
        var output = TextWriter.Synchronized(Console.Out);
        await Task.WhenAll(Enumerable.Range(0, appenders).Select(appender => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                var written = await log.AppendAsync(
                    new AuditEntry { Kind = "test", Actor = $"{name}-{appender}", Payload = AuditEntry.Object(new { number = i }) });
                output.WriteLine($"{written.Sequence} {written.Hash}");
            }
        })));
        return 0;
    }
}
