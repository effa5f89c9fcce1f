using System.Security.Cryptography;

namespace MatchEngine.Vectors.Tests;

public class ModelDigestTests
{
    // SHA-256 of "abc", FIPS 180-4.
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Fact]
    public void Hexadecimal_and_bytes_name_the_same_digest()
    {
        var digest = ModelDigest.FromBytes(SHA256.HashData("abc"u8));
        Assert.Equal(Abc, digest.ToString());
        Assert.Equal(digest, ModelDigest.Parse(Abc));
        Assert.Equal(digest, ModelDigest.Parse(Abc.ToUpperInvariant()));
        Assert.True(ModelDigest.TryParse(Abc, out var tried));
        Assert.Equal(digest, tried);

        var bytes = new byte[33];
        digest.CopyTo(bytes);
        Assert.Equal([.. SHA256.HashData("abc"u8), 0], bytes);
    }

    [Fact]
    public void Any_changed_bit_makes_another_digest()
    {
        var bytes = SHA256.HashData("abc"u8);
        var digest = ModelDigest.FromBytes(bytes);
        for (var bit = 0; bit < 256; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(digest, ModelDigest.FromBytes(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    [InlineData("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(" a7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Text_that_is_no_digest_is_refused(string text)
    {
        Assert.False(ModelDigest.TryParse(text, out _));
        Assert.Contains(
            "64 hexadecimal digits", Assert.Throws<FormatException>(() => ModelDigest.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_wrong_number_of_bytes_is_refused(int length)
    {
        Assert.Throws<ArgumentException>(() => ModelDigest.FromBytes(new byte[length]));
        if (length < 32)
            Assert.Throws<ArgumentException>(() => ModelDigest.FromBytes(new byte[32]).CopyTo(new byte[length]));
    }
}
