using System.Buffers.Binary;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class BmpReaderTests
{
    /// <summary>Writes a bitmap by the book; rows are given from top to bottom and padded here.</summary>
    private static byte[] Build(
        int width, int height, int bits, byte[] rows, bool topDown = false, byte[]? palette = null, uint compression = 0)
    {
        var stride = (width * bits + 31) / 32 * 4;
        var row = width * bits / 8;
        var pixels = 54 + (palette?.Length ?? 0);
        var file = new byte[pixels + stride * height];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), pixels);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), topDown ? -height : height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), (short)bits);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(30), compression);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(46), (palette?.Length ?? 0) / 4);
        palette?.CopyTo(file, 54);
        for (var y = 0; y < height; y++)
            rows.AsSpan(row * y, row).CopyTo(file.AsSpan(pixels + stride * (topDown ? y : height - 1 - y)));
        return file;
    }

    private static byte[] Decode(byte[] file)
    {
        using var image = ImageDecoder.Decode(file);
        return image.Pixels.ToArray();
    }

    private static readonly byte[] Bgr = [1, 2, 3, 4, 5, 6, 7, 8, 9, /**/ 10, 11, 12, 13, 14, 15, 16, 17, 18];
    private static readonly byte[] Rgb = [3, 2, 1, 6, 5, 4, 9, 8, 7, /**/ 12, 11, 10, 15, 14, 13, 18, 17, 16];

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Rows_from_either_end_come_out_upright(bool topDown) => Assert.Equal(Rgb, Decode(Build(3, 2, 24, Bgr, topDown)));

    [Fact]
    public void The_fourth_byte_of_a_pixel_is_passed_over() =>
        Assert.Equal([3, 2, 1, 7, 6, 5], Decode(Build(2, 1, 32, [1, 2, 3, 99, 5, 6, 7, 0])));

    [Fact]
    public void A_palette_is_looked_up() =>
        Assert.Equal([30, 20, 10, 60, 50, 40, 30, 20, 10], Decode(Build(3, 1, 8, [0, 1, 0], palette: [10, 20, 30, 0, 40, 50, 60, 0])));

    [Fact]
    public void An_index_beyond_the_palette_is_damage() =>
        Assert.Equal(
            AcquisitionFailure.Undecodable,
            Assert.Throws<AcquisitionException>(() => Decode(Build(1, 1, 8, [7], palette: [1, 2, 3, 0]))).Reason);

    [Fact]
    public void Colours_of_five_bits_fill_the_whole_range() =>
        // 0rrrrrgggggbbbbb: red, green, blue, white, and 16 of 31.
        Assert.Equal(
            [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 132, 132, 132, 0, 0, 0],
            Decode(Build(6, 1, 16, [0x00, 0x7C, 0xE0, 0x03, 0x1F, 0x00, 0xFF, 0x7F, 0x10, 0x42, 0x00, 0x80])));

    [Fact]
    public void Masks_say_where_each_colour_lies()
    {
        // 5-6-5, and 32 bits in the order red, green, blue.
        Assert.Equal(
            [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 4, 0],
            Decode(Masked(4, 16, [0x00, 0xF8, 0xE0, 0x07, 0x1F, 0x00, 0x20, 0x00], 0xF800, 0x07E0, 0x001F)));
        Assert.Equal([1, 2, 3, 4, 5, 6], Decode(Masked(2, 32, [1, 2, 3, 99, 4, 5, 6, 0], 0xFF, 0xFF00, 0xFF0000)));
    }

    [Theory]
    [InlineData(0u, 0x7E0u, 0x1Fu), InlineData(0xF0F0u, 0x0F00u, 0x000Fu)]
    public void Masks_that_are_none_are_damage(uint red, uint green, uint blue) =>
        Assert.Equal(
            AcquisitionFailure.Undecodable,
            Assert.Throws<AcquisitionException>(() => Decode(Masked(1, 16, [0, 0], red, green, blue))).Reason);

    [Theory]
    [InlineData(1, new byte[] { 0b1010_0000 }), InlineData(2, new byte[] { 0b0100_0100 }), InlineData(4, new byte[] { 0x10, 0x10 })]
    public void Indices_of_few_bits_stand_highest_first(int bits, byte[] row) =>
        Assert.Equal(
            [6, 5, 4, 3, 2, 1, 6, 5, 4, 3, 2, 1], Decode(Indexed(4, 1, bits, row, [1, 2, 3, 0, 4, 5, 6, 0])));

    [Fact]
    public void The_oldest_header_of_os2_has_colours_of_three_bytes()
    {
        byte[] file =
        [
            (byte)'B', (byte)'M', 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, /**/ 12, 0, 0, 0, 3, 0, 2, 0, 1, 0, 1, 0,
            /* two colours */ 10, 20, 30, 40, 50, 60, /* the lower row first */ 0b0110_0000, 0, 0, 0, 0b1010_0000, 0, 0, 0,
        ];
        Assert.Equal([60, 50, 40, 30, 20, 10, 60, 50, 40, /**/ 30, 20, 10, 60, 50, 40, 60, 50, 40], Decode(file));
    }

    [Theory]
    // Four of colour 1, end of row; two of colour 0 as they are (a word), then two of 1, end of picture.
    [InlineData(8, 1u, new byte[] { 4, 1, 0, 0, 0, 4, 0, 0, 1, 1, 0, 1 })]
    [InlineData(4, 2u, new byte[] { 4, 0x11, 0, 0, 0, 4, 0x00, 0x11, 0, 1 })]
    public void Run_lengths_are_unpacked(int bits, uint compression, byte[] packed) =>
        Assert.Equal(
            [3, 2, 1, 3, 2, 1, 6, 5, 4, 6, 5, 4, /**/ 6, 5, 4, 6, 5, 4, 6, 5, 4, 6, 5, 4],
            Decode(Packed(4, 2, bits, compression, packed)));

    [Fact]
    public void What_a_step_passes_over_has_the_first_colour() =>
        // One of colour 1; two to the right and one up; one of colour 1.
        Assert.Equal(
            [3, 2, 1, 3, 2, 1, 3, 2, 1, 6, 5, 4, /**/ 6, 5, 4, 3, 2, 1, 3, 2, 1, 3, 2, 1],
            Decode(Packed(4, 2, 8, 1, [1, 1, 0, 2, 2, 1, 1, 1, 0, 1])));

    [Theory]
    [InlineData(new byte[] { 5, 1, 0, 1 }), InlineData(new byte[] { 0, 2, 0, 9, 1, 1 }), InlineData(new byte[] { 4, 1, 0, 0, 4, 1 })]
    [InlineData(new byte[] { 0, 5, 1, 1, 1, 1, 1, 1 }), InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 1, 1 })]
    public void Runs_that_leave_the_picture_or_do_not_end_are_damage(byte[] packed) =>
        Assert.Equal(
            AcquisitionFailure.Undecodable,
            Assert.Throws<AcquisitionException>(() => Decode(Packed(4, 2, 8, 1, packed))).Reason);

    private static byte[] Masked(int width, int bits, byte[] row, uint red, uint green, uint blue)
    {
        var palette = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(palette, red);
        BinaryPrimitives.WriteUInt32LittleEndian(palette.AsSpan(4), green);
        BinaryPrimitives.WriteUInt32LittleEndian(palette.AsSpan(8), blue);
        return Build(width, 1, bits, row, palette: palette, compression: 3);
    }

    private static byte[] Indexed(int width, int height, int bits, byte[] row, byte[] palette)
    {
        var file = Build(width, height, 8, new byte[width * height], palette: palette);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), (short)bits);
        row.CopyTo(file, 54 + palette.Length);
        return file;
    }

    private static byte[] Packed(int width, int height, int bits, uint compression, byte[] packed)
    {
        byte[] palette = [1, 2, 3, 0, 4, 5, 6, 0];
        var file = Indexed(width, height, bits, [], palette);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(30), compression);
        return [.. file[..(54 + palette.Length)], .. packed];
    }

    [Theory]
    [InlineData(24, 1u), InlineData(4, 1u), InlineData(24, 4u), InlineData(24, 3u), InlineData(5, 0u)]
    public void Other_kinds_are_refused_by_name(int bits, uint compression) =>
        Assert.Equal(AcquisitionFailure.UnsupportedFormat, Assert.Throws<AcquisitionException>(
            () => Decode(Build(32, 1, bits, new byte[32 * bits / 8], compression: compression))).Reason);

    [Fact]
    public void Cut_anywhere_it_is_refused()
    {
        var whole = Build(3, 2, 24, Bgr);
        for (var length = 2; length < whole.Length; length++)
            Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(whole.AsSpan(0, length)));
    }

    [Fact]
    public void Too_many_pixels_are_refused_from_the_header()
    {
        var file = Build(3, 2, 24, Bgr);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), 60_000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), 60_000);
        Assert.Equal(AcquisitionFailure.TooManyPixels, Assert.Throws<AcquisitionException>(() => Decode(file)).Reason);
    }

    [Fact]
    public void Mutants_are_decoded_or_refused()
    {
        var random = new Random(9);
        byte[][] files = [Build(3, 2, 24, Bgr), Build(2, 1, 32, new byte[8]), Build(
            3, 1, 8, [0, 1, 0], palette: [10, 20, 30, 0, 40, 50, 60, 0])];
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = (byte[])files[i % files.Length].Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
                mutant[random.Next(2, mutant.Length)] = (byte)random.Next(256);
            try
            {
                ImageDecoder.Decode(mutant, new ImageLimits(MaxPixels: 10_000)).Dispose();
            }
            catch (AcquisitionException)
            {
                continue;
            }
        }
    }
}
