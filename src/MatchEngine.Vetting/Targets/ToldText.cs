using System.Text;

namespace MatchEngine.Vetting.Targets;

/// <summary>Text that a target told: bounded, in one line, without characters that a terminal or a page would act on.</summary>
public static class ToldText
{
    /// <summary>The longest text that is kept of one value.</summary>
    public const int MaxLength = 400;

    /// <summary>Bounds and cleans.</summary>
    /// <param name="text">What was told; null stays null.</param>
    /// <param name="maxLength">The longest that is kept, in characters.</param>
    public static string? Of(string? text, int maxLength = MaxLength)
    {
        if (text is null)
            return null;
        var kept = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > maxLength)
                return kept.Append('…').ToString();
            kept.Append((Rune.IsControl(rune) || IsUnseen(rune) ? new Rune(' ') : rune).ToString());
        }
        return kept.ToString();
    }

    // Marks of direction turn round what stands beside them.
    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
