namespace MatchEngine.Service.Sandbox;

/// <summary>
/// The time of a sandbox: the machine's, and as far ahead of it as somebody moved it. It stands in the place of the machine's clock for
/// every rule of the service; what is measured of requests (their deadlines, their rates) runs by the machine's all the same.
/// </summary>
internal sealed class MovableClock : TimeProvider
{
    /// <summary>How far it can be moved: beyond every retention there is, and within the life of the sandbox's keys.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(90 * 365);

    private readonly Lock _moving = new();
    private long _ahead;

    /// <summary>How far it is ahead of the machine's.</summary>
    public TimeSpan Ahead => new(Interlocked.Read(ref _ahead));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    /// <summary>Moves it by a step that depends on where it stands: years and months have different lengths.</summary>
    /// <param name="step">From the present time to the wanted one.</param>
    /// <returns>The time before and after, or null when that is no time that it can be moved to.</returns>
    public (DateTimeOffset From, DateTimeOffset To)? Move(Func<DateTimeOffset, DateTimeOffset> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        lock (_moving)
        {
            var machine = base.GetUtcNow();
            var from = machine + Ahead;
            var to = step(from);
            if (to < from || to - machine > Furthest)
                return null;
            Interlocked.Exchange(ref _ahead, (to - machine).Ticks);
            return (from, to);
        }
    }
}
