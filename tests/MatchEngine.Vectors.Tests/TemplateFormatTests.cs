using System.Buffers.Binary;
using System.Text;

namespace MatchEngine.Vectors.Tests;

public class TemplateFormatTests
{
    [Theory]
    [InlineData(16, false)]
    [InlineData(128, true)]
    [InlineData(256, false)]
    [InlineData(512, true)]
    [InlineData(512, false)]
    [InlineData(4096, true)]
    public void A_template_reads_back_as_it_was(int dimension, bool keepFloat16)
    {
        var random = new Random(dimension);
        var template = Template.FromEmbedding(
            [.. Enumerable.Range(0, dimension).Select(_ => (float)random.NextDouble() - 0.5f)], Oracle.Model, keepFloat16);
        var bytes = template.ToBytes();
        var read = Template.Parse(bytes);

        Assert.Equal(52 + (dimension * (keepFloat16 ? 3 : 1)), bytes.Length);
        Assert.Equal(template.Model, read.Model);
        Assert.Equal(template.Scale, read.Scale);
        Assert.Equal(template.Body, read.Body);
        Assert.Equal(template.HasFloat16, read.HasFloat16);
        Assert.Equal(template.Float16, read.Float16);
        Assert.Equal(bytes, read.ToBytes());
    }

    [Fact]
    public void The_layout_is_as_documented()
    {
        var x = new float[16];
        (x[0], x[1], x[15]) = (1f, -0.5f, 0.25f);
        var template = Template.FromEmbedding(x, Oracle.Model, keepFloat16: false);
        var bytes = template.ToBytes();

        byte[] expected =
        [
            .. "METP"u8, 1, 0, 0, 0, 16, 0, 0, 0, .. BitConverter.GetBytes(1 / MathF.Sqrt((127 * 127) + (64 * 64) + (32 * 32))),
            .. Enumerable.Repeat((byte)0xaa, 32), 127, 256 - 64, .. new byte[13], 32,
        ];
        Assert.Equal(expected, bytes[..^4]);
        Assert.Equal(Crc32COf(expected), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan()[^4..]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_flip_of_any_bit_is_refused(bool keepFloat16)
    {
        var bytes = Sample(keepFloat16);
        for (var i = 0; i < bytes.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                bytes[i] ^= (byte)(1 << bit);
                Assert.Throws<TemplateFormatException>(() => Template.Parse(bytes));
                bytes[i] ^= (byte)(1 << bit);
            }
        }
        Assert.Equal(bytes, Template.Parse(bytes).ToBytes());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_truncated_or_extended_template_is_refused(bool keepFloat16)
    {
        var bytes = Sample(keepFloat16);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<TemplateFormatException>(() => Template.Parse(bytes.AsSpan(0, length)));
        Assert.Throws<TemplateFormatException>(() => Template.Parse([.. bytes, 0]));
    }

    [Fact]
    public void A_newer_version_is_named_and_a_damaged_version_is_not_taken_for_one()
    {
        var newer = Sample(false);
        newer[4] = 2;
        Assert.Contains("damaged", Assert.Throws<TemplateFormatException>(() => Template.Parse(newer)).Message, StringComparison.Ordinal);
        Seal(newer);
        Assert.Contains("version 2", Assert.Throws<TemplateFormatException>(() => Template.Parse(newer)).Message, StringComparison.Ordinal);

        var flagged = Sample(false);
        flagged[6] |= 4;
        Seal(flagged);
        Assert.Contains(
            "flags 0x0004", Assert.Throws<TemplateFormatException>(() => Template.Parse(flagged)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Something_else_is_not_called_a_damaged_template() =>
        Assert.Contains("no template", Assert.Throws<TemplateFormatException>(
            () => Template.Parse(Encoding.ASCII.GetBytes(new string('x', 600)))).Message, StringComparison.Ordinal);

    [Fact]
    public void Content_that_scores_could_not_rely_on_is_refused_even_under_a_valid_checksum()
    {
        // Offsets as documented: dimension 8, scale 12, body 48.
        Refused("scale", bytes => BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(12), 5));
        Refused("scale", bytes => BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(12), float.NaN));
        Refused("scale", bytes => bytes[48]++);
        Refused("−128", bytes => bytes[50] = 0x80);
        Refused("zero", bytes => bytes.AsSpan(48, 32).Clear());
        Refused("dimension", bytes => bytes[8] = 0);
        Refused("bytes", bytes => bytes[8] = 48);
        Refused("dimension", bytes => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), -16));
        Refused("float16", bytes => BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(48 + 32), Half.NaN));

        static void Refused(string word, Action<byte[]> change)
        {
            var bytes = Sample(true);
            change(bytes);
            Seal(bytes);
            Assert.Contains(word, Assert.Throws<TemplateFormatException>(() => Template.Parse(bytes)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_checksum_is_CRC_32C()
    {
        // RFC 3720, B.4 and the catalogue's check value.
        Assert.Equal(0xE3069283u, TemplateFormat.Crc32C("123456789"u8));
        Assert.Equal(0x8A9136AAu, TemplateFormat.Crc32C(new byte[32]));
        Assert.Equal(0x62A8AB43u, TemplateFormat.Crc32C(Enumerable.Repeat((byte)0xff, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, TemplateFormat.Crc32C(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
    }

    private static byte[] Sample(bool keepFloat16)
    {
        var random = new Random(9);
        return Template.FromEmbedding(
            [.. Enumerable.Range(0, 32).Select(_ => (float)random.NextDouble() - 0.5f)], Oracle.Model, keepFloat16).ToBytes();
    }

    private static void Seal(byte[] bytes) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan()[^4..], Crc32COf(bytes.AsSpan()[..^4]));

    /// <summary>Bit by bit, from the polynomial.</summary>
    private static uint Crc32COf(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0x82F63B78 * (crc & 1));
        }
        return ~crc;
    }
}
