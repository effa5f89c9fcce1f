using System.Security.Cryptography;
using System.Text;
using FsCheck.Fluent;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Tests;

namespace MatchEngine.Galleries.Tests.Encryption;

public class DataKeysTests
{
    private const string Hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private static readonly DataKeys Keys = DataKeys.Parse(Hex, "test");

    [Fact]
    public void A_key_is_hexadecimal_or_base64_and_its_id_does_not_depend_on_that()
    {
        var base64 = Convert.ToBase64String(Convert.FromHexString(Hex));

        Assert.Equal(Keys.CurrentId, DataKeys.Parse(base64, "test").CurrentId);
        Assert.Equal(Keys.CurrentId, DataKeys.Parse(Hex.ToUpperInvariant(), "test").CurrentId);
        Assert.Equal(Convert.ToHexStringLower(
            SHA256.HashData([.. Encoding.ASCII.GetBytes("MatchEngine data key"), .. Convert.FromHexString(Hex)]))[..16], Keys.CurrentId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n\n")]
    [InlineData("000102")]
    [InlineData(Hex + "ff")]
    [InlineData(Hex + "\n" + Hex)]
    public void What_is_no_key_is_refused_and_not_repeated(string text)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("keys", text);

        var error = Assert.Throws<DataKeyException>(() => DataKeys.Read(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("000102", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_holds_a_key_a_line_and_the_first_one_seals()
    {
        using var folder = new TemporaryFolder();
        var other = new string('a', 64);

        var keys = DataKeys.Read(folder.Write("keys", $"# new\n{other}\n\n# old\n{Hex}\n"));

        Assert.Equal([keys.CurrentId, Keys.CurrentId], keys.Ids);
        Assert.Equal("abc", Encoding.UTF8.GetString(keys.Open(Keys.CurrentId, Keys.Seal("abc"u8, "row"), "row")));
        Assert.Throws<DataKeyException>(() => DataKeys.Read(folder.Sub("none")));
    }

    [Fact]
    public void A_value_is_sealed_as_the_documentation_says()
    {
        var value = Keys.Seal("abc"u8, "row");

        // Another implementation's way in: nonce, ciphertext, tag.
        using var aes = new AesGcm(Convert.FromHexString(Hex), 16);
        var plain = new byte[3];
        aes.Decrypt(value.AsSpan(0, 12), value.AsSpan(12, 3), value.AsSpan(15), plain, "row"u8);
        Assert.Equal("abc"u8.ToArray(), plain);
        Assert.Equal(31, value.Length);
        Assert.NotEqual(value, Keys.Seal("abc"u8, "row"));
    }

    [Fact]
    public void What_was_sealed_opens_in_its_own_row_and_unchanged_alone() => Prop.ForAll<byte[], int>((plain, at) =>
    {
        var value = Keys.Seal(plain, "this row");
        var changed = value.ToArray();
        changed[(int)((uint)at % (uint)changed.Length)] ^= 1;
        return Keys.Open(Keys.CurrentId, value, "this row").SequenceEqual(plain)
            && Fails(() => Keys.Open(Keys.CurrentId, value, "another row"))
            && Fails(() => Keys.Open(Keys.CurrentId, changed, "this row"))
            && Fails(() => Keys.Open(Keys.CurrentId, value.AsSpan(0, value.Length - 1), "this row"));
    }).CheckSame();

    private static bool Fails(Action work)
    {
        try
        {
            work();
            return false;
        }
        catch (CryptographicException)
        {
            return true;
        }
    }
}
