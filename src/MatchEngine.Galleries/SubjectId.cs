using System.Text;

namespace MatchEngine.Galleries;

/// <summary>
/// The rule for ids of subjects, which are the operator's own: any text that fits on one line, wherever it comes from. In an address it
/// stands percent-encoded as one part of the path, which no client can do with <c>.</c> and <c>..</c>.
/// </summary>
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
        if (id is "." or "..")
            return $"'{id}' cannot be a subject id: in an address it would mean a folder";
        // Half a character can be written neither to a database nor into an address.
        if (!Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(id)).Equals(id, StringComparison.Ordinal))
            return "the subject id is no valid Unicode text";
        return id.Any(char.IsControl) ? "the subject id holds a control character" : null;
    }
}
