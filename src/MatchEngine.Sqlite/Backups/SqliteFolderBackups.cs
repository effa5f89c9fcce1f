using System.IO.Compression;
using MatchEngine.Frs;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using MatchEngine.Sqlite.Archives;
using MatchEngine.Sqlite.Book;
using MatchEngine.Sqlite.Databases;
using MatchEngine.Sqlite.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Backups;

/// <summary>Backups of a data folder: a ZIP with every database and file that <see cref="BackupEntry"/> names, and a manifest.</summary>
internal sealed class SqliteFolderBackups(string dataFolder, TimeProvider clock, TimeSpan patience, DataKeys? keys) : IFolderBackups
{
    // Galleries' own journals, indexes and work are part of these; what has a name of its own is told.
    private static readonly string[] Untold = ["service.db-wal", "service.db-shm", "service.lock", "audit", BackupEntry.Galleries];

    private readonly string _folder = Path.GetFullPath(dataFolder);

    public FolderBackup Write(Stream output, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var galleries = Path.Combine(_folder, BackupEntry.Galleries);
        if (!Directory.Exists(galleries) && !File.Exists(Path.Combine(_folder, BackupEntry.Book.Path))
            && !File.Exists(Path.Combine(_folder, BackupEntry.Audit.Path)))
            throw new StoreException(
                StoreFault.Unreachable, _folder, $"{_folder}: there is neither a gallery nor a service's database; check --data");
        using var work = WorkFolder.Create(galleries);
        BackupManifest manifest;
        List<(BackupEntry Entry, string File)> copies = [];
        using (var moment = FolderMoment.Take(_folder, clock, patience, cancellationToken))
        {
            var total = moment.Databases.Sum(database => database.Bytes);
            FreeSpace.Require(work.Path, total);
            long before = 0;
            foreach (var database in moment.Databases)
            {
                var copy = Path.Combine(work.Path, $"{copies.Count}.db");
                moment.Copy(database, copy, done => progress?.Report((before + done) / 2.0 / Math.Max(1, total)), cancellationToken);
                before += database.Bytes;
                copies.Add((database.Entry, copy));
            }
            var (files, leftOut) = Files();
            copies.AddRange(files);
            manifest = new BackupManifest(
                BackupManifest.TheFormat, BackupManifest.CurrentVersion, moment.Time,
                [.. moment.Databases.Select(database => database.Row?.KeyId).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
                leftOut, moment.Unread, []);
        }
        FinishRemovals(copies);
        Pack(copies, manifest, output, progress, cancellationToken);
        return Describe(manifest, copies.Select(copy => copy.Entry), copies.Sum(copy => new FileInfo(copy.File).Length));
    }

    public FolderBackup Restore(Stream archive, Action<string> finish, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireNothingThere();
        string? current = null;
        var parent = Path.GetDirectoryName(_folder)
            ?? throw new StoreException(StoreFault.Unreachable, _folder, $"{_folder}: is no folder to restore into. Give another one");
        var restoring = Path.Combine(parent, $".{Path.GetFileName(_folder)}.restoring-{Guid.NewGuid():N}");
        try
        {
            using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
            current = BackupManifest.EntryName;
            var manifest = ReadManifest(zip);
            current = null;
            var entries = Listed(zip, manifest);
            var total = entries.Aggregate(0L, (sum, entry) => checked(sum + entry.Listed.Bytes));
            long before = 0;
            // Twice: nothing of an archive is written that was not seen to be what its manifest says.
            foreach (var (entry, listed, packed) in entries)
            {
                current = entry.Path;
                Unpack(packed, listed, Stream.Null, cancellationToken);
                progress?.Report((before += listed.Bytes) / 2.0 / Math.Max(1, total));
            }
            current = null;
            Directory.CreateDirectory(parent);
            FreeSpace.Require(parent, total);
            PrivateFolder.Create(restoring);
            foreach (var (entry, listed, packed) in entries)
            {
                current = entry.Path;
                var file = Path.Combine(restoring, entry.Path);
                PrivateFolder.Create(Path.GetDirectoryName(file)!);
                using (var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
                {
                    Unpack(packed, listed, target, cancellationToken);
                    target.Flush(flushToDisk: true);
                }
                RequireOurs(entry, file);
                progress?.Report((before += listed.Bytes) / 2.0 / Math.Max(1, total));
            }
            current = null;
            cancellationToken.ThrowIfCancellationRequested();
            finish(restoring);
            TakePlace(restoring);
            return Describe(manifest, entries.Select(entry => entry.Entry), total);
        }
        catch (InvalidDataException e)
        {
            throw new ArchiveException(current, $"is damaged ({e.Message.TrimEnd('.')}). Fetch it again, or take another backup", e);
        }
        catch (EndOfStreamException e)
        {
            throw new ArchiveException(current, "is cut short. Fetch it again, or take another backup", e);
        }
        catch (OverflowException e)
        {
            throw new ArchiveException(BackupManifest.EntryName, "lists more than any disk holds. Fetch it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreException.Of(e, restoring);
        }
        finally
        {
            if (Directory.Exists(restoring))
                Directory.Delete(restoring, recursive: true);
        }
    }

    /// <summary>
    /// The files beside the databases: keys and models, which are made once and not changed. What else lies in the folder is told, not
    /// taken: a file that we do not know may be the data key.
    /// </summary>
    private (List<(BackupEntry, string)> Files, List<string> LeftOut) Files()
    {
        var (files, leftOut) = (new List<(BackupEntry, string)>(), new List<string>());
        var taken = new[] { BackupEntry.CookieKeys, BackupEntry.Models };
        foreach (var item in new DirectoryInfo(_folder).EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal))
        {
            if (item is DirectoryInfo folder && taken.Contains(folder.Name) && folder.LinkTarget is null)
                Add(folder, folder.Name);
            else if (BackupEntry.Of(item.Name) is null && !Untold.Contains(item.Name))
                leftOut.Add(item.Name);
        }
        return (files, leftOut);

        void Add(DirectoryInfo folder, string path)
        {
            foreach (var item in folder.EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal))
            {
                var name = $"{path}/{item.Name}";
                // A link leads elsewhere, and there may be anything.
                if (item.LinkTarget is null && item is DirectoryInfo below && BackupEntry.Of(name) is not null)
                    Add(below, name);
                else if (item.LinkTarget is null && item is FileInfo && BackupEntry.Of(name) is { } entry)
                    files.Add((entry, item.FullName));
                else
                    leftOut.Add(name);
            }
        }
    }

    /// <summary>
    /// Who removed somebody while the moment was read could not clear the journal of what was removed; opening the gallery does it now.
    /// </summary>
    private void FinishRemovals(IEnumerable<(BackupEntry Entry, string File)> copies)
    {
        foreach (var name in copies.Select(copy => copy.Entry.Gallery).OfType<string>())
        {
            var file = Path.Combine(_folder, BackupEntry.OfGallery(name).Path);
            if (File.Exists(file))
                SqliteGalleryStore.Open(name, file, clock, patience)?.Dispose();
        }
    }

    private static void Pack(
        List<(BackupEntry Entry, string File)> copies, BackupManifest manifest, Stream output, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        var total = Math.Max(1, copies.Sum(copy => new FileInfo(copy.File).Length));
        var entries = new List<ArchiveEntry>();
        long before = 0;
        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (entry, file) in copies)
        {
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            // Photos and templates hardly shrink; what there is to gain is gained fast.
            using var packed = zip.CreateEntry(entry.Path, CompressionLevel.Fastest).Open();
            var (bytes, sha256) = HashedCopy.Run(
                source, packed, long.MaxValue, done => progress?.Report(0.5 + (before + done) / 2.0 / total), cancellationToken);
            before += bytes;
            entries.Add(new ArchiveEntry(entry.Path, bytes, sha256));
        }
        using var last = zip.CreateEntry(BackupManifest.EntryName, CompressionLevel.Fastest).Open();
        last.Write((manifest with { Entries = entries }).ToJson());
    }

    private void RequireNothingThere()
    {
        if (File.Exists(_folder) || Directory.Exists(_folder) && Directory.EnumerateFileSystemEntries(_folder).Any())
            throw new StoreException(
                StoreFault.ReadOnly, _folder,
                $"{_folder}: is there and not empty. Restore into a folder that is new, with "
                    + "--data, and put it in the place of the old one");
    }

    private static BackupManifest ReadManifest(ZipArchive zip)
    {
        var entry = zip.GetEntry(BackupManifest.EntryName)
            ?? throw new ArchiveException(
                BackupManifest.EntryName,
                "is missing: the archive is cut short, or is no backup. Give a file that 'matchengine backup' wrote");
        using var stream = entry.Open();
        using var json = new MemoryStream();
        // The length that a ZIP announces is the announcer's; what is read is bounded.
        return HashedCopy.Run(stream, json, BackupManifest.MaxBytes, null, CancellationToken.None).Bytes <= BackupManifest.MaxBytes
            ? BackupManifest.Parse(json.GetBuffer().AsMemory(0, (int)json.Length))
            : throw new ArchiveException(BackupManifest.EntryName, "is too long to be one. Give a file that 'matchengine backup' wrote");
    }

    /// <summary>The entries, which are those of the manifest and no others, each once, and each a file that a data folder has.</summary>
    private static List<(BackupEntry Entry, ArchiveEntry Listed, ZipArchiveEntry Packed)> Listed(ZipArchive zip, BackupManifest manifest)
    {
        var packed = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in zip.Entries)
        {
            // The upper half of these holds the kind of file on Unix.
            if (((entry.ExternalAttributes >> 16) & FileKind) is not (0 or RegularFile))
                throw new ArchiveException(null, "holds a link or a device, which no backup does. Take another backup");
            if (!packed.TryAdd(entry.FullName, entry))
                throw new ArchiveException(null, "holds a file twice. Take another backup");
        }
        packed.Remove(BackupManifest.EntryName);
        var entries = new List<(BackupEntry, ArchiveEntry, ZipArchiveEntry)>();
        foreach (var listed in manifest.Entries)
        {
            var entry = BackupEntry.Parse(listed.Name);
            if (listed.Bytes < 0)
                throw new ArchiveException(entry.Path, "has a length below nothing in the manifest. Take another backup");
            if (!packed.Remove(listed.Name, out var found) || found.FullName != listed.Name)
                throw new ArchiveException(entry.Path, "is missing. Fetch the archive again, or take another backup");
            entries.Add((entry, listed, found));
        }
        return packed.Count == 0
            ? entries
            : throw new ArchiveException(null, "holds a file that is not in its manifest: somebody put it in. Take another backup");
    }

    private const int FileKind = 0xF000, RegularFile = 0x8000;

    private static void Unpack(ZipArchiveEntry packed, ArchiveEntry listed, Stream target, CancellationToken cancellationToken)
    {
        using var source = packed.Open();
        if (HashedCopy.Run(source, target, listed.Bytes, null, cancellationToken) != (listed.Bytes, listed.Sha256))
            throw new ArchiveException(
                listed.Name, "is damaged: it is not what its manifest says. Fetch the archive again, or take another backup");
    }

    private void RequireOurs(BackupEntry entry, string file)
    {
        try
        {
            if (entry.Gallery is { } name)
            {
                SqliteGalleryStore.RequireOurs(file, patience);
                using var store = SqliteGalleryStore.Open(name, file, clock, patience, keys)
                    ?? throw SqliteFault.Damaged(file, "it has no model");
                store.RequireRows();
            }
            else if (entry == BackupEntry.Book)
            {
                Require(file, ServiceDatabase.Migrations, ServiceDatabase.Kind);
            }
            else if (entry == BackupEntry.Audit)
            {
                Require(file, SqliteSchema.AuditMigrations, SqliteKind.Audit);
            }
        }
        // An error in SQL of ours (code 1) is one of the database too: its values are none that SQLite can take apart.
        catch (StoreException e) when (
            e.Fault is StoreFault.Damaged or StoreFault.NewerSchema || e.InnerException is SqliteException { SqliteErrorCode: 1 })
        {
            throw new ArchiveException(
                entry.Path, $"cannot be restored ({e.Message.Replace(file, entry.Path, StringComparison.Ordinal)})", e);
        }
    }

    private void Require(string file, IReadOnlyList<string> migrations, SqliteKind kind)
    {
        using var session = new SqliteSession(file, patience, kind: kind);
        session.Use(connection =>
        {
            ArrivedDatabase.Require(connection, file, migrations, kind);
            return 0;
        });
    }

    private void TakePlace(string restoring)
    {
        RequireNothingThere();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: false);
        Directory.Move(restoring, _folder);
    }

    private static FolderBackup Describe(BackupManifest manifest, IEnumerable<BackupEntry> entries, long bytes) => new(
        manifest.Moment, [.. entries.Select(entry => entry.Gallery).OfType<string>()], manifest.KeyIds, manifest.LeftOut, manifest.Unread,
        bytes);
}
