using System.Text;

namespace MatchEngine.Vetting.Programs;

/// <summary>A command as words: no shell reads it, so that nothing in it is expanded.</summary>
public static class CommandWords
{
    /// <summary>Splits at blanks; what stands between double quotes is one word.</summary>
    /// <param name="command">For example <c>./program --gallery "two words"</c>.</param>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var words = new List<string>();
        var (word, isWord, isQuoted) = (new StringBuilder(), false, false);
        foreach (var letter in command)
            if (letter == '"')
                (isQuoted, isWord) = (!isQuoted, true);
            else if (letter == ' ' && !isQuoted)
                End();
            else
                (_, isWord) = (word.Append(letter), true);
        if (isQuoted)
            throw new FormatException($"a quote is not closed in: {command}");
        End();
        return words;

        void End()
        {
            if (isWord)
                words.Add(word.ToString());
            (isWord, _) = (false, word.Clear());
        }
    }
}
