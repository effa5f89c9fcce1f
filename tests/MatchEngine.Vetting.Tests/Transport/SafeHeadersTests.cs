using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Tests.Transport;

public class SafeHeadersTests
{
    [Theory]
    [InlineData("http://h:81/a/b?most=3&api_key=abc&X-Amz-Signature=1", "http://h:81/a/b?most=3&api_key=…&X-Amz-Signature=…")]
    [InlineData("http://user:secret@h/a", "http://h/a")]
    [InlineData("https://h/", "https://h/")]
    public void An_address_shows_no_secret(string address, string shown) => Assert.Equal(shown, SafeAddress.Of(new Uri(address)));
}
