using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MatchEngine.Vectors.Auto;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Snapshots;

/// <summary>
/// Saves an <see cref="ExactIndex"/> to one file and opens it again without reading it: the file is mapped into memory, sketches and
/// basis included. A snapshot is a cache: when it is absent, damaged or stale, rebuild the index from where the templates are kept.
/// </summary>
/// <remarks>
/// The format, byte by byte, stands with <c>SnapshotFormat</c>. The file holds templates of people:
/// protect it as the store itself is protected.
/// </remarks>
public static unsafe class IndexSnapshot
{
    /// <summary>
    /// Saves an index. Searches, adds and removes go on; the snapshot has every template added before the call and not removed until its
    /// end, and nothing of any removed before it. A file of that name is replaced in one step when the new one is whole; until then it
    /// stays as it was, whatever happens.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="path">The file. Beside it, <c>path.tmp</c> is written and then renamed.</param>
    /// <param name="stamp">A number of the caller's, given back on opening; such as the store's version that the index reflects.</param>
    /// <param name="progress">Receives the share done, 0 … 1.</param>
    /// <param name="cancellationToken">Ends the saving; the former snapshot stays.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The saving was cancelled.</exception>
    public static void Save(
        ExactIndex index, string path, long stamp, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        Save(index, null, path, stamp, progress, cancellationToken);
    }

    /// <summary>Saves an index with its graph, if it has one; else as the other overload.</summary>
    /// <inheritdoc cref="Save(ExactIndex, string, long, IProgress{double}, CancellationToken)"/>
    public static void Save(
        AutoIndex index, string path, long stamp, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        Save(index.Exact, index.Graph, path, stamp, progress, cancellationToken);
    }

    private static void Save(
        ExactIndex index, HnswIndex? graph, string path, long stamp, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = path + ".tmp";
        var written = false; // The file of another who is saving is not ours to delete.
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 20))
            {
                written = true;
                new SnapshotWriter(index, graph, stream, progress, cancellationToken).Write(stamp);
                stream.Flush(flushToDisk: true);
            }
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(temporary, path, overwrite: true);
            FolderEntry.Flush(path);
        }
        catch
        {
            if (written)
                File.Delete(temporary);
            throw;
        }
    }

    /// <summary>
    /// The stamp that a snapshot was saved with, from its header alone; null when there is no such file or its header is none.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static long? ReadStamp(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return ReadHeader(stream) is { } header ? BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(56)) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Overwrites templates in a snapshot's file: when this returns their vectors and sketches are no longer on the disk, and an index that
    /// is opened from the file does not have them. Others may have the file mapped. The rest of the file is not read.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="ids">The templates' ids; those which the file does not hold, or no longer, are passed over.</param>
    /// <returns>The number of templates overwritten.</returns>
    /// <exception cref="SnapshotException">The file's header is damaged: delete the file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static int Erase(string path, IReadOnlyCollection<long> ids)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(ids);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);
        var header = ReadHeader(stream) ?? throw Damaged(path, "header", "it is none of this version");
        var sections = Directory(path, header, stream.Length);
        if (!sections.TryGetValue(SnapshotSection.Ids, out var column) || !sections.TryGetValue(SnapshotSection.Erased, out var former))
            throw Damaged(path, Name(SnapshotSection.Ids), "it is missing");
        var wanted = ids as HashSet<long> ?? [.. ids];
        var erased = new HashSet<int>(MemoryMarshal.Cast<byte, int>(Read(stream, former)).ToArray());
        var rows = new List<long>();
        var known = MemoryMarshal.Cast<byte, long>(Read(stream, column));
        for (var row = 0; row < known.Length; row++)
        {
            if (wanted.Contains(known[row]) && !erased.Contains(row))
                rows.Add(row);
        }
        if (rows.Count == 0)
            return 0;
        var erasure = new SnapshotErasure(stream, sections);
        foreach (var row in rows)
        {
            erasure.Erase(row, BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)));
            erasure.Append(row);
        }
        // The list of erased rows and the overwritten bytes before the header that vouches for them.
        stream.Flush(flushToDisk: true);
        stream.Position = 0;
        stream.Write(
            SnapshotFormat.Header(
                BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)), ModelDigest.FromBytes(header.AsSpan(16, ModelDigest.Length)),
                BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(56)),
                BinaryPrimitives.ReadSingleLittleEndian(header.AsSpan(64)), [.. sections.Values]));
        stream.Flush(flushToDisk: true);
        return rows.Count;
    }

    /// <summary>The header of a snapshot of this version; null when the file has none.</summary>
    private static byte[]? ReadHeader(FileStream stream)
    {
        var header = new byte[SnapshotFormat.Page];
        return stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(header) == SnapshotFormat.Magic
            && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(4)) == SnapshotFormat.Version
            && BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(SnapshotFormat.Page - 4)) == TemplateFormat.Crc32C(
                header.AsSpan(0, SnapshotFormat.Page - 4))
            ? header : null;
    }

    private static byte[] Read(FileStream stream, SnapshotFormat.Section section)
    {
        var bytes = new byte[section.Length];
        stream.Position = section.Offset;
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// Opens a snapshot. Its checksums are verified, in parallel, as fast as memory or the disk delivers; nothing else is read.
    /// </summary>
    /// <param name="path">The file. It may be replaced or deleted while the index is in use, but must not be written to.</param>
    /// <param name="model">The model that its templates must be of.</param>
    /// <param name="dimension">The dimension that they must have.</param>
    /// <param name="options">How the index works; the defaults when null.</param>
    /// <returns>The index, and the stamp that the snapshot was saved with.</returns>
    /// <exception cref="SnapshotException">The file is no snapshot, is damaged or truncated, is of another model,
    /// or was written by a newer version.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (ExactIndex Index, long Stamp) Open(string path, ModelDigest model, int dimension, ExactIndexOptions? options = null)
    {
        var (index, stamp, _) = OpenWithGraph(path, model, dimension, options, null);
        return (index, stamp);
    }

    /// <summary>Opens a snapshot with the graph that was saved with it, if one was. Both lie in the same mapped memory.</summary>
    /// <inheritdoc cref="Open(string, ModelDigest, int, ExactIndexOptions?)"/>
    public static (AutoIndex Index, long Stamp) OpenAuto(string path, ModelDigest model, int dimension, AutoIndexOptions? options = null)
    {
        options ??= new AutoIndexOptions();
        var (index, stamp, graph) = OpenWithGraph(path, model, dimension, options.Exact, options.Hnsw);
        return (new AutoIndex(index, options, null, graph), stamp);
    }

    private static (ExactIndex Index, long Stamp, HnswIndex? Graph) OpenWithGraph(
        string path, ModelDigest model, int dimension, ExactIndexOptions? options, HnswOptions? graphOptions)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException(
                "snapshots are mapped as they are and need a little-endian processor: rebuild the index from the store");
        var index = new ExactIndex(model, dimension, options ?? new ExactIndexOptions());
        if (new FileInfo(path) is { Exists: true, Length: < SnapshotFormat.Page } file)
            throw Damaged(path, "header", $"it has {file.Length} bytes, fewer than a header");
        var mapped = new MappedFile(path);
        var header = new ReadOnlySpan<byte>(mapped.Start, SnapshotFormat.Page);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != SnapshotFormat.Magic)
            throw new SnapshotException($"{path} is no snapshot of an index: it does not start with 'MEIX'", "header");
        // The checksum before the version: a damaged version must not pass for a newer one. Later versions keep both where they are.
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[(SnapshotFormat.Page - 4)..]) != TemplateFormat.Crc32C(
            header[..(SnapshotFormat.Page - 4)]))
            throw Damaged(path, "header", "its checksum does not fit its content");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        if (version != SnapshotFormat.Version)
        {
            throw new SnapshotException(
                $"{path} has format version {version}, this program reads version {SnapshotFormat.Version}: update the program, "
                    + "or delete the file to have the index rebuilt");
        }
        var digest = ModelDigest.FromBytes(header.Slice(16, ModelDigest.Length));
        if (digest != model)
            throw new SnapshotException(
                $"{path} holds templates of model {digest}, not {model}: delete it to have the index rebuilt",
                new ModelMismatchException(model, digest));
        if (BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != dimension)
            throw new SnapshotException(
                $"{path} holds templates of {BinaryPrimitives.ReadInt32LittleEndian(header[8..])} dimensions, not {dimension}: "
                    + "delete it to have the index rebuilt");

        var rows = BinaryPrimitives.ReadInt64LittleEndian(header[48..]);
        var sections = Verify(path, mapped, header, rows, dimension);
        var erased = Rows(mapped, sections[SnapshotSection.Erased]);
        Array.Sort(erased); // Rows that were erased in the file stand at its end.
        var (basis, outliers) = (ReadBasis(path, mapped, sections, SnapshotSection.Basis, dimension), Array.Empty<int>());
        if (basis is not null)
        {
            if (!sections.TryGetValue(SnapshotSection.Sketches, out var sketches)
                || !sections.TryGetValue(SnapshotSection.Outliers, out var listed)
                || sketches.Length != (rows + 7) / 8 * basis.Elements * 4)
            {
                throw Damaged(path, Name(SnapshotSection.Sketches), "it is missing or of the wrong length");
            }
            outliers = Rows(mapped, listed);
        }
        byte* At(SnapshotSection kind) => sections.TryGetValue(kind, out var section) ? mapped.Start + section.Offset : null;
        var graph = graphOptions is null || !sections.ContainsKey(SnapshotSection.Graph)
            ? null
            : new HnswIndex(model, dimension, graphOptions with { KeepFloat16 = index.KeepsFloat16 });
        List<int> absent = [];
        var adopting = Task.CompletedTask;
        if (graph is not null)
        {
            var graphHeader = ReadGraph(path, mapped, sections, rows);
            if (graphHeader.M != graphOptions!.M)
            {
                graph = null; // Of other options: to be built anew.
            }
            else
            {
                var graphBasis = ReadBasis(path, mapped, sections, SnapshotSection.GraphBasis, dimension);
                var chord = BinaryPrimitives.ReadSingleLittleEndian(header[64..]);
                adopting = Task.Run(
                    () => absent = graph.Adopt(mapped, (int)rows, (long*)At(SnapshotSection.Ids), (long*)At(SnapshotSection.Subjects),
                        At(SnapshotSection.Bodies), index.KeepsFloat16
                            ? (Half*)At(SnapshotSection.Float16)
                            : null, chord, graphBasis, At(SnapshotSection.GraphCells),
                        (int*)At(SnapshotSection.GraphLinks), Rows(mapped, sections[SnapshotSection.GraphUpper]), graphHeader, erased));
            }
        }
        index.Adopt(mapped, rows, (long*)At(SnapshotSection.Ids), (long*)At(SnapshotSection.Subjects), (float*)At(SnapshotSection.Scales),
            At(SnapshotSection.Bodies), index.KeepsFloat16 ? (Half*)At(SnapshotSection.Float16) : null,
            BinaryPrimitives.ReadSingleLittleEndian(header[64..]),
            basis, At(SnapshotSection.Sketches), outliers, erased);
        adopting.GetAwaiter().GetResult();
        foreach (var row in absent)
        {
            // Added to the gallery while the snapshot was written.
            var body = new sbyte[dimension];
            for (var i = 0; i < dimension; i++)
                body[i] = (sbyte)(At(SnapshotSection.Bodies)[((nint)row * dimension) + i] ^ 0x80);
            if (Array.BinarySearch(erased, row) < 0)
                graph!.Add(
                    ((long*)At(SnapshotSection.Ids))[row], ((long*)At(SnapshotSection.Subjects))[row], Template.FromBody(body, model));
        }
        return (index, BinaryPrimitives.ReadInt64LittleEndian(header[56..]), graph);
    }

    private static HnswHeader ReadGraph(
        string path, MappedFile mapped, Dictionary<SnapshotSection, SnapshotFormat.Section> sections, long rows)
    {
        var numbers = Rows(mapped, sections[SnapshotSection.Graph]);
        var header = numbers.Length == HnswHeader.Numbers
            ? HnswHeader.FromNumbers(numbers)
            : throw Damaged(path, Name(SnapshotSection.Graph), "it is of the wrong length");
        foreach (var (kind, length) in new (SnapshotSection, long?)[]
            {
                (SnapshotSection.GraphCells, CellKernel.CellBytes * rows),
                (SnapshotSection.GraphLinks, 8L * header.M * rows), (SnapshotSection.GraphUpper, null),
            })
        {
            if (!sections.TryGetValue(kind, out var section) || (length is not null && section.Length != length))
                throw Damaged(path, Name(kind), "it is missing or of the wrong length");
        }
        return header.M is < 4 or > 64 || header.EntryRow >= rows
            ? throw Damaged(path, Name(SnapshotSection.Graph), $"M is {header.M}, the entry {header.EntryRow}")
            : header;
    }

    private static Dictionary<SnapshotSection, SnapshotFormat.Section> Verify(
        string path, MappedFile mapped, ReadOnlySpan<byte> header, long rows, int dimension)
    {
        var sections = Directory(path, header, mapped.Length);
        foreach (var (kind, length) in new (SnapshotSection, long?)[]
        {
            (SnapshotSection.Ids, 8 * rows), (SnapshotSection.Subjects, 8 * rows), (SnapshotSection.Scales, 4 * rows),
            (SnapshotSection.Bodies, dimension * rows),
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

    private static Dictionary<SnapshotSection, SnapshotFormat.Section> Directory(string path, ReadOnlySpan<byte> header, long fileLength)
    {
        var sections = new Dictionary<SnapshotSection, SnapshotFormat.Section>();
        var count = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
        for (var i = 0; i < count; i++)
        {
            var entry = header[(SnapshotFormat.DirectoryOffset + (i * SnapshotFormat.EntryLength))..];
            var section = new SnapshotFormat.Section(
                (SnapshotSection)BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[8..]), BinaryPrimitives.ReadInt64LittleEndian(entry[16..]));
            if (section.Offset % SnapshotFormat.Page != 0 || section.Offset < 0 || section.Length < 0
                || section.Offset > fileLength - section.Length)
                throw Damaged(path, Name(section.Kind), $"it ends at byte {section.Offset + section.Length} of a file of {fileLength}");
            sections.Add(section.Kind, section);
        }
        return sections;
    }

    internal static uint Checksum(byte* start, long length)
    {
        var crc = TemplateFormat.Crc32CStart;
        for (long at = 0; at < length; at += 1 << 30)
            crc = TemplateFormat.Crc32CAdd(crc, new ReadOnlySpan<byte>(start + at, (int)Math.Min(1 << 30, length - at)));
        return ~crc;
    }

    private static SketchBasis? ReadBasis(
        string path, MappedFile mapped, Dictionary<SnapshotSection, SnapshotFormat.Section> sections, SnapshotSection kind, int dimension)
    {
        if (!sections.TryGetValue(kind, out var section))
            return null;
        var bytes = new ReadOnlySpan<byte>(mapped.Start + section.Offset, (int)section.Length);
        if (bytes.Length < SnapshotFormat.BasisHeaderLength)
            throw Damaged(path, Name(kind), "it is of the wrong length");
        var elements = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        var numbers = MemoryMarshal.Cast<byte, float>(bytes[16..]);
        if (elements <= 0 || elements > dimension || elements % SketchKernel.GroupElements != 0
            || numbers.Length != 8 + elements + (elements * dimension)
            || (kind == SnapshotSection.GraphBasis && elements > CellKernel.MaxElements))
        {
            throw Damaged(path, Name(kind), $"it has {elements} directions");
        }
        var errors = new SketchErrors(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7],
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]));
        return new SketchBasis(
            BinaryPrimitives.ReadInt32LittleEndian(bytes), dimension, numbers[(8 + elements)..].ToArray(),
            numbers.Slice(8, elements).ToArray(), errors);
    }

    private static int[] Rows(MappedFile mapped, SnapshotFormat.Section section) =>
        new ReadOnlySpan<int>(mapped.Start + section.Offset, (int)(section.Length / 4)).ToArray();

    private static string Name(SnapshotSection kind) => Enum.IsDefined(kind) ? kind.ToString().ToLowerInvariant() : $"{(int)kind}";

    private static SnapshotException Damaged(string path, string section, string how) =>
        new($"{path} is damaged in its section '{section}' ({how}): delete it to have the index rebuilt from the store", section);
}
