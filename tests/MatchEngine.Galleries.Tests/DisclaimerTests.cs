using System.Security.Cryptography;
using System.Text;

namespace MatchEngine.Galleries.Tests;

public class DisclaimerTests
{
    // Whoever changes the words adds a line here and gives the text its new version; a line never changes.
    private static readonly Dictionary<string, string> HashOfVersion = new()
    {
        ["1"] = "7f8a0bab867b8402b2d1873f431fb187097ba482efb4690b1fe8cde5afd44445",
    };

    [Fact]
    public void The_version_changes_with_the_words() =>
        Assert.Equal(
            HashOfVersion[Disclaimer.Current.Version],
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Disclaimer.Current.Text))));

    [Theory]
    [InlineData("leads")]
    [InlineData("not a positive identification")]
    [InlineData("No arrest")]
    [InlineData("alone")]
    public void It_says_lead_only_no_identification_no_sole_basis(string words) =>
        Assert.Contains(words, Disclaimer.Current.Text, StringComparison.Ordinal);
}
