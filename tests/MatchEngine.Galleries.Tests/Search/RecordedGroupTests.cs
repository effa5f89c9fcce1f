using MatchEngine.Galleries.Search;

namespace MatchEngine.Galleries.Tests.Search;

public class RecordedGroupTests
{
    [Theory]
    [InlineData("sex", "F", "race", "asian", "F, asian")]
    [InlineData("Race", " asian ", "SEX", "F", "F, asian")]
    [InlineData("sex", "F", "race", "", null)]
    [InlineData("sex", "F", "born", "1970", null)]
    [InlineData("gender", "F", "race", "asian", null)]
    public void A_group_is_named_where_sex_and_race_are_both_recorded(string a, string x, string b, string y, string? group) =>
        Assert.Equal(group, RecordedGroup.Of(new Dictionary<string, string> { [a] = x, [b] = y }));

    [Fact]
    public void Of_nothing_no_group_is_guessed() => Assert.Null(RecordedGroup.Of(new Dictionary<string, string>()));
}
