using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.Inputs;

namespace MatchEngine.Evaluation.Tests.Protocols;

public sealed class ProtocolFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_protocol_is_read_with_its_defaults()
    {
        var protocol = ProtocolFile.Read(_folder.Write("p.json", """
            {
              // a comment
              "name": "p", "comparisons": "pairs-file", "pairsFile": "pairs.txt", "slices": [["sex"], ["sex", "race"]],
              "labels": { "race": { "latino hispanic": "hispanic" } }, "bands": { "age": [0, 18] }, "thresholdFrom": "reference",
              "bootstrap": { "seed": 5 },
            }
            """));
        Assert.Equal(ComparisonPlan.PairsFile, protocol.Comparisons);
        Assert.Equal(ThresholdSource.Reference, protocol.ThresholdFrom);
        Assert.Equal(2000, protocol.Bootstrap.Replicates);
        Assert.Equal(5UL, protocol.Bootstrap.Seed);
        Assert.Equal("hispanic", protocol.Labels["race"]["latino hispanic"]);
    }

    [Theory]
    [InlineData("""{"name":"p","slice":[["sex"]]}""", "slice")]
    [InlineData("""{"name":"p","globalFmr":2}""", "globalFmr")]
    [InlineData("""{"name":"p","comparisons":"pairs-file"}""", "pairsFile")]
    [InlineData("""{"name":"p","bands":{"age":[18,0]}}""", "bands")]
    [InlineData("""{"name":"p","comparisons":"some"}""", "comparisons")]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":"p",""", "p.json:1")]
    public void What_is_wrong_is_named(string json, string named) =>
        Assert.Contains(
            named, Assert.Throws<EvaluationException>(() => ProtocolFile.Read(_folder.Write("p.json", json))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_digest_depends_on_the_values_and_not_on_how_they_were_written()
    {
        var first = ProtocolFile.Read(_folder.Write("a.json", """{"name":"p","globalFmr":0.001}"""));
        var second = ProtocolFile.Read(_folder.Write("b.json", """{ "globalFmr": 1e-3, "name": "p" }"""));
        Assert.Equal(ProtocolFile.Digest(first), ProtocolFile.Digest(second));
        Assert.NotEqual(ProtocolFile.Digest(first), ProtocolFile.Digest(first with { GlobalFmr = 1e-4 }));
    }

    [Fact]
    public void Slices_of_a_command_line_replace_those_of_the_protocol()
    {
        var sliced = new Protocol { Name = "p", Slices = [["age"]] }.SlicedBy("sex, race,sex+race");
        Assert.Equal([["sex"], ["race"], ["sex", "race"]], sliced.Slices);
    }

    [Fact]
    public void A_protocol_that_is_not_there_is_refused_with_the_names_that_are()
    {
        _folder.Write("all-pairs.json", "{}");
        Assert.Contains(
            "one of all-pairs",
            Assert.Throws<EvaluationException>(() => ProtocolFile.Find("none", _folder.Path)).Message, StringComparison.Ordinal);
        Assert.EndsWith("all-pairs.json", ProtocolFile.Find("all-pairs", _folder.Path), StringComparison.Ordinal);
    }
}
