using System.CommandLine;
using System.Security.Cryptography;
using MatchEngine.Cli.Output;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Cli.Commands;

/// <summary><c>restore</c>.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "An archive that 'matchengine backup' wrote" };
        var command = new Command("restore", "Make a data folder of a backup: one that is new, or empty")
        {
            file, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            parsed.GetRequiredValue(file), Path.GetFullPath(parsed.GetRequiredValue(SharedOptions.Data)),
            parsed.GetValue(SharedOptions.Json), cancellationToken)));
        return command;
    }

    private static int Run(string file, string data, bool json, CancellationToken cancellationToken)
    {
        using var archive = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(archive));
        archive.Position = 0;
        var finishing = new Finishing(sha256, cancellationToken);
        var restored = ProgressBar.Run(
            "restoring", progress => EmbeddedStore.Backups(data).Restore(archive, finishing.Run, progress, cancellationToken));
        if (json)
            JsonOutput.Write(new
            {
                Folder = data, Sha256 = sha256, restored.Moment, restored.Galleries, restored.KeyIds, restored.LeftOut, restored.Unread,
                finishing.Audit?.Events, Broken = finishing.Audit?.Broken, finishing.Expired, finishing.Unpurged,
            });
        else
            Tell(restored, finishing, data);
        return finishing.Audit?.Broken is null && finishing.Unpurged.Count == 0 ? ExitCode.Done : ExitCode.NothingOrPartly;
    }

    private static void Tell(FolderBackup restored, Finishing finishing, string data)
    {
        Console.WriteLine(
            $"Restored {restored.Galleries.Count:N0} galleries to {data}, as they were at {restored.Moment:yyyy-MM-dd HH:mm:ss} UTC. "
                + $"{finishing.Expired:N0} encounters had expired since and were removed.\n"
                + "Accounts, keys and permissions are as they were then: end again what was ended since. People who were removed since are "
                + "back: remove them again.");
        if (finishing.Audit is { } audit)
            Console.WriteLine(audit.Broken is { } broken
                ? $"BROKEN audit at event {broken.Sequence}: {broken.Detail}."
                : $"{audit.Events:N0} events of the audit hold together.");
        if (restored.KeyIds.Count > 0)
            Console.WriteLine("Needed to read images and biographics: the data key " + string.Join(", ", restored.KeyIds) + ".");
        foreach (var name in finishing.Unpurged)
            Console.WriteLine($"NOT LOOKED THROUGH for what has expired: gallery {name}, for want of its data key. The service does it.");
    }

    /// <summary>What is done to a restored folder before it takes its place.</summary>
    private sealed class Finishing(string sha256, CancellationToken cancellationToken)
    {
        /// <summary>What the check of its audit found; null where it keeps none.</summary>
        public AuditVerification? Audit { get; private set; }

        /// <summary>How many encounters had expired.</summary>
        public long Expired { get; private set; }

        /// <summary>The galleries in which nobody could look for such.</summary>
        public List<string> Unpurged { get; } = [];

        public void Run(string folder)
        {
            using (var log = EmbeddedStore.Audit(folder))
                Audit = log?.Verify(cancellationToken: cancellationToken);
            using var journal = CommandJournal.Open(folder);
            journal.Note(AuditKinds.BackupRestored, new { sha256 });
            foreach (var name in journal.Galleries.Names())
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    using var gallery = journal.Galleries.Open(name);
                    Expired += journal.Make(
                        AuditKinds.RetentionPurged, name, null,
                        record => gallery.PurgeExpired(DateTimeOffset.UtcNow, record, cancellationToken)).Encounters;
                }
                catch (StoreException e) when (e.Fault is StoreFault.WrongKey)
                {
                    Unpurged.Add(name);
                }
            }
        }
    }
}
