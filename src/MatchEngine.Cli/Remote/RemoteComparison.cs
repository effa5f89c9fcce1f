using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using MatchEngine.Cli.Output;
using MatchEngine.Client;

namespace MatchEngine.Cli.Remote;

/// <summary><c>compare --service</c>: the score that a service gives two images. It never decides.</summary>
internal static class RemoteComparison
{
    /// <summary>Asks and shows.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(ParseResult parsed, string first, string second, CancellationToken cancellationToken)
    {
        using var connection = ServiceOptions.Open(parsed);
        using var a = ImageArgument.Read(first);
        using var b = ImageArgument.Read(second);
        var (sentA, sentB) = (a.Span.ToArray(), b.Span.ToArray());
        try
        {
            var comparison = await ServiceOptions.AskAsync(() => connection.Client.CompareAsync(
                new ComparisonRequest
                {
                    First = sentA,
                    Second = sentB,
                    Face = ServiceOptions.Face(parsed),
                    Purpose = ServiceOptions.Purpose(parsed),
                    ApprovalId = parsed.GetValue(ServiceOptions.Approval),
                },
                cancellationToken));
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new
                {
                    comparison.Score,
                    comparison.Fmr,
                    comparison.Populations,
                    comparison.Model,
                    A = new { comparison.First.Box, Quality = (object?)null },
                    B = new { comparison.Second.Box, Quality = (object?)null },
                    comparison.ScorePercent,
                    comparison.Receipts,
                });
            else
                Write(comparison);
            return ExitCode.Done;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sentA);
            CryptographicOperations.ZeroMemory(sentB);
        }
    }

    private static void Write(ComparisonResponse comparison)
    {
        var populations = WireRates.Populations(comparison.Populations);
        var score = comparison.Score is { } value
            ? Terminal.Score((float)value)
            : comparison.ScorePercent?.ToString("0.00", CultureInfo.InvariantCulture) + " %";
        Console.WriteLine(
            $"score {score}   FMR {RateOutput.Text(WireRates.Range(comparison.Fmr, populations))}   "
                + $"model {PlainText.Of(comparison.Model)}\nA score is no decision.");
        RateOutput.WritePopulations(Console.Out, [.. populations.Values]);
        foreach (var notice in comparison.Notices)
            Console.WriteLine(PlainText.Of($"Notice: {notice}."));
        Console.WriteLine();
        Console.WriteLine(PlainText.Of(comparison.Disclaimer.Text));
    }
}
