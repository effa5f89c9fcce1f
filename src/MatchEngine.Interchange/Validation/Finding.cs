namespace MatchEngine.Interchange.Validation;

/// <summary>Something about a transaction that is not as the standard wants it. It never stops the reading.</summary>
/// <param name="Record">Place of the record in the file, from 1; 0 for the file as a whole.</param>
/// <param name="Field">The field's tag, e.g. <c>10.004</c>, or <c>10</c> for a record as a whole; empty for the file.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Problem">What is wrong. It repeats codes and numbers, never names, text or pixels.</param>
/// <param name="Expected">What the standard wants.</param>
/// <param name="Clause">The clause of ANSI/NIST-ITL 1-2011 that says so.</param>
public sealed record Finding(int Record, string Field, Severity Severity, string Problem, string Expected, string Clause);

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Unusual or of an older version; every reader copes.</summary>
    Note,

    /// <summary>Against the standard, and the meaning is clear all the same.</summary>
    Warning,

    /// <summary>Against the standard in a way that makes strict readers refuse the file, or information is lost.</summary>
    Error,
}

/// <summary>Gathers findings and keeps their number within bounds: a damaged file of megabytes could have one for each byte.</summary>
internal sealed class FindingList
{
    public const int Most = 10_000;

    private readonly List<Finding> _findings = [];
    private long _leftOut;

    public void Add(int record, string field, Severity severity, string problem, string expected, string clause) =>
        Add(new Finding(record, field, severity, problem, expected, clause));

    public void Add(Finding finding)
    {
        if (_findings.Count < Most)
            _findings.Add(finding);
        else
            _leftOut++;
    }

    /// <summary>The findings by record and field, those of the file as a whole first; a last one says how many were left out.</summary>
    public IReadOnlyList<Finding> ToList() => _leftOut == 0
        ? [.. InOrder()]
        : [.. InOrder(), new Finding(
            0, "", Severity.Error, $"{_leftOut} further findings are not listed", $"at most {Most} are listed", "")];

    // Tags of a record differ after the point only, where they have three digits or more.
    private IEnumerable<Finding> InOrder() => _findings.OrderBy(finding => finding.Record).ThenBy(finding => finding.Field.Length)
        .ThenBy(finding => finding.Field, StringComparer.Ordinal);
}
