namespace MatchEngine.Rates.Calibrations;

/// <summary>Which pairs of different people a rate was counted over. The more alike they are, the higher it is.</summary>
public enum Restriction
{
    /// <summary>Any two people of the data set. A candidate list holds the most alike, so this rate is too low for it.</summary>
    RandomPairs,

    /// <summary>Two people whose labels of sex are the same.</summary>
    SameSex,

    /// <summary>Two people whose labels of sex and of race are the same.</summary>
    SameSexAndRace,

    /// <summary>Two people of one named group.</summary>
    Group,

    /// <summary>Two people of that group, among those with enough data, that has the highest rate.</summary>
    WorstGroup,
}

/// <summary>The fixed names of restrictions, in a card and in answers.</summary>
public static class Restrictions
{
    /// <summary>The name, such as <c>same-sex</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No restriction of ours.</exception>
    public static string ToCode(this Restriction restriction) => restriction switch
    {
        Restriction.RandomPairs => "random-pairs",
        Restriction.SameSex => "same-sex",
        Restriction.SameSexAndRace => "same-sex-and-race",
        Restriction.Group => "group",
        Restriction.WorstGroup => "worst-group",
        _ => throw new ArgumentOutOfRangeException(nameof(restriction)),
    };

    /// <summary>The restriction of a name.</summary>
    /// <returns>False when there is none of that name.</returns>
    public static bool TryParse(string? code, out Restriction restriction)
    {
        foreach (var value in Enum.GetValues<Restriction>())
        {
            if (value.ToCode() == code)
            {
                restriction = value;
                return true;
            }
        }
        restriction = default;
        return false;
    }
}
