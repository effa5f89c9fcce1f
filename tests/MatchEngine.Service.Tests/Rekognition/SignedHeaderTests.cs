using MatchEngine.Service.Rekognition;

namespace MatchEngine.Service.Tests.Rekognition;

public class SignedHeaderTests
{
    private const string Hex = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

    [Fact]
    public void Reads_credential_scope_headers_and_signature()
    {
        var header = SignedHeader.Parse(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + $"SignedHeaders=host;x-amz-date, Signature={Hex}")!;
        Assert.Equal(("AKIDEXAMPLE", new CredentialScope("20150830", "us-east-1", "service"), Hex), (
            header.AccessKeyId, header.Scope, header.Signature));
        Assert.Equal(["host", "x-amz-date"], header.SignedHeaders);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer me_0_0")]
    [InlineData("AWS4-HMAC-SHA256 ")]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=host")]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=host, Signature=abc")]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/2015/r/s/aws4_request, SignedHeaders=host, Signature=" + Hex)]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws5_request, SignedHeaders=host, Signature=" + Hex)]
    [InlineData("AWS4-HMAC-SHA256 Credential=/20150830/r/s/aws4_request, SignedHeaders=host, Signature=" + Hex)]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=x;host, Signature=" + Hex)]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=host;host, Signature=" + Hex)]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=Host, Signature=" + Hex)]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=host, Signature=" + Hex + ", Signature=" + Hex)]
    [InlineData("AWS4-HMAC-SHA256 Credential=A/20150830/r/s/aws4_request, SignedHeaders=host, Signature=" + Hex + ", More=1")]
    public void What_is_not_whole_is_none(string text) => Assert.Null(SignedHeader.Parse(text));
}
