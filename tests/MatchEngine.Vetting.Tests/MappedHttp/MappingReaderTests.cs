using System.Text;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.MappedHttp;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Tests.Fakes;

namespace MatchEngine.Vetting.Tests.MappedHttp;

public class MappingReaderTests
{
    [Theory]
    [InlineData("address", "\"localhost\"", "address")]
    [InlineData("address", "\"file:///etc/passwd\"", "address")]
    [InlineData("scores.better", "\"higher\"", "scores.better")]
    [InlineData("search.candidates", "\"found\"", "search.candidates")]
    [InlineData("search.candidates", "\"$.found[?(\"", "search.candidates")]
    [InlineData("search.score", "\"distance\"", "search.score")]
    [InlineData("search.method", "\"TRACE\"", "search.method")]
    [InlineData("search.path", "\"//elsewhere/find\"", "search.path")]
    [InlineData("search.path", "\"http://elsewhere\"", "search.path")]
    [InlineData("search.multipart.most", "\"{length}\"", "search.multipart.most: {length}")]
    [InlineData("search.multipart.photo", "\"{credential}\"", "search.multipart.photo: {credential}")]
    [InlineData("search.multipart.photo", "\"\"", "search: {image} goes nowhere")]
    [InlineData("search.json", "{}", "search.multipart")]
    [InlineData("enrol.json.photo.content", "\"{probe}\"", "enrol.json.photo.content: {probe}")]
    [InlineData("compare.json.a", "\"{second}\"", "compare: {first} goes nowhere")]
    [InlineData("remove.path", "\"/people\"", "remove: {subject} goes nowhere")]
    [InlineData("headers.X", "\"{image}\"", "headers.X: {image}")]
    [InlineData("search.colour", "1", "colour")]
    [InlineData("identity.request", "null", "identity.product")]
    [InlineData("failures", "[{\"kind\":\"angry\"}]", "failures")]
    [InlineData("scores", "null", "scores")]
    public void What_is_not_understood_is_refused_with_the_members_name(string member, string value, string named)
    {
        var mapping = JsonNode.Parse(FakeJsonServer.Mapping(new Uri("http://localhost")))!;
        var names = member.Split('.');
        var holder = names[..^1].Aggregate(mapping, (node, name) => node[name]!);
        holder[names[^1]] = JsonNode.Parse(value);
        var error = Assert.Throws<TargetUnusableException>(
            () => MappingReader.Read(Encoding.UTF8.GetBytes(mapping.ToJsonString()), "m.json"));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("m.json: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_that_asks_nothing_is_refused()
    {
        var mapping = JsonNode.Parse(FakeJsonServer.Mapping(new Uri("http://localhost")))!.AsObject();
        mapping.Remove("search");
        mapping.Remove("compare");
        Assert.Throws<TargetUnusableException>(() => MappingReader.Read(Encoding.UTF8.GetBytes(mapping.ToJsonString()), "m"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named() =>
        Assert.Contains("/no/such", Assert.Throws<TargetUnusableException>(() => MappingReader.ReadFile("/no/such")).Message);

    [Fact]
    public void Broken_json_in_any_place_is_refused_and_nothing_else_is_thrown()
    {
        var text = Encoding.UTF8.GetBytes(FakeJsonServer.Mapping(new Uri("http://localhost")).TrimEnd());
        for (var length = 0; length < text.Length; length += 7)
            Assert.Throws<TargetUnusableException>(() => MappingReader.Read(text.AsSpan(0, length), "m"));
    }
}
