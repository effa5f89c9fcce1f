using HdrHistogram;

namespace MatchEngine.Vetting.Load;

/// <summary>Times from 1 µs to an hour to three digits, from any thread, in bounded memory.</summary>
internal sealed class LatencyHistogram
{
    private const long Longest = 3_600_000_000;

    private readonly LongHistogram _microseconds = new(1, Longest, 3);
    private readonly Lock _gate = new();
    private double _sum;

    public void Record(TimeSpan time)
    {
        var microseconds = Math.Clamp((long)Math.Ceiling(time.TotalMicroseconds), 1, Longest);
        lock (_gate)
        {
            _microseconds.RecordValue(microseconds);
            _sum += microseconds;
        }
    }

    public LatencySummary Summary()
    {
        lock (_gate)
        {
            var count = _microseconds.TotalCount;
            double? At(double percentile) => count * (100 - percentile) < 100 - 1e-6 ? null
                : _microseconds.GetValueAtPercentile(percentile) / 1000.0;
            return new LatencySummary(
                count, count == 0 ? null : _sum / count / 1000, At(50), At(90), At(99), At(99.9),
                count == 0 ? null : _microseconds.GetValueAtPercentile(100) / 1000.0);
        }
    }
}
