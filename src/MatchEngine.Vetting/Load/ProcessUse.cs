using System.ComponentModel;
using System.Diagnostics;

namespace MatchEngine.Vetting.Load;

/// <summary>What a local target's process used while it was under load.</summary>
/// <param name="ProcessorSeconds">Processor time.</param>
/// <param name="Cores">Processor time over time: 1 is one core kept busy.</param>
/// <param name="PeakWorkingSet">The largest resident memory seen, in bytes; sampled some times a second.</param>
/// <param name="IsOwnProcess">Whether the target runs in the generator's own process, whose use is in these numbers.</param>
/// <param name="HasEnded">Whether the process ended before the load did.</param>
public sealed record ProcessUse(double ProcessorSeconds, double Cores, long PeakWorkingSet, bool IsOwnProcess, bool HasEnded);

/// <summary>Watches a process of this machine by its id.</summary>
public sealed class ProcessWatch : IDisposable
{
    private readonly Process _process;
    private readonly Stopwatch _time = new();
    private TimeSpan _before;
    private TimeSpan _used;
    private TimeSpan _at;
    private long _peak;
    private bool _hasEnded;

    private ProcessWatch(Process process) => _process = process;

    /// <summary>Whether it is this process that is watched.</summary>
    public bool IsOwnProcess => _process.Id == Environment.ProcessId;

    /// <summary>Finds a process.</summary>
    /// <param name="processId">Its id on this machine.</param>
    /// <returns>The watch; null when there is no such process.</returns>
    public static ProcessWatch? Of(int processId)
    {
        try
        {
            return new ProcessWatch(Process.GetProcessById(processId));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Begins anew.</summary>
    internal void Begin()
    {
        (_peak, _used) = (0, TimeSpan.Zero);
        _time.Restart();
        _before = TimeSpan.Zero;
        Sample();
        _before = _used;
        _used = TimeSpan.Zero;
    }

    /// <summary>Looks at the process.</summary>
    internal void Sample()
    {
        try
        {
            _process.Refresh();
            _used = _process.TotalProcessorTime - _before;
            _peak = Math.Max(_peak, _process.WorkingSet64);
            _at = _time.Elapsed;
        }
        // Which of them it is depends on whether the process was still there when it was looked up.
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            _hasEnded = true;
        }
    }

    /// <summary>What was used since <see cref="Begin"/>.</summary>
    internal ProcessUse Result()
    {
        Sample();
        return new ProcessUse(
            _used.TotalSeconds, _at > TimeSpan.Zero ? _used / _at : 0, _peak, IsOwnProcess, _hasEnded);
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
