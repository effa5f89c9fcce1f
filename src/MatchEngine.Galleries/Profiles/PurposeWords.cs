using System.Text;

namespace MatchEngine.Galleries.Profiles;

/// <summary>
/// The bases that a search may name, compared as people write them: without case, dots, section signs and whatever stands between the
/// words ("18 U.S.C. § 1028" is "18 usc 1028").
/// </summary>
internal static class PurposeWords
{
    /// <summary>Whether a basis is one of those permitted, or a part of one: "18 USC" permits "18 U.S.C. 1028".</summary>
    public static bool IsPermitted(string basis, IReadOnlyList<string> permitted) =>
        permitted.Any(one => Of(basis).StartsWith(Of(one), StringComparison.Ordinal));

    /// <summary>The first of the refused purposes that a text names; null for none.</summary>
    public static string? Refused(string? text, IReadOnlyList<string> refused) =>
        text is null ? null : refused.FirstOrDefault(one => Of(text).Contains(Of(one), StringComparison.Ordinal));

    // A blank at either end, so that only whole words are found.
    private static string Of(string text)
    {
        var words = new StringBuilder(" ");
        foreach (var letter in text.ToLowerInvariant().Where(letter => letter is not ('.' or '§')))
        {
            if (char.IsLetterOrDigit(letter))
                words.Append(letter);
            else if (words[^1] != ' ')
                words.Append(' ');
        }
        return words[^1] == ' ' ? words.ToString() : words.Append(' ').ToString();
    }
}
