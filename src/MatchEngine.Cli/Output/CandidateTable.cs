namespace MatchEngine.Cli.Output;

/// <summary>A candidate as the table shows it.</summary>
/// <param name="Rank">Place on the list, from 1.</param>
/// <param name="Subject">The subject's id.</param>
/// <param name="Score">The score as it is told.</param>
/// <param name="Fmr">What it is worth.</param>
/// <param name="Strangers">How many strangers are expected to score as high.</param>
/// <param name="Encounter">The photo that scored, and where it came from.</param>
/// <param name="Biographics">What is known of the subject.</param>
internal sealed record CandidateRow(
    int Rank, string Subject, string Score, string Fmr, string Strangers, string Encounter,
    IEnumerable<KeyValuePair<string, string>> Biographics)
{
    /// <summary>The photo that scored: its reference, the face where there are several, and its source on a line of its own.</summary>
    public static string Photo(string? image, int face, int facesFound, string? source) =>
        image + (facesFound > 1 ? $" (face {face} of {facesFound})" : "") + (source is { } url ? $"\n{url}" : "");
}

/// <summary>The table of candidates, of this machine's galleries and of a service's alike.</summary>
internal static class CandidateTable
{
    /// <summary>What is said of the strangers that a list without a floor holds.</summary>
    public const string WithoutFloor = "Without a floor every place on the list is filled, with strangers when the person is not "
        + "enrolled; the column 'strangers' says how many are expected to score as high.";

    /// <summary>Writes the candidates, or a sentence where there are none.</summary>
    public static void Write(IReadOnlyCollection<CandidateRow> rows, string none)
    {
        if (rows.Count == 0)
        {
            Console.WriteLine(none);
            return;
        }
        var table = Terminal.Table(">rank", "subject", ">score", ">FMR", ">strangers", "encounter", "biographics");
        foreach (var row in rows)
            table.AddPlainRow(
                $"{row.Rank}", row.Subject, row.Score, row.Fmr, row.Strangers, row.Encounter,
                string.Join(", ", row.Biographics.Select(pair => $"{pair.Key}={pair.Value}")));
        Terminal.Out.Write(table);
    }

    /// <summary>How many strangers are expected to reach the floor, in a sentence.</summary>
    /// <param name="value">The number; null where it cannot be said.</param>
    /// <param name="low">The lower limit of its interval.</param>
    /// <param name="high">The upper limit, or a bound where there is no number.</param>
    /// <param name="population">Who they are.</param>
    /// <param name="reason">Why there is no number, in words.</param>
    public static string Expected(double? value, double? low, double? high, string population, string? reason) => high is null
        ? $"How many strangers reach the floor by chance cannot be said: {reason} ({population})."
        : $"Strangers expected to reach the floor by chance, on average: {Terminal.Strangers(value, high)}"
            + (value is not null && low is { } least ? $" ({Terminal.Rough(least)} … {Terminal.Rough(high.Value)}, 95 %)" : "")
            + $", by this probe's scores with {population}.";
}
