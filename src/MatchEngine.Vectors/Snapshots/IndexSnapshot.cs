using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors;

/// <summary>
/// Saves an <see cref="ExactIndex"/> to one file and opens it again without reading it: the file is mapped into memory, sketches and
/// basis included. A snapshot is a cache: when it is absent, damaged or stale, rebuild the index from where the templates are kept.
/// </summary>
/// <remarks>The format, byte by byte, stands with <c>SnapshotFormat</c>. The file holds templates of people: protect it as the store itself is protected.</remarks>
public static unsafe class IndexSnapshot
{
    /// <summary>
    /// Saves an index. Searches, adds and removes go on; the snapshot has every template added before the call and not removed until its end, and nothing of
    /// any removed before it. A file of that name is replaced in one step when the new one is whole; until then it stays as it was, whatever happens.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="path">The file. Beside it, <c>path.tmp</c> is written and then renamed.</param>
    /// <param name="stamp">A number of the caller's, given back on opening; such as the store's version that the index reflects.</param>
    /// <param name="progress">Receives the share done, 0 … 1.</param>
    /// <param name="cancellationToken">Ends the saving; the former snapshot stays.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The saving was cancelled.</exception>
    public static void Save(ExactIndex index, string path, long stamp, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 20))
            {
                new SnapshotWriter(index, stream, progress, cancellationToken).Write(stamp);
                stream.Flush(flushToDisk: true);
            }
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Opens a snapshot. Its checksums are verified, in parallel, as fast as memory or the disk delivers; nothing else is read.</summary>
    /// <param name="path">The file. It may be replaced or deleted while the index is in use, but must not be written to.</param>
    /// <param name="model">The model that its templates must be of.</param>
    /// <param name="dimension">The dimension that they must have.</param>
    /// <param name="options">How the index works; the defaults when null.</param>
    /// <returns>The index, and the stamp that the snapshot was saved with.</returns>
    /// <exception cref="SnapshotException">The file is no snapshot, is damaged or truncated, is of another model, or was written by a newer version.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (ExactIndex Index, long Stamp) Open(string path, ModelDigest model, int dimension, ExactIndexOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("snapshots are mapped as they are and need a little-endian processor: rebuild the index from the store");
        var index = new ExactIndex(model, dimension, options ?? new ExactIndexOptions());
        if (new FileInfo(path) is { Exists: true, Length: < SnapshotFormat.Page } file)
            throw Damaged(path, "header", $"it has {file.Length} bytes, fewer than a header");
        var mapped = new MappedFile(path);
        var header = new ReadOnlySpan<byte>(mapped.Start, SnapshotFormat.Page);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != SnapshotFormat.Magic)
            throw new SnapshotException($"{path} is no snapshot of an index: it does not start with 'MEIX'", "header");
        // The checksum before the version: a damaged version must not pass for a newer one. Later versions keep both where they are.
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[(SnapshotFormat.Page - 4)..]) != TemplateFormat.Crc32C(header[..(SnapshotFormat.Page - 4)]))
            throw Damaged(path, "header", "its checksum does not fit its content");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (version != SnapshotFormat.Version)
        {
            throw new SnapshotException(
                $"{path} has format version {version}, this program reads version {SnapshotFormat.Version}: update the program, or delete the file to have the index rebuilt");
        }
        var digest = ModelDigest.FromBytes(header.Slice(16, ModelDigest.Length));
        if (digest != model)
            throw new SnapshotException($"{path} holds templates of model {digest}, not {model}: delete it to have the index rebuilt", new ModelMismatchException(model, digest));
        if (BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != dimension)
            throw new SnapshotException($"{path} holds templates of {BinaryPrimitives.ReadInt32LittleEndian(header[8..])} dimensions, not {dimension}: delete it to have the index rebuilt");

        var rows = BinaryPrimitives.ReadInt64LittleEndian(header[48..]);
        var sections = Verify(path, mapped, header, rows, dimension);
        var erased = Rows(mapped, sections[SnapshotSection.Erased]);
        var (basis, outliers) = ReadBasis(path, mapped, sections, dimension);
        byte* At(SnapshotSection kind) => sections.TryGetValue(kind, out var section) ? mapped.Start + section.Offset : null;
        index.Adopt(mapped, rows, (long*)At(SnapshotSection.Ids), (long*)At(SnapshotSection.Subjects), (float*)At(SnapshotSection.Scales),
            At(SnapshotSection.Bodies), index.KeepsFloat16 ? (Half*)At(SnapshotSection.Float16) : null, BinaryPrimitives.ReadSingleLittleEndian(header[64..]),
            basis, At(SnapshotSection.Sketches), outliers, erased);
        return (index, BinaryPrimitives.ReadInt64LittleEndian(header[56..]));
    }

    private static Dictionary<SnapshotSection, SnapshotFormat.Section> Verify(string path, MappedFile mapped, ReadOnlySpan<byte> header, long rows, int dimension)
    {
        var sections = new Dictionary<SnapshotSection, SnapshotFormat.Section>();
        var count = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        for (var i = 0; i < count; i++)
        {
            var entry = header[(SnapshotFormat.DirectoryOffset + (i * SnapshotFormat.EntryLength))..];
            var section = new SnapshotFormat.Section((SnapshotSection)BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[8..]), BinaryPrimitives.ReadInt64LittleEndian(entry[16..]));
            if (section.Offset % SnapshotFormat.Page != 0 || section.Offset < 0 || section.Length < 0 || section.Offset > mapped.Length - section.Length)
                throw Damaged(path, Name(section.Kind), $"it ends at byte {section.Offset + section.Length} of a file of {mapped.Length}");
            sections.Add(section.Kind, section);
        }
        foreach (var (kind, length) in new (SnapshotSection, long?)[]
        {
            (SnapshotSection.Ids, 8 * rows), (SnapshotSection.Subjects, 8 * rows), (SnapshotSection.Scales, 4 * rows), (SnapshotSection.Bodies, dimension * rows),
            (SnapshotSection.Erased, null),
        })
        {
            if (!sections.TryGetValue(kind, out var section) || (length is not null && section.Length != length))
                throw Damaged(path, Name(kind), "it is missing or of the wrong length");
        }
        if (sections.TryGetValue(SnapshotSection.Float16, out var copies) && copies.Length != 2L * dimension * rows)
            throw Damaged(path, Name(SnapshotSection.Float16), "it is of the wrong length");

        // The long sections first, each by a processor of its own.
        SnapshotFormat.Section? damaged = null;
        Parallel.ForEach(sections.Values.OrderByDescending(section => section.Length), section =>
        {
            if (Checksum(mapped.Start + section.Offset, section.Length) != section.Checksum)
                damaged = section;
        });
        return damaged is { } found ? throw Damaged(path, Name(found.Kind), "its checksum does not fit its content") : sections;
    }

    internal static uint Checksum(byte* start, long length)
    {
        var crc = TemplateFormat.Crc32CStart;
        for (long at = 0; at < length; at += 1 << 30)
            crc = TemplateFormat.Crc32CAdd(crc, new ReadOnlySpan<byte>(start + at, (int)Math.Min(1 << 30, length - at)));
        return ~crc;
    }

    private static (SketchBasis?, int[]) ReadBasis(string path, MappedFile mapped, Dictionary<SnapshotSection, SnapshotFormat.Section> sections, int dimension)
    {
        if (!sections.TryGetValue(SnapshotSection.Basis, out var section))
            return (null, []);
        if (!sections.TryGetValue(SnapshotSection.Sketches, out var sketches) || !sections.TryGetValue(SnapshotSection.Outliers, out var outliers))
            throw Damaged(path, Name(SnapshotSection.Sketches), "it is missing");
        var bytes = new ReadOnlySpan<byte>(mapped.Start + section.Offset, (int)section.Length);
        if (bytes.Length < SnapshotFormat.BasisHeaderLength)
            throw Damaged(path, Name(SnapshotSection.Basis), "it is of the wrong length");
        var elements = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var numbers = MemoryMarshal.Cast<byte, float>(bytes[16..]);
        if (elements <= 0 || elements > dimension || elements % SketchKernel.GroupElements != 0 || numbers.Length != 8 + elements + (elements * dimension)
            || sketches.Length != (sections[SnapshotSection.Ids].Length / 8 + 7) / 8 * elements * 4)
        {
            throw Damaged(path, Name(SnapshotSection.Basis), $"it has {elements} directions");
        }
        var errors = new SketchErrors(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7],
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));
        return (new SketchBasis(BinaryPrimitives.ReadInt32LittleEndian(bytes), dimension, numbers[(8 + elements)..].ToArray(), numbers.Slice(8, elements).ToArray(), errors),
            Rows(mapped, outliers));
    }

    private static int[] Rows(MappedFile mapped, SnapshotFormat.Section section) => new ReadOnlySpan<int>(mapped.Start + section.Offset, (int)(section.Length / 4)).ToArray();

    private static string Name(SnapshotSection kind) => Enum.IsDefined(kind) ? kind.ToString().ToLowerInvariant() : $"{(int)kind}";

    private static SnapshotException Damaged(string path, string section, string how) =>
        new($"{path} is damaged in its section '{section}' ({how}): delete it to have the index rebuilt from the store", section);
}
