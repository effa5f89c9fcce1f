using System.Text;
using MatchEngine.Vetting.Rekognition;

namespace MatchEngine.Vetting.Tests.Rekognition;

/// <summary>The vectors of AWS's published test suite of signature version 4, as far as they are of requests without a query.</summary>
public class RequestSignatureTests
{
    private static readonly (string Id, string Secret) Example = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    private static readonly DateTimeOffset Then = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    public static TheoryData<string, string, (string, string)[], string> Suite => new()
    {
        { "post-vanilla", "POST", [], "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
        { "get-vanilla", "GET", [], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
        {
            "get-header-value-trim", "GET", [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
        },
    };

    [Theory]
    [MemberData(nameof(Suite))]
    public void Signs_as_the_published_test_suite_says(string name, string method, (string, string)[] headers, string signature)
    {
        using var request = Signed(method, headers, "");
        var said = request.Headers.GetValues("Authorization").Single();
        Assert.True(said.EndsWith($"Signature={signature}", StringComparison.Ordinal), $"{name}: {said}");
    }

    [Theory]
    [InlineData("body")]
    [InlineData("header")]
    [InlineData("method")]
    public void Whatever_is_changed_changes_the_signature(string what)
    {
        using var plain = Signed("POST", [], "");
        using var changed = what switch
        {
            "body" => Signed("POST", [], "x"),
            "header" => Signed("POST", [("x-amz-target", "a")], ""),
            _ => Signed("PUT", [], ""),
        };
        Assert.NotEqual(plain.Headers.GetValues("Authorization").Single(), changed.Headers.GetValues("Authorization").Single());
    }

    private static HttpRequestMessage Signed(string method, (string Name, string Value)[] headers, string body)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), "https://example.amazonaws.com/");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        RequestSignature.Put(request, Encoding.UTF8.GetBytes(body), Example, "us-east-1", "service", Then);
        return request;
    }
}
