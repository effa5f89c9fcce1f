using System.Text.RegularExpressions;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Files;
using MatchEngine.Tests;

namespace MatchEngine.Service.Tests.Files;

public class AuditSentenceTests
{
    private static readonly Dictionary<string, string> Names = new() { ["a1"] = "Ada" };

    [Theory]
    [InlineData("search", """{"galleries":["people","more"],"purpose":{"caseNumber":"C-1","basis":"b"},"candidates":[1,2]}""",
        "searched people, more for case C-1 (b): 2 candidates listed")]
    [InlineData("search", """{"galleries":["people"],"purpose":null,"candidates":[]}""", "searched people: 0 candidates listed")]
    [InlineData("subject.corrected", """{"galleries":["g"],"keys":["a","b","c","d","e","f","g"],"subject":"x"}""",
        "corrected a, b, c, d, e and 2 more of x in g")]
    [InlineData("subject.enrolled", """{"galleries":["g"],"subjects":["x"],"encounters":["1","2"]}""", "enrolled 2 photos of x in g")]
    [InlineData("key.revoked", """{"account":"a1","key":"k"}""", "revoked key k of Ada")]
    [InlineData("subject.removed", "{}", "removed … from …")]
    [InlineData("somebody.elses", "{}", "somebody.elses")]
    public void An_event_says_what_was_done_and_leaves_out_what_is_not_there(string kind, string payload, string sentence) =>
        Assert.Equal(sentence, AuditSentence.Of(kind, payload, Names));

    [Fact]
    public void Every_kind_that_the_sources_write_has_a_sentence()
    {
        // Kinds stand there as the argument of what writes them; a file's name or a host's is none.
        var written = new[]
        {
            "MatchEngine.Frs", "MatchEngine.Galleries/Audit", "MatchEngine.Service/Sandbox", "MatchEngine.Service/Hosting",
        }
            .SelectMany(folder => Directory.EnumerateFiles(
                Path.Combine(TestData.Repository, "src", folder), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), "\"([a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*)\""))
            .Select(match => match.Groups[1].Value)
            .Where(kind => AuditKinds.IsValid(kind) && !Path.HasExtension(kind[..kind.IndexOf('.', StringComparison.Ordinal)])
                && kind is not ("service.lock" or "sandbox.json" or "appsettings.json" or "development.pem" or "development.key"
                    or "http.route" or "ddd.ddd"))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(written.Count > 80);
        Assert.Empty(written.Except(AuditSentence.Kinds));
        Assert.All(AuditSentence.Kinds, kind => Assert.DoesNotContain("{", AuditSentence.Of(kind, "{}", Names), StringComparison.Ordinal));
    }
}
