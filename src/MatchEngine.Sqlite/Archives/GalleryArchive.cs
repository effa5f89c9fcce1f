using System.IO.Compression;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Sqlite.Archives;

/// <summary>
/// A whole gallery in one file: a ZIP with a copy of the database (templates, metadata, images, properties; encrypted values stay
/// encrypted) and a manifest with the SHA-256 of every entry.
/// </summary>
internal static class GalleryArchive
{
    public const string DatabaseEntry = "gallery.db";

    /// <summary>Writes an archive of a database that nobody else uses.</summary>
    public static void Write(
        string database, Func<ArchiveEntry, ArchiveManifest> describe, Stream output, IProgress<long>? progress,
        CancellationToken cancellationToken)
    {
        using var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        ArchiveEntry written;
        using (var input = new FileStream(database, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
        // Photos and templates hardly shrink; what there is to gain is gained fast.
        using (var entry = archive.CreateEntry(DatabaseEntry, CompressionLevel.Fastest).Open())
        {
            var (bytes, sha256) = HashedCopy.Run(
                input, entry, long.MaxValue, progress is null ? null : progress.Report, cancellationToken);
            written = new ArchiveEntry(DatabaseEntry, bytes, sha256);
        }
        using var manifest = archive.CreateEntry(ArchiveManifest.EntryName, CompressionLevel.Fastest).Open();
        manifest.Write(describe(written).ToJson());
    }

    /// <summary>Reads an archive: checks every entry and writes the database to a file.</summary>
    /// <exception cref="ArchiveException">The archive is damaged, was changed, or a newer version wrote it.</exception>
    /// <exception cref="StoreException">The disk has no room for it.</exception>
    public static ArchiveManifest Read(
        Stream input, string database, UnpackingLimits limits, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var current = (string?)null;
        try
        {
            using var archive = new ZipArchive(input, ZipArchiveMode.Read, leaveOpen: true);
            current = ArchiveManifest.EntryName;
            var manifest = ReadManifest(archive);
            current = null;
            if (archive.Entries.GroupBy(entry => entry.FullName, StringComparer.Ordinal)
                .FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new ArchiveException(twice.Key, "is there twice. Export the gallery again");
            if (archive.Entries.FirstOrDefault(entry => entry.FullName != ArchiveManifest.EntryName
                && manifest.Entries.All(listed => listed.Name != entry.FullName)) is { } unknown)
                throw new ArchiveException(unknown.FullName, "is not in its manifest: somebody put it in. Export the gallery again");
            if (manifest.Entries is not [{ Name: DatabaseEntry }])
                throw new ArchiveException(
                    ArchiveManifest.EntryName, $"lists other entries than {DatabaseEntry}. Export the gallery again");
            var expected = manifest.Entries[0];
            current = expected.Name;
            var found = archive.GetEntry(expected.Name)
                ?? throw new ArchiveException(expected.Name, "is missing. Export the gallery again");
            using var source = found.Open();
            using var target = new FileStream(database, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            limits.RequireRoom(database, expected.Bytes);
            var (bytes, sha256) = HashedCopy.Run(
                source, target, expected.Bytes,
                written =>
                {
                    limits.Require(database, input.Length, written);
                    progress?.Report(written);
                },
                cancellationToken);
            if (bytes != expected.Bytes || sha256 != expected.Sha256)
                throw new ArchiveException(
                    expected.Name, "is damaged: it is not what its manifest says. Fetch the archive again, or export the gallery again");
            target.Flush(flushToDisk: true);
            return manifest;
        }
        catch (InvalidDataException e)
        {
            throw new ArchiveException(current, $"is damaged ({e.Message.TrimEnd('.')}). Fetch it again, or export the gallery again", e);
        }
        catch (EndOfStreamException e)
        {
            throw new ArchiveException(current, "is cut short. Fetch it again, or export the gallery again", e);
        }
    }

    private static ArchiveManifest ReadManifest(ZipArchive archive)
    {
        var entry = archive.GetEntry(ArchiveManifest.EntryName)
            ?? throw new ArchiveException(
                ArchiveManifest.EntryName,
                "is missing: the archive is cut short, or is none of a gallery. Give a file that 'gallery export' wrote");
        using var stream = entry.Open();
        using var json = new MemoryStream();
        // The length that a ZIP announces is the announcer's; what is read is bounded.
        var (bytes, _) = HashedCopy.Run(stream, json, ArchiveManifest.MaxBytes, null, CancellationToken.None);
        return bytes <= ArchiveManifest.MaxBytes
            ? ArchiveManifest.Parse(json.GetBuffer().AsSpan(0, (int)json.Length))
            : throw new ArchiveException(ArchiveManifest.EntryName, "is too long to be one. Give a file that 'gallery export' wrote");
    }
}
