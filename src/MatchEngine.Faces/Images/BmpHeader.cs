using System.Buffers.Binary;

namespace MatchEngine.Faces.Images;

/// <summary>
/// What stands before the pixels of a bitmap: the headers of OS/2 (12, and 16 … 64 bytes) and of Windows (40 bytes, and its successors).
/// </summary>
internal readonly ref struct BmpHeader
{
    private const int FileHeader = 14, CoreHeader = 12, InfoHeader = 40, Os2Header = 64;
    private const uint Plain = 0, BitFields = 3, AlphaBitFields = 6;

    /// <summary>BI_RLE8 and BI_RLE4, which only go with 8 and 4 bits.</summary>
    private const uint RunLength8 = 1, RunLength4 = 2;

    private BmpHeader(int width, int height, int bits, uint compression, uint pixels)
    {
        (Width, Height, IsBottomUp, Bits) = (width, Math.Abs(height), height > 0, bits);
        (IsRunLength, Pixels) = (compression is RunLength4 or RunLength8, pixels);
    }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>Whether the lowest row stands first.</summary>
    public bool IsBottomUp { get; }

    /// <summary>Bits of a pixel: 1, 2, 4 or 8 of an index into the palette, 16, 24 or 32 of colour.</summary>
    public int Bits { get; }

    /// <summary>Whether rows are packed by run lengths (<see cref="BmpRunLengths"/>).</summary>
    public bool IsRunLength { get; }

    /// <summary>Where the pixels begin.</summary>
    public uint Pixels { get; }

    /// <summary>Bytes of a row that is not packed: whole words of 32 bits.</summary>
    public long Stride => ((long)Width * Bits + 31) / 32 * 4;

    /// <summary>Blue, green and red of each colour, with a fourth byte in all but the oldest headers.</summary>
    public ReadOnlySpan<byte> Palette { get; private init; }

    /// <summary>Bytes of a colour of the palette.</summary>
    public int PaletteEntry { get; private init; }

    /// <summary>The bits of red, of pixels of 16 and 32 bits.</summary>
    public BmpChannel Red { get; private init; }

    /// <summary>The bits of green.</summary>
    public BmpChannel Green { get; private init; }

    /// <summary>The bits of blue.</summary>
    public BmpChannel Blue { get; private init; }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The file, which begins with BM.</param>
    /// <exception cref="AcquisitionException">A kind that is not read, or the header is damaged or cut short.</exception>
    public static BmpHeader Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FileHeader + CoreHeader)
            throw BmpReader.Damaged();
        var pixels = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]);
        if (size > bytes.Length - FileHeader || pixels < FileHeader + size || pixels > bytes.Length
            || size is not (CoreHeader or >= 16))
            throw BmpReader.Damaged();
        var header = bytes.Slice(FileHeader, (int)size);
        var (width, height) = size == CoreHeader
            ? (BinaryPrimitives.ReadUInt16LittleEndian(header[4..]), BinaryPrimitives.ReadUInt16LittleEndian(header[6..]))
            : (BinaryPrimitives.ReadInt32LittleEndian(header[4..]), BinaryPrimitives.ReadInt32LittleEndian(header[8..]));
        var bits = (int)BinaryPrimitives.ReadUInt16LittleEndian(header[(size == CoreHeader ? 10 : 14)..]);
        var compression = size >= 20 ? BinaryPrimitives.ReadUInt32LittleEndian(header[16..]) : Plain;
        if (width < 1 || height is 0 or int.MinValue)
            throw BmpReader.Damaged();
        RequireKind(bits, compression, size, height);
        var (red, green, blue) =
            compression is BitFields or AlphaBitFields ? Masks(bytes) : bits == 16 ? (0x7C00u, 0x03E0u, 0x001Fu) : (0u, 0u, 0u);
        var entry = size == CoreHeader ? 3 : 4;
        return new BmpHeader(width, height, bits, compression, pixels)
        {
            Palette = bits <= 8 ? Colours(bytes, header, bits, (int)pixels, entry) : [],
            PaletteEntry = entry,
            Red = new BmpChannel(red),
            Green = new BmpChannel(green),
            Blue = new BmpChannel(blue),
        };
    }

    private static void RequireKind(int bits, uint compression, uint size, int height)
    {
        var known = bits is 1 or 2 or 4 or 8 or 16 or 24 or 32 && compression switch
        {
            Plain => true,
            RunLength8 => bits == 8 && height > 0,
            RunLength4 => bits == 4 && height > 0,
            // In the header of OS/2 the same number is a fax code.
            BitFields => bits is 16 or 32 && size != Os2Header,
            AlphaBitFields => bits is 16 or 32,
            _ => false,
        };
        if (!known)
            throw new AcquisitionException(
                AcquisitionFailure.UnsupportedFormat,
                $"a BMP of {bits} bits with compression {compression} is not read here; convert it to PNG");
    }

    /// <summary>The masks stand behind the header of 40 bytes, or in a longer one at the same place.</summary>
    private static (uint Red, uint Green, uint Blue) Masks(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FileHeader + InfoHeader + 12)
            throw BmpReader.Damaged();
        var masks = bytes[(FileHeader + InfoHeader)..];
        var found = (
            Red: BinaryPrimitives.ReadUInt32LittleEndian(masks), Green: BinaryPrimitives.ReadUInt32LittleEndian(masks[4..]),
            Blue: BinaryPrimitives.ReadUInt32LittleEndian(masks[8..]));
        return BmpChannel.IsMask(found.Red) && BmpChannel.IsMask(found.Green) && BmpChannel.IsMask(found.Blue)
            ? found
            : throw BmpReader.Damaged();
    }

    private static ReadOnlySpan<byte> Colours(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> header, int bits, int pixels, int entry)
    {
        var stated = header.Length >= 36 ? BinaryPrimitives.ReadUInt32LittleEndian(header[32..]) : 0;
        var most = 1u << bits;
        var start = FileHeader + header.Length;
        // A palette may be shorter than it says, as long as no pixel needs what is not there.
        var count = Math.Min(stated == 0 || stated > most ? most : stated, (uint)(pixels - start) / (uint)entry);
        return bytes.Slice(start, (int)count * entry);
    }
}

/// <summary>The bits of a pixel that hold one colour.</summary>
/// <param name="mask">Adjacent bits, or none for 8 whole ones that are not masked.</param>
internal readonly struct BmpChannel(uint mask)
{
    private readonly int _shift = mask == 0 ? 0 : System.Numerics.BitOperations.TrailingZeroCount(mask);
    private readonly uint _most = mask == 0 ? 0 : mask >> System.Numerics.BitOperations.TrailingZeroCount(mask);

    /// <summary>Whether the pixel has to be masked: it has no byte for each colour.</summary>
    public bool IsThere => _most > 0;

    /// <summary>Whether a number is a mask: adjacent bits, at least one.</summary>
    public static bool IsMask(uint mask) =>
        mask != 0 && System.Numerics.BitOperations.IsPow2((ulong)(mask >> System.Numerics.BitOperations.TrailingZeroCount(mask)) + 1);

    /// <summary>The colour, 0 … 255.</summary>
    public byte Of(uint pixel) => (byte)(((ulong)((pixel >> _shift) & _most) * 255 + _most / 2) / _most);
}
