namespace MatchEngine.Galleries.Profiles;

/// <summary>Whose examiners examine a list.</summary>
public enum ExaminersRule
{
    /// <summary>Those of the organisation that searched.</summary>
    Requester,

    /// <summary>Those of the organisation that owns the gallery.</summary>
    Owner,
}

/// <summary>Whether a list reaches who searched only after the examination, as no match or as the candidates that were kept.</summary>
public enum HoldRule
{
    /// <summary>It is returned at once.</summary>
    Never,

    /// <summary>Where the examination is asked for with the search.</summary>
    WhenExamined,

    /// <summary>Every list is examined first.</summary>
    Always,
}
