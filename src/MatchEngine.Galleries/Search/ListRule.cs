using MatchEngine.Rates.Tails;

namespace MatchEngine.Galleries.Search;

/// <summary>What a list may show of a gallery: how many, from which score on, and how few at least.</summary>
public record ListRule
{
    /// <summary>The list length when none is asked for. A longer list lessens the persuasiveness of a single name.</summary>
    public const int DefaultListLength = 20;

    /// <summary>The longest list.</summary>
    public const int MaxListLength = 10_000;

    /// <summary>The least number of expected strangers for which a floor can be said.</summary>
    public const double LeastFloorStrangers = TailFit.LeastExpected;

    /// <summary>
    /// The greatest number of expected strangers for which a floor can be said: a search counts down to more than as many.
    /// </summary>
    public const double MostFloorStrangers = 100;

    /// <summary>The largest number of candidates, 1 … <see cref="MaxListLength"/>.</summary>
    public int ListLength
    {
        get;
        init => field = value is >= 1 and <= MaxListLength
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ListLength), value, $"a candidate list has 1 to {MaxListLength} places");
    } = DefaultListLength;

    /// <summary>The score floor: candidates score this or more. −1 … 1; null for none.</summary>
    public float? Floor
    {
        get;
        init => field = value is null or (>= -1 and <= 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Floor), value, "a score floor lies within −1 … 1");
    }

    /// <summary>
    /// How many strangers are to be expected at or above a floor that is chosen for the probe from its own scores,
    /// <see cref="LeastFloorStrangers"/> … <see cref="MostFloorStrangers"/>: one floor for all galleries whose rule says so, above which
    /// about so many are expected in all of them together. <see cref="Floor"/> counts where it is higher. Every template is compared then.
    /// Null: no floor is chosen.
    /// </summary>
    public double? FloorStrangers
    {
        get;
        init => field = value is null or (>= LeastFloorStrangers and <= MostFloorStrangers)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(FloorStrangers), value,
                $"a floor is chosen for {LeastFloorStrangers} … {MostFloorStrangers} expected strangers");
    }

    /// <summary>
    /// The smallest number of candidates of the gallery, 0 … <see cref="MaxListLength"/>; 0 for any. Where too few reach the floor, the
    /// floor gives way and the list says so; where the gallery has fewer subjects altogether, none of them is listed.
    /// </summary>
    public int MinCandidates
    {
        get;
        init => field = value is >= 0 and <= MaxListLength
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MinCandidates), value, $"the smallest number of candidates lies within 0 … {MaxListLength}");
    }

    /// <summary>Refuses a rule that cannot be followed.</summary>
    /// <exception cref="ArgumentException">The list is shorter than its smallest number of candidates.</exception>
    internal void Require()
    {
        if (ListLength < MinCandidates)
            throw new ArgumentException($"a list of {ListLength} has no room for the {MinCandidates} candidates that it must have");
    }
}
