namespace Grid.Faults;

/// <summary>The system's clock, which a row sets forward and back. Its timers and, unless said, its timestamps go on as if nothing had happened.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private long _ticks;
    private long _monotonicTicks;

    /// <summary>Changes what time it is.</summary>
    public void Step(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

    /// <summary>Lets time pass, for all that measures durations.</summary>
    public void Pass(TimeSpan by)
    {
        Step(by);
        Interlocked.Add(ref _monotonicTicks, (long)(by.TotalSeconds * TimestampFrequency));
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _monotonicTicks);
}
