namespace MatchEngine.Galleries.Consistency;

/// <summary>What may be wrong with an enrolled photo. A remark is for somebody to look at; nothing is decided by it.</summary>
public enum ConsistencyKind
{
    /// <summary>The photo is no more like the subject's others than photos of different people often are.</summary>
    InconsistentSubject,

    /// <summary>The photo is more like another subject than anybody is expected to be by chance.</summary>
    LooksLike,

    /// <summary>The face serves recognition far worse than the subject's other photos do.</summary>
    PoorBesideOthers,
}

/// <summary>The kinds as codes.</summary>
public static class ConsistencyKinds
{
    /// <summary>The code in answers and files.</summary>
    public static string ToCode(this ConsistencyKind kind) => kind switch
    {
        ConsistencyKind.InconsistentSubject => "inconsistent_subject",
        ConsistencyKind.LooksLike => "looks_like",
        _ => "poor_beside_others",
    };
}
