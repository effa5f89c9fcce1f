using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Tests.Accounts;

public class PasswordRulesTests
{
    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("vier blaue Stühle")]
    [InlineData("k7!mQz9#vLp2")]
    [InlineData("Wombat-Lampe-93-grün")]
    public void What_takes_long_to_guess_is_taken(string password) =>
        PasswordRules.Require(password, "Ada Lovelace", "bureau", "The Bureau");

    [Theory]
    [InlineData("short")]
    [InlineData("elevenchars")]
    [InlineData("password1234")]
    [InlineData("Password2026!!")]
    [InlineData("P@$$w0rd-P@ssw0rd")]
    [InlineData("passwordpasswordpassword")]
    [InlineData("1234567890123")]
    [InlineData("987654321098")]
    [InlineData("qwertyuiop123")]
    [InlineData("QWERTY asdfgh zxcvbnm")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abababababababab")]
    [InlineData("iloveyou iloveyou")]
    [InlineData("Administrator!2026")]
    [InlineData("Summer2026Summer")]
    [InlineData("adalovelace2026")]
    [InlineData("lovelace-lovelace")]
    [InlineData("TheBureau-2026")]
    [InlineData("lovelace@bureau1")]
    public void What_is_guessed_first_is_refused(string password) => Assert.Equal(
        ErrorCodes.BadValue,
        Assert.Throws<CodedException>(() => PasswordRules.Require(password, "Ada Lovelace", "bureau", "The Bureau")).Code);

    [Fact]
    public void A_password_that_never_ends_is_refused() =>
        Assert.Throws<CodedException>(() => PasswordRules.Require(new string('x', 250) + " correct horse", "Ada"));
}
