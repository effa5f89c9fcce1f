using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Reports.Pages;

namespace MatchEngine.Evaluation.Reports;

/// <summary>What a report says first: what was tested on whom, and the numbers that matter, as its page has them at its head.</summary>
public sealed class ReportHeadline
{
    private ReportHeadline(JsonObject report)
    {
        Kind = report.Text("kind") ?? throw new FormatException("the report does not say of which kind it is");
        Sentence = Headline.Sentence(report);
        System = report.Text("provenance.system");
        DataSet = report.Text("provenance.dataSet.name");
        Protocol = report.Text("provenance.protocol.name");
        (Photos, Subjects) = (Whole(report, "counts.images"), Whole(report, "counts.subjects") ?? Whole(report, "counts.gallerySubjects"));
        Numbers =
        [
            .. Headline.Figures(report).Select(number => new HeadlineNumber(number.Name, number.Figure, number.Text)
            {
                Interval = number is { Low: { } low, High: { } high } ? (low, high) : null,
            }),
        ];
    }

    /// <summary>The kind of evaluation: <c>verification</c> or <c>identification</c>.</summary>
    public string Kind { get; }

    /// <summary>What was tested, in one sentence.</summary>
    public string Sentence { get; }

    /// <summary>The system that was tested; null where the report does not name it.</summary>
    public string? System { get; }

    /// <summary>The data set; null where the report does not name it.</summary>
    public string? DataSet { get; }

    /// <summary>The protocol; null where the report does not name it.</summary>
    public string? Protocol { get; }

    /// <summary>How many photos were used; null where that is not known.</summary>
    public long? Photos { get; }

    /// <summary>How many subjects; null where that is not known.</summary>
    public long? Subjects { get; }

    /// <summary>The numbers that matter, three at most.</summary>
    public IReadOnlyList<HeadlineNumber> Numbers { get; }

    /// <summary>Reads the head of a report.</summary>
    /// <param name="report">The content of <c>report.json</c>.</param>
    /// <exception cref="FormatException">It is no report.</exception>
    public static ReportHeadline Read(Stream report)
    {
        ArgumentNullException.ThrowIfNull(report);
        try
        {
            return new ReportHeadline(
                JsonNode.Parse(report) as JsonObject ?? throw new FormatException("a report is a JSON object"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("the report is no JSON of ours", e);
        }
    }

    /// <summary>Why the numbers of two reports do not stand beside each other as those of two systems would; null: nothing is in the
    /// way.</summary>
    /// <param name="other">The other report.</param>
    public string? Apart(ReportHeadline other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Kind != other.Kind ? "one is of searches and the other of comparisons: none of their numbers mean the same"
            : DataSet is null || other.DataSet is null ? "not both say on which data set they were measured"
            : DataSet != other.DataSet ? $"they were measured on different people: {DataSet}, and {other.DataSet}"
            : Protocol != other.Protocol
                ? $"they were measured by different protocols: {Protocol ?? "none"}, and {other.Protocol ?? "none"}"
            : Photos != other.Photos ? "they were measured on different numbers of photos"
            : null;
    }

    private static long? Whole(JsonObject report, string path) =>
        report.Number(path) is { } number && number is >= 0 and < long.MaxValue ? (long)number : null;
}

/// <summary>A number at the head of a report.</summary>
/// <param name="Name">What it is: "FNMR at FMR 1e-4".</param>
/// <param name="Figure">The number, or its bound, as it is read.</param>
/// <param name="Text">The counts behind it and its interval, in words.</param>
public sealed record HeadlineNumber(string Name, string Figure, string Text)
{
    /// <summary>The ends of its interval; null where none can be said.</summary>
    public (double Low, double High)? Interval { get; init; }

    /// <summary>Whether the intervals of two numbers have a value in common; null where one of them has none.</summary>
    public bool? Overlaps(HeadlineNumber other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Interval, other.Interval) is ({ } own, { } its) ? own.Low <= its.High && its.Low <= own.High : null;
    }
}
