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

    [Theory]
    [InlineData(24, 1u), InlineData(16, 0u), InlineData(1, 0u)]
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
