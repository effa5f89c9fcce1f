using System.Buffers.Binary;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class TiffKindTests
{
    // A decoder for these may lie beside a product; beside these tests none does.
    [Theory]
    [InlineData(259, 34925, "LZMA"), InlineData(262, 8, "CIELAB")]
    public void Sound_kinds_that_libvips_does_not_read_are_refused_by_name_and_not_called_damaged(int tag, int value, string word)
    {
        var error = Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(With((tag, value))));
        Assert.Equal(AcquisitionFailure.UnsupportedFormat, error.Reason);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Twelve_bits_a_channel_are_refused_by_name() =>
        Assert.Contains(
            "12 bits",
            Assert.Throws<AcquisitionException>(
                () => ImageDecoder.Decode(TiffBuilder.Build(2, 1, TiffBuilder.Grey, 1, 12, new byte[3]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Tiles_of_single_channels_are_a_kind_and_strips_of_them_are_none()
    {
        // ImageLength's place is taken for a TileWidth.
        Assert.NotNull(TiffKind.BeyondVips(With((278, 16), (284, 2), (257, 322))));
        Assert.Null(TiffKind.BeyondVips(With((278, 16), (284, 2))));
    }

    [Fact]
    public void A_plain_file_and_one_that_is_cut_anywhere_are_no_such_kind()
    {
        var whole = TiffBuilder.BuildRgb(2, 2, new byte[12]);
        for (var length = 0; length <= whole.Length; length++)
            Assert.Null(TiffKind.BeyondVips(whole.AsSpan(0, length)));
    }

    [Fact]
    public void Both_orders_of_bytes_are_read()
    {
        byte[] big = [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 3, 0, 3, 0, 0, 0, 1, 0x88, 0x6D, 0, 0, 0, 0, 0, 0];
        Assert.Contains("LZMA", TiffKind.BeyondVips(big), StringComparison.Ordinal);
    }

    /// <summary>A file some of whose directory says something else: a tag with its value, or a tag that becomes another one.</summary>
    private static byte[] With(params (int Tag, int Value)[] changes)
    {
        var file = TiffBuilder.BuildRgb(2, 2, new byte[12]);
        foreach (var (tag, value) in changes)
            for (var at = 10; at < 10 + 12 * BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8)); at += 12)
            {
                var found = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));
                if (found == tag && tag == 257)
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)value);
                else if (found == tag)
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at + 8), (ushort)value);
                else if (tag == 284 && found == 278)
                    // RowsPerStrip's place is taken for the PlanarConfiguration.
                    (file[at], file[at + 1], file[at + 8], file[at + 9]) = (284 & 255, 284 >> 8, (byte)value, 0);
            }
        return file;
    }
}
