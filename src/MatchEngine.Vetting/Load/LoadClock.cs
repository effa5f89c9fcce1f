namespace MatchEngine.Vetting.Load;

/// <summary>What a load is paced by: the time, how the one thread that paces waits, and where requests run.</summary>
internal class LoadClock
{
    /// <summary>The machine's time; requests run on the thread pool, so that one that computes before it waits holds up no other.</summary>
    public static LoadClock Real { get; } = new();

    /// <summary>The time.</summary>
    public virtual TimeProvider Time => TimeProvider.System;

    /// <summary>Lets the pacing thread wait; a millisecond is the least that an operating system keeps without burning a core.</summary>
    public virtual void Pause(TimeSpan duration) =>
        Thread.Sleep(duration < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : duration);

    /// <summary>Runs the beginning of a request.</summary>
    public virtual void Run(Action work) => ThreadPool.UnsafeQueueUserWorkItem(static w => w(), work, preferLocal: false);
}
