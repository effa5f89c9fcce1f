using System.Buffers.Binary;

namespace MatchEngine.Faces.Images;

/// <summary>
/// Tells the kinds of TIFF that libvips does not read though they are sound, by the first directory of the file (TIFF 6.0).
/// </summary>
internal static class TiffKind
{
    private const int BitsPerSample = 258, Compression = 259, Photometric = 262, Planar = 284, TileWidth = 322;
    private const int Lzma = 34925, CieLab = 8, Separate = 2;

    /// <summary>Why libvips does not read it, as a name; null when it does, or when the directory is damaged.</summary>
    /// <param name="tiff">The file.</param>
    public static string? BeyondVips(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return null;
        var reader = new Reader(tiff, tiff[0] == 'I');
        if (reader.Number16(2) != 42 || reader.Number32(4) is not { } directory || reader.Number16(directory) is not { } count)
            return null;
        var (bits, compression, photometric, planar, tiled) = (1L, 1L, 0L, 1L, false);
        for (var i = 0; i < count; i++)
        {
            var entry = directory + 2 + 12L * i;
            if (reader.Number16(entry) is not { } tag)
                return null;
            var value = reader.Value(entry);
            switch (tag)
            {
                case BitsPerSample: bits = value ?? bits; break;
                case Compression: compression = value ?? compression; break;
                case Photometric: photometric = value ?? photometric; break;
                case Planar: planar = value ?? planar; break;
                case TileWidth: tiled = true; break;
            }
        }
        return compression == Lzma ? "compressed by LZMA"
            : bits is > 8 and < 16 ? $"of {bits} bits a channel"
            : photometric == CieLab && bits == 8 ? "in 8-bit CIELAB"
            : planar == Separate && tiled ? "in tiles of single channels"
            : null;
    }

    private readonly ref struct Reader(ReadOnlySpan<byte> tiff, bool littleEndian)
    {
        private readonly ReadOnlySpan<byte> _tiff = tiff;

        public int? Number16(long at) => at < 0 || at + 2 > _tiff.Length ? null
            : littleEndian
                ? BinaryPrimitives.ReadUInt16LittleEndian(_tiff[(int)at..])
                : BinaryPrimitives.ReadUInt16BigEndian(_tiff[(int)at..]);

        public long? Number32(long at) => at < 0 || at + 4 > _tiff.Length ? null
            : littleEndian
                ? BinaryPrimitives.ReadUInt32LittleEndian(_tiff[(int)at..])
                : BinaryPrimitives.ReadUInt32BigEndian(_tiff[(int)at..]);

        /// <summary>The first number of a field of short or long ones.</summary>
        public long? Value(long entry)
        {
            if (Number16(entry + 2) is not (3 or 4) || Number16(entry + 2) is not { } type || Number32(entry + 4) is not { } count)
                return null;
            var at = count * (type == 3 ? 2 : 4) <= 4 ? entry + 8 : Number32(entry + 8);
            return at is not { } place ? null : type == 3 ? Number16(place) : Number32(place);
        }
    }
}
