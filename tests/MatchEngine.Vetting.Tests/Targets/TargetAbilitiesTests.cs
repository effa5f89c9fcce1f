using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Targets;

public class TargetAbilitiesTests
{
    [Fact]
    public void What_is_missing_is_missing_for_a_reason()
    {
        var abilities = TargetAbilities.AllBut(
            new Dictionary<Ability, string> { [Ability.Remove] = "there is no such call" }, ScoreScale.Cosine);
        Assert.Equal(
            Enum.GetValues<Ability>().Where(one => one != Ability.Remove), Enum.GetValues<Ability>().Where(abilities.Has));
        Assert.Equal("there is no such call", abilities.WhyNot(Ability.Remove));
        Assert.Null(abilities.WhyNot(Ability.Search));
        Assert.Throws<ArgumentException>(() =>
            TargetAbilities.AllBut(new Dictionary<Ability, string> { [Ability.Remove] = " " }, ScoreScale.Cosine));
    }
}
