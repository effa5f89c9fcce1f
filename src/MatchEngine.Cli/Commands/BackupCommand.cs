using System.CommandLine;
using System.Security.Cryptography;
using MatchEngine.Cli.Output;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Cli.Commands;

/// <summary><c>backup</c>.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The archive to write; one that is there is never replaced" };
        var command = new Command(
            "backup", "Write the whole data folder, as it stands at one moment, into one file; a service may go on working meanwhile")
        {
            file, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            parsed.GetRequiredValue(SharedOptions.Data), Path.GetFullPath(parsed.GetRequiredValue(file)),
            parsed.GetValue(SharedOptions.Json), cancellationToken)));
        return command;
    }

    private static int Run(string data, string target, bool json, CancellationToken cancellationToken)
    {
        if (Path.Exists(target))
            throw new UsageException($"{target} is there already: choose another file");
        using var journal = CommandJournal.Open(data);
        var id = Guid.NewGuid().ToString("N");
        // Before the moment of the backup, which holds it: whoever restores sees by whom it was made.
        journal.Note(AuditKinds.BackupBegun, new { backup = id });
        FolderBackup made;
        long bytes;
        string sha256;
        try
        {
            (made, bytes, sha256) = ProgressBar.Run("backing up", progress => Write(data, target, progress, cancellationToken));
        }
        catch
        {
            journal.Note(AuditKinds.BackupEnded, new { backup = id, outcome = "failed" });
            throw;
        }
        journal.Note(AuditKinds.BackupEnded, new { backup = id, outcome = "done", bytes, sha256 });
        if (json)
            JsonOutput.Write(new
            {
                File = target, Bytes = bytes, Sha256 = sha256, made.Moment, made.Galleries, made.KeyIds, made.LeftOut, made.Unread,
            });
        else
            Tell(made, target, bytes, sha256);
        return made.Unread.Count == 0 ? ExitCode.Done : ExitCode.NothingOrPartly;
    }

    private static (FolderBackup Made, long Bytes, string Sha256) Write(
        string data, string target, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var partial = $"{target}.{Guid.NewGuid():N}.partial";
        try
        {
            FolderBackup made;
            (long Bytes, string Sha256) written;
            using (var output = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                made = EmbeddedStore.Backups(data).Write(output, progress, cancellationToken);
                output.Flush(flushToDisk: true);
                output.Position = 0;
                written = (output.Length, Convert.ToHexStringLower(SHA256.HashData(output)));
            }
            File.Move(partial, target, overwrite: false);
            return (made, written.Bytes, written.Sha256);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void Tell(FolderBackup made, string target, long bytes, string sha256)
    {
        Console.WriteLine(
            $"Backed up {made.Galleries.Count:N0} galleries, the audit and the service's book as of {made.Moment:yyyy-MM-dd HH:mm:ss} UTC "
                + $"to {target} ({Terminal.Bytes(bytes)}).\nsha256 {sha256}\n"
                + "The file holds templates, personal data and the hashes of keys and passwords: keep it as you keep the data folder. It "
                + "outlives what is removed from now on; delete it when its time is over.");
        if (made.KeyIds.Count > 0)
            Console.WriteLine(
                "Needed to read it, and not in it: the data key " + string.Join(", ", made.KeyIds) + ". Keep that elsewhere.");
        if (made.LeftOut.Count > 0)
            Console.WriteLine("Not in it: " + string.Join(", ", made.LeftOut) + ".");
        foreach (var name in made.Unread)
            Console.WriteLine($"NOT BACKED UP: gallery {name}, whose database cannot be read.");
    }
}
