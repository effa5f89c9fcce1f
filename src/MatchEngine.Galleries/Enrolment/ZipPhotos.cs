using System.IO.Compression;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>
/// The photos of a zip archive. Nothing is unpacked to the disk: each is read into memory when its turn comes, bounded by its own size, by
/// what it may have been packed from, and by what all of them together may be. What an entry is called leads nowhere.
/// </summary>
internal sealed class ZipPhotos : IDisposable
{
    /// <summary>The most entries that are looked at.</summary>
    public const int MaxEntries = 200_000;

    /// <summary>How many times larger than packed an entry may be; photos are packed already, bare pixels by less.</summary>
    public const int MaxRatio = 200;

    /// <summary>The most bytes that all entries of an archive together are unpacked to.</summary>
    public const long MaxTotal = 64L << 30;

    private const string Damaged = "the zip archive is damaged or cannot be read";

    // Where packing gains most is a few bytes.
    private const long RatioFrom = 1 << 20;

    private readonly Lock _lock = new();
    private readonly string _file;
    private ZipArchive? _archive;
    private long _unpacked;
    private int _left;
    private bool _disposed;

    /// <summary>The photos of an archive, which is opened when they are listed.</summary>
    public ZipPhotos(string file) => _file = file;

    /// <summary>The photos in the ordinal order of their names.</summary>
    /// <param name="skipped">Told of what is no photo.</param>
    /// <exception cref="AcquisitionException">The archive is damaged, cannot be read, or has too many entries.</exception>
    public IReadOnlyList<string> List(SkippedFiles skipped)
    {
        lock (_lock)
        {
            var entries = Entries();
            if (entries.Count > MaxEntries)
                throw Refused(
                    AcquisitionFailure.TooLarge,
                    $"the archive has {entries.Count:N0} entries; {MaxEntries:N0} are read at the most");
            var names = new List<string>();
            foreach (var entry in entries)
            {
                var name = entry.FullName;
                if (name.EndsWith('/') || name.EndsWith('\\'))
                    continue;
                if (name.Any(char.IsControl))
                    skipped.Add(_file, "entry with an unusable name");
                // What macOS puts beside each file.
                else if (!PhotoFiles.Is(name) || name.StartsWith("__MACOSX/", StringComparison.Ordinal))
                    skipped.Add(name);
                else if (entry.IsEncrypted)
                    skipped.Add(name, "encrypted entry");
                else
                    names.Add(name);
            }
            names.Sort(StringComparer.Ordinal);
            // Between the listing and the first photo's turn other archives may be open.
            Close();
            _left = names.Count;
            return names;
        }
    }

    /// <summary>Unpacks a photo.</summary>
    /// <param name="name">Its name, as <see cref="List"/> gave it.</param>
    /// <param name="limits">The largest size taken.</param>
    /// <exception cref="AcquisitionException">It is too large, packed too well to be a photo, or damaged.</exception>
    public ImageBytes Read(string name, ImageLimits limits)
    {
        lock (_lock)
        {
            try
            {
                var entry = Opened().GetEntry(name)
                    ?? throw Refused(AcquisitionFailure.Unreadable, "the archive has no such entry any more");
                if (entry.Length > RatioFrom && entry.Length / Math.Max(1, entry.CompressedLength) > MaxRatio)
                    throw Refused(
                        AcquisitionFailure.TooLarge,
                        $"the entry would be unpacked to more than {MaxRatio} times its size, which no photo is");
                ImageDecoder.CheckByteSize(entry.Length, limits);
                if (_unpacked + entry.Length > MaxTotal)
                    throw Refused(AcquisitionFailure.TooLarge, $"the archive unpacks to more than {MaxTotal >> 30} GiB; take it apart");
                using var packed = entry.Open();
                // What the directory says of the size binds the stream.
                var bytes = ImageBytes.Read(packed, limits with { MaxBytes = Math.Min(limits.MaxBytes, entry.Length) });
                _unpacked += bytes.Span.Length;
                return bytes;
            }
            catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
            {
                throw Refused(AcquisitionFailure.Unreadable, "the entry of the archive is damaged, or packed in a way that is not read", e);
            }
            finally
            {
                if (--_left == 0)
                    Close();
            }
        }
    }

    /// <summary>Closes the archive.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Close();
        }
    }

    private void Close()
    {
        _archive?.Dispose();
        _archive = null;
    }

    private System.Collections.ObjectModel.ReadOnlyCollection<ZipArchiveEntry> Entries()
    {
        try
        {
            return Opened().Entries;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException)
        {
            throw Refused(AcquisitionFailure.Unreadable, Damaged, e);
        }
    }

    private ZipArchive Opened()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_archive is not null)
            return _archive;
        try
        {
            return _archive = ZipFile.OpenRead(_file);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Refused(AcquisitionFailure.Unreadable, Damaged, e);
        }
    }

    private static AcquisitionException Refused(AcquisitionFailure reason, string message, Exception? cause = null) =>
        new(reason, message, innerException: cause);
}
