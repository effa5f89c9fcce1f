using System.Globalization;
using System.Text;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Headers;

/// <summary>
/// What a dialect's own form has no place for stands in headers of the answer: the disclaimer, what a profile changed, who was withheld.
/// A value is ASCII; what is not, and '%' and ',', is percent-encoded (UTF-8), so that a comma parts values and nothing else.
/// </summary>
internal static class Told
{
    private const string Prefix = "x-matchengine-";

    // Clients give up at 8 or 16 KiB of headers.
    private const int MaxNotices = 4096;

    /// <summary>What there is to say of a candidate list.</summary>
    /// <param name="headers">The answer's.</param>
    /// <param name="answer">The list.</param>
    /// <param name="withheld">How many of the list the dialect does not tell either, because they would be too few.</param>
    public static void Search(IHeaderDictionary headers, SearchAnswer answer, int withheld = 0)
    {
        headers[Prefix + "search-id"] = answer.Id;
        headers[Prefix + "model"] = Encoded(answer.List.Model);
        headers[Prefix + "withheld"] = Number(answer.List.Withheld + withheld);
        headers[Prefix + "minimum"] = Number(answer.List.MinCandidates);
        headers[Prefix + "floor-gave-way"] = answer.List.FloorGaveWay ? "true" : "false";
        if (answer.Examinations.Count > 0)
            headers[Prefix + "examinations"] = string.Join(", ", answer.Examinations);
        Reader(headers, answer.List.Disclaimer, answer.Notices);
    }

    /// <summary>What every reader is told, and what a profile changed of the request.</summary>
    public static void Reader(IHeaderDictionary headers, Disclaimer disclaimer, IReadOnlyList<string> notices)
    {
        headers[Prefix + "disclaimer"] = Encoded(disclaimer.Text);
        headers[Prefix + "disclaimer-version"] = Encoded(disclaimer.Version);
        Notices(headers, notices);
    }

    /// <summary>What else there is to say, as far as it fits.</summary>
    public static void Notices(IHeaderDictionary headers, IReadOnlyList<string> notices)
    {
        if (notices.Count == 0)
            return;
        var told = new List<string>();
        foreach (var notice in notices.Select(Encoded))
        {
            if (told.Sum(text => text.Length) + notice.Length > MaxNotices)
            {
                told.Add($"{Number(notices.Count - told.Count)} more are not told here");
                break;
            }
            told.Add(notice);
        }
        headers[Prefix + "notices"] = string.Join(", ", told);
    }

    /// <summary>That images are no more, or are sealed for an examination; to be said after their buffers were cleared.</summary>
    public static void Receipts(IHeaderDictionary headers, IEnumerable<DeletionReceipt> receipts) =>
        headers[Prefix + "receipt"] = string.Join(
            ", ", receipts.Select(receipt => $"{receipt.Algorithm} {receipt.Digest} {receipt.Status} {receipt.Time:O}"));

    /// <summary>Our own code of a problem, and the rule that demands it.</summary>
    public static void Problem(IHeaderDictionary headers, ProblemException problem)
    {
        headers[Prefix + "code"] = problem.Kind.Code;
        if (problem.Rule is { } rule)
            headers[Prefix + "rule"] = Encoded(rule);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Encoded(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (value is >= (byte)' ' and <= (byte)'~' and not (byte)'%' and not (byte)',')
                encoded.Append((char)value);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        return encoded.ToString().Trim();
    }
}
