namespace MatchEngine.Rates.Tails;

/// <summary>Why a number of strangers cannot be said.</summary>
public enum UnsaidReason
{
    /// <summary>It can be said.</summary>
    None,

    /// <summary>The probe was compared with too few people to have a tail.</summary>
    TooFewComparisons,

    /// <summary>Nearly all scores of the tail are the same: no tail can be fitted to them.</summary>
    DegenerateScores,

    /// <summary>The search did not compare the probe with everybody, as a walk through a graph does not.</summary>
    NotCompared,

    /// <summary>The score lies below those that were counted.</summary>
    BelowCounted,

    /// <summary>The score lies so far above the strangers' scores that the model would have to be believed and not the data; only a bound
    /// is given.</summary>
    BeyondTail,

    /// <summary>There is no floor above which to count: everybody is listed who has a place.</summary>
    NoFloor,
}

/// <summary>The fixed names of reasons, for JSON and logs.</summary>
public static class UnsaidReasons
{
    /// <summary>The name of a reason, or null where there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No reason of ours.</exception>
    public static string? ToCode(this UnsaidReason reason) => reason switch
    {
        UnsaidReason.None => null,
        UnsaidReason.TooFewComparisons => "too-few-comparisons",
        UnsaidReason.DegenerateScores => "degenerate-scores",
        UnsaidReason.NotCompared => "not-compared",
        UnsaidReason.BelowCounted => "below-counted",
        UnsaidReason.BeyondTail => "beyond-tail",
        UnsaidReason.NoFloor => "no-floor",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary>A reason in words that end a sentence; null where there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No reason of ours.</exception>
    public static string? ToWords(this UnsaidReason reason) => reason switch
    {
        UnsaidReason.None => null,
        UnsaidReason.TooFewComparisons => $"the probe was compared with too few people (it takes {TailFit.LeastSubjects}, or "
            + $"{TailFit.LeastSubjectsPooled} of one gallery)",
        UnsaidReason.DegenerateScores => "the strangers' scores are nearly all the same",
        UnsaidReason.NotCompared => "a walk through the graph does not compare with everybody (an exhaustive search does)",
        UnsaidReason.BelowCounted => "it lies below the scores that the search counted",
        UnsaidReason.BeyondTail => "it lies far above all strangers' scores",
        UnsaidReason.NoFloor => "the list has no score floor",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
