using System.Buffers.Binary;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Snapshots;

/// <summary>Overwrites rows in a snapshot's file without writing it anew, and keeps its checksums right.</summary>
/// <remarks>
/// The checksum of a section after a change follows from the change alone: a CRC is linear, so the checksum of the difference, carried on
/// over as many zero bytes as follow it (a multiplication by a power of x, as in zlib's <c>crc32_combine</c>), is added to the former one.
/// Erasing a row of a file of gigabytes reads its ids and writes some kilobytes. The header is written last: when that is interrupted the
/// sections do not fit their checksums, and the file is refused and made anew, which loses nothing.
/// </remarks>
internal sealed unsafe class SnapshotErasure
{
    private const uint Polynomial = 0x82F6_3B78; // CRC-32C, bits reversed

    private readonly FileStream _stream;
    private readonly Dictionary<SnapshotSection, SnapshotFormat.Section> _sections;

    public SnapshotErasure(FileStream stream, Dictionary<SnapshotSection, SnapshotFormat.Section> sections) =>
        (_stream, _sections) = (stream, sections);

    /// <summary>Overwrites the vectors of a row wherever they are: body, scale, copy and sketches.</summary>
    public void Erase(long row, int dimension)
    {
        Overwrite(SnapshotSection.Bodies, row * dimension, Filled(dimension, 0x80));
        Overwrite(SnapshotSection.Scales, row * 4, new byte[4]);
        if (_sections.ContainsKey(SnapshotSection.Float16))
            Overwrite(SnapshotSection.Float16, row * 2 * dimension, new byte[2 * dimension]);
        if (_sections.TryGetValue(SnapshotSection.Sketches, out var sketches))
        {
            var rows = _sections[SnapshotSection.Ids].Length / 8;
            var blockBytes = sketches.Length / ((rows + SketchKernel.BlockRows - 1) / SketchKernel.BlockRows);
            for (var group = 0L; group < blockBytes; group += SketchKernel.GroupBytes)
                Overwrite(
                    SnapshotSection.Sketches,
                    (row / SketchKernel.BlockRows * blockBytes) + group + (row % SketchKernel.BlockRows * 4), new byte[4]);
        }
        if (_sections.ContainsKey(SnapshotSection.GraphCells))
            Overwrite(SnapshotSection.GraphCells, row * CellKernel.CellBytes, new byte[CellKernel.CodeBytes + 4]);
    }

    /// <summary>Appends a row to the list of erased ones, which ends the file.</summary>
    public void Append(long row)
    {
        var section = _sections[SnapshotSection.Erased];
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)row);
        _stream.Position = section.Offset + section.Length;
        _stream.Write(bytes);
        _sections[SnapshotSection.Erased] = section with
        {
            Checksum = ~TemplateFormat.Crc32CAdd(~section.Checksum, bytes),
            Length = section.Length + 4,
        };
    }

    private void Overwrite(SnapshotSection kind, long offset, byte[] bytes)
    {
        var section = _sections[kind];
        var difference = new byte[bytes.Length];
        _stream.Position = section.Offset + offset;
        _stream.ReadExactly(difference);
        _stream.Position = section.Offset + offset;
        _stream.Write(bytes);
        for (var i = 0; i < bytes.Length; i++)
            difference[i] ^= bytes[i];
        var change = CarriedOver(TemplateFormat.Crc32CAdd(0, difference), section.Length - offset - bytes.Length);
        _sections[kind] = section with { Checksum = section.Checksum ^ change };
        Array.Clear(difference);
    }

    /// <summary>
    /// A checksum's register after a number of zero bytes: its product with x to the power of eight times as many, modulo the polynomial.
    /// </summary>
    internal static uint CarriedOver(uint crc, long zeros)
    {
        var power = 1u << 30; // x
        for (var i = 0; i < 3; i++)
            power = Product(power, power);
        for (; zeros > 0; zeros >>= 1)
        {
            if ((zeros & 1) != 0)
                crc = Product(power, crc);
            power = Product(power, power);
        }
        return crc;
    }

    private static uint Product(uint a, uint b)
    {
        uint product = 0;
        for (var bit = 1u << 31; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0)
                product ^= b;
            b = (b & 1) != 0 ? (b >> 1) ^ Polynomial : b >> 1;
        }
        return product;
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
