namespace MatchEngine.Rates.Summaries;

/// <summary>One of the few best subjects of a search, which may be the probe's own person and not a stranger.</summary>
/// <param name="Score">The subject's best score, computed exactly (by the float16 or int8 templates).</param>
/// <param name="CountedAt">The score by which the subject was counted in the summary: the same, or the sketch's estimate.</param>
public readonly record struct BestSubject(float Score, float CountedAt) : IComparable<BestSubject>
{
    /// <summary>Makes one that was counted at its exact score.</summary>
    public BestSubject(float score) : this(score, score)
    {
    }

    /// <summary>The order of a list: falling scores.</summary>
    public int CompareTo(BestSubject other) => Score != other.Score ? other.Score.CompareTo(Score) : other.CountedAt.CompareTo(CountedAt);

    /// <summary>Whether one stands before another.</summary>
    public static bool operator <(BestSubject left, BestSubject right) => left.CompareTo(right) < 0;

    /// <summary>Whether one stands behind another.</summary>
    public static bool operator >(BestSubject left, BestSubject right) => left.CompareTo(right) > 0;

    /// <summary>Whether one stands before another or level with it.</summary>
    public static bool operator <=(BestSubject left, BestSubject right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one stands behind another or level with it.</summary>
    public static bool operator >=(BestSubject left, BestSubject right) => left.CompareTo(right) >= 0;
}
