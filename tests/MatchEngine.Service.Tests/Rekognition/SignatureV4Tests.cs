using System.Text;
using MatchEngine.Service.Rekognition;

namespace MatchEngine.Service.Tests.Rekognition;

/// <summary>The vectors that AWS publishes: its test suite of signature version 4, and the example of its documentation.</summary>
public class SignatureV4Tests
{
    private const string Time = "20150830T123600Z";
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    public static TheoryData<string, string, (string, string)[], (string, string)[], string, string> Suite => new()
    {
        { "get-vanilla", "GET", [], [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
        { "post-vanilla", "POST", [], [], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
        {
            "get-vanilla-query-order-key-case", "GET", [("Param2", "value2"), ("Param1", "value1")], [], "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        },
        {
            "get-header-value-trim", "GET", [], [("my-header1", " value1"), ("my-header2", " \"a   b   c\"")], "",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
        },
        {
            "post-x-www-form-urlencoded", "POST", [], [("content-type", "application/x-www-form-urlencoded")], "Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        },
    };

    [Theory]
    [MemberData(nameof(Suite))]
    public void Signs_as_the_published_test_suite_says(
        string name, string method, (string, string)[] query, (string, string)[] headers, string body, string signature)
    {
        var signed = headers.Append(("host", "example.amazonaws.com")).Append(("x-amz-date", Time))
            .OrderBy(header => header.Item1, StringComparer.Ordinal)
            .Select(header => KeyValuePair.Create(header.Item1, header.Item2)).ToList();
        var canonical = SignatureV4.CanonicalRequest(
            method, "/", query.Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)), signed,
            SignatureV4.Hash(Encoding.UTF8.GetBytes(body)));
        Assert.True(
            signature == SignatureV4.Sign(Secret, new CredentialScope("20150830", "us-east-1", "service"), Time, canonical),
            $"{name}:\n{canonical}");
    }

    [Fact]
    public void Signs_as_the_example_of_the_documentation_says()
    {
        var canonical = SignatureV4.CanonicalRequest(
            "GET", "/", [KeyValuePair.Create("Version", "2010-05-08"), KeyValuePair.Create("Action", "ListUsers")],
            [
                KeyValuePair.Create("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                KeyValuePair.Create("host", "iam.amazonaws.com"), KeyValuePair.Create("x-amz-date", Time),
            ],
            EmptyHash);
        Assert.Equal(
            "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59", SignatureV4.Hash(Encoding.UTF8.GetBytes(canonical)));
        Assert.Equal(
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            SignatureV4.Sign(Secret, new CredentialScope("20150830", "us-east-1", "iam"), Time, canonical));
    }

    [Theory]
    [InlineData("20150830T123600Z", true)]
    [InlineData("20150830T123600", false)]
    [InlineData("2015-08-30T12:36:00Z", false)]
    [InlineData("20151330T123600Z", false)]
    [InlineData("", false)]
    public void A_time_is_read_in_its_one_form(string text, bool isTime) =>
        Assert.Equal(isTime ? new DateTimeOffset(2015, 8, 30, 12, 36, 0, TimeSpan.Zero) : null, SignatureV4.Time(text));
}
