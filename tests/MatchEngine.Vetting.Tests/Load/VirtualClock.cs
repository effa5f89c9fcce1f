using MatchEngine.Vetting.Load;

namespace MatchEngine.Vetting.Tests.Load;

/// <summary>
/// A time that moves only while the pacing thread waits, and runs on that thread what becomes due meanwhile, in order: the same load gives
/// the same numbers on any machine.
/// </summary>
internal sealed class VirtualClock : LoadClock
{
    private readonly VirtualTime _time = new();

    public override TimeProvider Time => _time;

    public override void Pause(TimeSpan duration) => _time.Advance(duration);

    public override void Run(Action work) => work();

    /// <summary>Comes back after so long.</summary>
    public Task After(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Task.Delay(duration, _time, cancellationToken);

    private sealed class VirtualTime : TimeProvider
    {
        private readonly PriorityQueue<Timer, (long At, long Order)> _timers = new();
        private long _now;
        private long _order;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

        public void Advance(TimeSpan duration)
        {
            var end = _now + duration.Ticks;
            while (_timers.TryPeek(out var timer, out var due) && due.At <= end)
            {
                _timers.Dequeue();
                _now = Math.Max(_now, due.At);
                timer.Fire();
            }
            _now = end;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(callback, state);
            if (dueTime != Timeout.InfiniteTimeSpan)
                _timers.Enqueue(timer, (_now + dueTime.Ticks, _order++));
            return timer;
        }

        private sealed class Timer(TimerCallback callback, object? state) : ITimer
        {
            private bool _isOver;

            public void Fire()
            {
                if (!_isOver)
                    callback(state);
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

            public void Dispose() => _isOver = true;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
