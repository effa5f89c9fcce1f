namespace MatchEngine.Galleries.Duplicates;

/// <summary>
/// Two subjects whose faces are alike: perhaps one person who is enrolled twice. It is a lead for somebody to look at, as a candidate is:
/// relatives and twins are alike too.
/// </summary>
/// <param name="First">Of the pair's first subject the encounter that is most alike to one of the second.</param>
/// <param name="Second">The encounter of the second subject.</param>
/// <param name="Score">Their score, the best of all encounters of the one with all of the other: −1 … 1.</param>
public sealed record DuplicatePair(DuplicateSide First, DuplicateSide Second, float Score)
{
    /// <summary>The pair without its encounters.</summary>
    public DuplicateLink Link => new(First.Member, Second.Member, Score);
}

/// <summary>One side of a pair.</summary>
/// <param name="Gallery">The gallery that holds the subject.</param>
/// <param name="Encounter">The encounter, with its subject's id.</param>
public sealed record DuplicateSide(string Gallery, Encounter Encounter)
{
    /// <summary>The subject.</summary>
    public DuplicateMember Member => new(Gallery, Encounter.SubjectId);
}

/// <summary>A subject of one of the galleries.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="SubjectId">The subject's id in it.</param>
public readonly record struct DuplicateMember(string Gallery, string SubjectId);

/// <summary>Two subjects and how alike they are.</summary>
/// <param name="First">A subject.</param>
/// <param name="Second">Another one.</param>
/// <param name="Score">The pair's score.</param>
public readonly record struct DuplicateLink(DuplicateMember First, DuplicateMember Second, float Score);
