using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Rates.Tests.Calibrations;

public sealed class RestrictionTests
{
    [Fact]
    public void Every_restriction_is_read_by_the_name_it_is_written_by()
    {
        foreach (var restriction in Enum.GetValues<Restriction>())
        {
            Assert.True(Restrictions.TryParse(restriction.ToCode(), out var read));
            Assert.Equal(restriction, read);
        }
        Assert.False(Restrictions.TryParse("everybody", out _));
        Assert.False(Restrictions.TryParse(null, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((Restriction)99).ToCode());
    }
}
