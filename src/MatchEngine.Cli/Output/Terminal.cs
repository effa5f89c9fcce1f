using System.Globalization;
using MatchEngine.Rates.Tails;
using Spectre.Console;

namespace MatchEngine.Cli.Output;

/// <summary>Text for people: answers on standard output, everything else on standard error.</summary>
internal static class Terminal
{
    /// <summary>Standard output.</summary>
    public static IAnsiConsole Out { get; } = Console(System.Console.Out);

    /// <summary>Standard error.</summary>
    public static IAnsiConsole Error { get; } = Console(System.Console.Error);

    /// <summary>A table in the house's style.</summary>
    /// <param name="columns">Heads; one that begins with '&gt;' is aligned to the right.</param>
    public static Table Table(params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        foreach (var column in columns)
        {
            var right = column.StartsWith('>');
            table.AddColumn(new TableColumn(new Text(right ? column[1..] : column))
            {
                Alignment = right ? Justify.Right : Justify.Left,
                NoWrap = right,
            });
        }
        return table;
    }

    /// <summary>Adds a row of plain text: a subject may well be called "[red]".</summary>
    public static void AddPlainRow(this Table table, params IEnumerable<string> cells) =>
        table.AddRow(cells.Select(cell => new Text(PlainText.Of(cell))));

    /// <summary>A score as it is printed everywhere: raw, four decimals.</summary>
    public static string Score(float score) => score.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>How many strangers to expect, to two digits; a bound; or "-" where it cannot be said.</summary>
    public static string Strangers(StrangersExpected said) => Strangers(said.Value, said.High);

    /// <summary>The same of a number and the upper limit beside it.</summary>
    public static string Strangers(double? value, double? high) =>
        value is { } number ? Rough(number) : high is { } bound ? "< " + Rough(bound) : "-";

    /// <summary>A number of people to expect: two digits are more than such an estimate supports.</summary>
    public static string Rough(double number) => number.ToString(number < 10 ? "G2" : "N0", CultureInfo.InvariantCulture);

    /// <summary>A number of bytes.</summary>
    public static string Bytes(long bytes) =>
        bytes < 1 << 20
            ? $"{bytes / 1024.0:0.#} KiB"
            : bytes < 1L << 30 ? $"{bytes / 1048576.0:0.#} MiB" : $"{bytes / 1073741824.0:0.##} GiB";

    private static IAnsiConsole Console(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        // Without a terminal there is no width to fit, and a table cut to 80 columns would lose words.
        if (ReferenceEquals(writer, System.Console.Out) ? System.Console.IsOutputRedirected : System.Console.IsErrorRedirected)
            console.Profile.Width = 240;
        return console;
    }
}
