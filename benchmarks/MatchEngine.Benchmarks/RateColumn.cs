using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace MatchEngine.Benchmarks;

/// <summary>
/// Operations a second, in millions, from the median time: what capacity is planned with. One operation is one comparison of two templates.
/// </summary>
public sealed class RateColumn : IColumn
{
    public string Id => nameof(RateColumn);

    public string ColumnName => "M/s";

    public string Legend => "Million operations (comparisons of two templates) a second, from the median";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Statistics;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        summary[benchmarkCase]?.ResultStatistics is { } statistics ? $"{1e3 / statistics.Median:F1}" : "-";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
