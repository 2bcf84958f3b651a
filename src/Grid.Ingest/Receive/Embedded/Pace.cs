namespace Grid.Ingest;

/// <summary>One gateway's rate: a second's worth at once, then evenly.</summary>
internal sealed class Pace(int perSecond, TimeProvider clock)
{
    private readonly long _interval = TimeSpan.TicksPerSecond / perSecond;
    private readonly long _began = clock.GetTimestamp();
    private readonly Lock _lock = new();
    private long _due = -TimeSpan.TicksPerSecond;

    /// <summary>Counts one more, and says for how long it has to wait.</summary>
    public TimeSpan Next()
    {
        lock (_lock)
        {
            var now = clock.GetElapsedTime(_began).Ticks;
            _due = Math.Max(_due, now - TimeSpan.TicksPerSecond) + _interval;
            return TimeSpan.FromTicks(Math.Max(0, _due - now));
        }
    }
}
