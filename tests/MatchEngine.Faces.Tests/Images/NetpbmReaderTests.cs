using System.Text;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class NetpbmReaderTests
{
    private static byte[] Pixels(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Decode(byte[] file)
    {
        using var image = ImageDecoder.Decode(file);
        return image.Pixels.ToArray();
    }

    [Fact]
    public void Raw_and_plain_colour_give_their_values()
    {
        byte[] values = [1, 2, 3, 254, 255, 0];
        Assert.Equal(values, Decode(Pixels("P6\n# made by hand\n2 1 255\n"u8.ToArray(), values)));
        Assert.Equal(values, Decode("P3 2 1 # comment\n255 1 2 3\n254 255 0"u8.ToArray()));
    }

    [Fact]
    public void Grey_becomes_three_channels_and_other_ranges_are_scaled()
    {
        Assert.Equal([0, 0, 0, 255, 255, 255, 128, 128, 128], Decode(Pixels("P5 3 1 2 "u8.ToArray(), [0, 2, 1])));
        Assert.Equal([255, 255, 255, 0, 0, 0], Decode(Pixels("P5\n2 1\n65535\n"u8.ToArray(), [0xFF, 0xFF, 0x00, 0x10])));
        Assert.Equal([0, 0, 0, 255, 255, 255], Decode("P2 2 1 15 0 15"u8.ToArray()));
    }

    [Fact]
    public void Bits_are_black_where_they_are_set()
    {
        Assert.Equal([0, 0, 0, 255, 255, 255, 0, 0, 0], Decode("P1 3 1\n101"u8.ToArray()));
        // Each row begins with a new byte.
        Assert.Equal(
            [0, 0, 0, 255, 255, 255, /**/ 255, 255, 255, 0, 0, 0], Decode(Pixels("P4 2 2\n"u8.ToArray(), [0b1000_0000, 0b0100_0000])));
    }

    [Theory]
    [InlineData("P6")]
    [InlineData("P6 2")]
    [InlineData("P6 2 2 255 ")]
    [InlineData("P6 0 2 255 ")]
    [InlineData("P6 99999999999 1 255 ")]
    [InlineData("P6 1 1 70000 abcdef")]
    [InlineData("P3 1 1 10 1 2 11")]
    [InlineData("P2 2 1 255 7")]
    [InlineData("P1 3 1 102")]
    public void Damaged_files_are_refused(string file) =>
        Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(Encoding.Latin1.GetBytes(file)));

    [Fact]
    public void A_header_that_promises_too_much_is_refused_before_memory_is_taken()
    {
        Assert.Equal(
            AcquisitionFailure.TooManyPixels,
            Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode("P6 60000 60000 255 "u8)).Reason);
        Assert.Equal(
            AcquisitionFailure.Undecodable,
            Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode("P6 7000 7000 255 abc"u8)).Reason);
    }

    [Fact]
    public void Mutants_are_decoded_or_refused()
    {
        var random = new Random(8);
        byte[][] files = [Pixels("P6\n4 4\n255\n"u8.ToArray(), new byte[48]), "P3 2 2 255 1 2 3 4 5 6 7 8 9 10 11 12"u8.ToArray(), Pixels(
            "P4 9 3\n"u8.ToArray(), new byte[6])];
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = (byte[])files[i % files.Length].Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
                mutant[random.Next(2, mutant.Length)] = (byte)random.Next(256);
            try
            {
                ImageDecoder.Decode(mutant.AsSpan(0, random.Next(2, mutant.Length + 1)), new ImageLimits(MaxPixels: 10_000)).Dispose();
            }
            catch (AcquisitionException)
            {
                continue;
            }
        }
    }
}
