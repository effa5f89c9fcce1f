using System.Text;
using MatchEngine.Frs.Accounts;

namespace MatchEngine.Frs.Tests.Accounts;

public class OneTimeCodesTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B, SHA-1: of its eight digits the last six, which are the same truncation (RFC 4226, 5.3).</summary>
    [Theory]
    [InlineData(59, 0x1, "94287082")]
    [InlineData(1111111109, 0x23523EC, "07081804")]
    [InlineData(1111111111, 0x23523ED, "14050471")]
    [InlineData(1234567890, 0x273EF07, "89005924")]
    [InlineData(2000000000, 0x3F940AA, "69279037")]
    [InlineData(20000000000, 0x27BC86AA, "65353130")]
    public void The_codes_are_those_of_the_standard(long seconds, long step, string code) =>
        Assert.Equal(step, OneTimeCodes.StepOf(Secret, code[2..], DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Theory]
    [InlineData(-31, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void A_clock_may_be_a_step_off_and_no_more(int off, bool good)
    {
        // The code of the step that begins at 1111111110.
        var step = OneTimeCodes.StepOf(Secret, "050471", DateTimeOffset.FromUnixTimeSeconds(1111111110 + off));
        Assert.Equal(good ? 0x23523EDL : null, step);
    }

    [Theory]
    [InlineData("050 471", true)]
    [InlineData("50471", false)]
    [InlineData("", false)]
    [InlineData("abcdef", false)]
    [InlineData("14050471", false)]
    public void Blanks_do_not_count_and_all_else_does(string code, bool good) =>
        Assert.Equal(good, OneTimeCodes.StepOf(Secret, code, DateTimeOffset.FromUnixTimeSeconds(1111111111)) is not null);

    [Fact]
    public void An_app_is_told_everything()
    {
        var uri = new Uri(OneTimeCodes.Address(Secret, "MatchEngine", "Ada L."));
        Assert.Equal(("otpauth", "totp"), (uri.Scheme, uri.Host));
        Assert.Contains("Ada", Uri.UnescapeDataString(uri.AbsolutePath), StringComparison.Ordinal);
        // RFC 4648's base32 of the secret, by an independent encoder.
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", OneTimeCodes.Text(Secret));
        Assert.Contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", uri.Query, StringComparison.Ordinal);
    }

    [Fact]
    public void Recovery_codes_differ_and_are_known_however_they_are_typed()
    {
        var codes = Enumerable.Range(0, 100).Select(_ => OneTimeCodes.NewRecoveryCode()).ToList();
        Assert.Equal(100, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^([a-z2-7]{4}-){3}[a-z2-7]{4}$", code));
        Assert.Equal(OneTimeCodes.RecoveryHash(codes[0]), OneTimeCodes.RecoveryHash($" {codes[0].ToUpperInvariant().Replace('-', ' ')}"));
        Assert.NotEqual(OneTimeCodes.RecoveryHash(codes[0]), OneTimeCodes.RecoveryHash(codes[1]));
    }
}
