using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Rates.Tests.Calibrations;

public sealed class PopulationTests
{
    private static readonly Population Group = new("set", Restriction.Group, "F, a", 30, 1234, "sex self-reported", ["children",
        "profile views"]);

    [Fact]
    public void It_says_in_one_sentence_whom_a_rate_was_measured_on_and_whom_not() => Assert.Equal(
        "measured on set only: pairs of different people of the group 'F, a', 1,234 comparisons of 30 people; labels: sex self-reported; "
        + "it tells nothing of children, profile views",
        Group.Description);

    [Fact]
    public void Every_restriction_has_words_and_a_name_of_its_own()
    {
        var all = Enum.GetValues<Restriction>().Select(restriction => Group with { Restriction = restriction }).ToArray();
        Assert.Equal(all.Length, all.Select(population => population.Description).Distinct().Count());
        Assert.Equal(all.Length, all.Select(population => population.Id).Distinct().Count());
        Assert.Equal("set/same-sex", (Group with { Restriction = Restriction.SameSex, Group = null }).Id);
    }

    [Fact]
    public void Two_with_the_same_content_are_the_same() =>
        Assert.Equal(Group, Group with { NotSupported = ["children", "profile views"] });
}
