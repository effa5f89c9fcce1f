using MatchEngine.Frs.Examining;

namespace MatchEngine.Frs.Tests.Examining;

public class FeatureNoteTests
{
    [Theory]
    [InlineData("similar", FeatureComparison.Similar, null)]
    [InlineData("different: the lobe: attached", FeatureComparison.Different, "the lobe: attached")]
    [InlineData("cannot tell: hidden by hair", FeatureComparison.CannotTell, "hidden by hair")]
    // What was written before there were comparisons, and what only looks like one.
    [InlineData("similar bridge", null, "similar bridge")]
    [InlineData("straight", null, "straight")]
    [InlineData("different:", null, "different:")]
    public void A_note_is_read_as_it_is_written(string text, FeatureComparison? comparison, string? words)
    {
        var note = FeatureNote.Parse(text);
        Assert.Equal((comparison, words), (note.Comparison, note.Words));
        Assert.Equal(text, note.ToString());
    }

    [Fact]
    public void Nothing_said_is_no_text() => Assert.Equal("", new FeatureNote(null, null).ToString());
}
