namespace MatchEngine.Galleries;

/// <summary>The rule for ids of subjects, which are the operator's own: any text that fits on one line.</summary>
public static class SubjectId
{
    /// <summary>The longest id, in UTF-16 code units.</summary>
    public const int MaxLength = 256;

    /// <summary>What is wrong with <paramref name="id"/> as the id of a subject; null when nothing is.</summary>
    public static string? Problem(string? id)
    {
        if (string.IsNullOrWhiteSpace(id))
            return "the subject id is empty";
        if (id.Length > MaxLength)
            return $"the subject id has {id.Length} characters; {MaxLength} is the limit";
        return id.Any(char.IsControl) ? "the subject id holds a control character" : null;
    }
}
