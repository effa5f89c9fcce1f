using System.Globalization;
using System.Text;

namespace MatchEngine.Cli.Output;

/// <summary>
/// Text for a terminal that does nothing but stand there: names of files, biographics and messages come from elsewhere, and a terminal
/// takes control characters among them for orders (to clear the screen, to answer, to write backwards). They are shown as <c>\u001B</c>
/// is written.
/// </summary>
internal static class PlainText
{
    /// <summary>The text with every character that controls written out; line ends and tabulators stay.</summary>
    public static string Of(string text) => text.Any(Controls) ? string.Concat(text.Select(Shown)) : text;

    /// <summary>Lets every text that is written through the console from now on go this way; colours and bars of ours do not.</summary>
    public static void Guard()
    {
        // These hold the console as it is.
        _ = (Terminal.Out, Terminal.Error);
        Console.SetOut(new Writer(Console.Out));
        Console.SetError(new Writer(Console.Error));
    }

    /// <summary>Whether a character orders a terminal, or the direction in which it writes.</summary>
    private static bool Controls(char c) => c is not ('\n' or '\t') && !(c == '\r' && Environment.NewLine.Contains(c))
        && (char.IsControl(c) || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069'));

    private static string Shown(char c) => Controls(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}") : c.ToString();

    private sealed class Writer(TextWriter console) : TextWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => console.Encoding;

        public override void Write(char value) => console.Write(Of(value.ToString()));

        public override void Write(string? value) => console.Write(value is null ? null : Of(value));

        public override void Write(char[] buffer, int index, int count) => console.Write(Of(new string(buffer, index, count)));

        public override void Write(ReadOnlySpan<char> buffer) => console.Write(Of(buffer.ToString()));

        public override void Flush() => console.Flush();
    }
}
