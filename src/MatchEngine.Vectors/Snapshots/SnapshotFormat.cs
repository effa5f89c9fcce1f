using System.Buffers.Binary;

namespace MatchEngine.Vectors.Snapshots;

/// <summary>The bytes of a snapshot, version 1; all numbers little-endian.</summary>
/// <remarks>
/// <code>
/// offset  bytes
///      0      4  magic "MEIX"
///      4      2  version
///      6      2  zero
///      8      4  dimension d
///     12      4  number of sections
///     16     32  digest of the model
///     48      8  number of rows n
///     56      8  stamp: the caller's own number, such as the store's version that the snapshot reflects
///     64      4  largest chord, float32 (0 without float16 copies)
///     68      4  zero
///     72   24·s  a directory entry per section: kind (4), CRC-32C of its bytes (4), offset in the file (8), length in bytes (8)
///    ...         zeros
///   4092      4  CRC-32C of bytes 0 … 4091
///   4096         the sections, each from a multiple of 4096 on, zeros between them, section 9 the last in the file:
///
/// kind  name      bytes
///    1  ids       8·n    template ids, int64
///    2  subjects  8·n    subjects, int64
///    3  scales    4·n    scales of the bodies, float32
///    4  bodies    d·n    bodies in excess 128, uint8
///    5  float16   2·d·n  the copies; a row without one starts with NaN. Optional
///    6  basis            of the sketches: version (4), m (4), trained on (4), zero (4), eight float32: residual limit, quantisation limit,
///                        residual mean, residual deviation, score spread, residual spread, code error, tail; then m steps and m·d
///                        directions, float32. Optional
///    7  sketches  ⌈n/8⌉·4·m  in blocks of eight rows as SketchKernel has them. With the basis
///    8  outliers  4·o    rows that the basis does not fit, int32, rising. With the basis
/// 9 erased 4·e rows that were removed while the snapshot was written, or overwritten in it since, int32; no part of the index. The last in
/// the file 10 graph 8·4 M, entry row, its level, calibrated beam, templates then, whether it reached the target (1), two zeros; int32.
/// With all below 11 graphbasis of the cells' sketches, as section 6. Optional
///   12  graphcells  64·n  as HnswCells has them
/// 13 graphlinks 8·M·n the links on level 0, rows as int32, up to the end or −1; the last place of a row of a higher level is where its
/// other lists are 14 graphupper the lists of levels 1 and up, M int32 a level, filled with −1;
/// no row's lists across a multiple of 2¹⁴ int32
/// </code>
/// </remarks>
internal static class SnapshotFormat
{
    public const uint Magic = 0x5849_454D; // "MEIX" in memory
    public const ushort Version = 1;
    public const int Page = 4096;
    public const int DirectoryOffset = 72;
    public const int EntryLength = 24;
    public const int BasisHeaderLength = 48;

    /// <summary>A section's place in the file.</summary>
    public readonly record struct Section(SnapshotSection Kind, uint Checksum, long Offset, long Length);

    public static byte[] Header(
        int dimension, ModelDigest model, long rows, long stamp, float largestChord, IReadOnlyList<Section> sections)
    {
        var bytes = new byte[Page];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(span[4..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], dimension);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], sections.Count);
        model.CopyTo(span[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(span[48..], rows);
        BinaryPrimitives.WriteInt64LittleEndian(span[56..], stamp);
        BinaryPrimitives.WriteSingleLittleEndian(span[64..], largestChord);
        for (var i = 0; i < sections.Count; i++)
        {
            var entry = span[(DirectoryOffset + (i * EntryLength))..];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)sections[i].Kind);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], sections[i].Checksum);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], sections[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], sections[i].Length);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(span[(Page - 4)..], TemplateFormat.Crc32C(span[..(Page - 4)]));
        return bytes;
    }
}

/// <summary>The sections of a snapshot.</summary>
internal enum SnapshotSection
{
    Ids = 1,
    Subjects,
    Scales,
    Bodies,
    Float16,
    Basis,
    Sketches,
    Outliers,
    Erased,
    Graph,
    GraphBasis,
    GraphCells,
    GraphLinks,
    GraphUpper,
}
