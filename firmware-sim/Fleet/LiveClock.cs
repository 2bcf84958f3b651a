namespace Grid.FirmwareSim;

/// <summary>Time of the simulation: runs faster than the clock from where it starts, and never ahead of it.</summary>
internal sealed class LiveClock(TimeProvider clock, Instant start, double speed)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Instant _begun = Real(clock);

    public Instant Now => speed <= 1 ? Real(clock) : Instant.Min(Real(clock), start + ((Real(clock) - _begun) * speed));

    /// <summary>Waits until the simulation's time has come to <paramref name="at"/>.</summary>
    public async Task UntilAsync(Instant at, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        for (var wait = Remaining(at); wait > TimeSpan.Zero; wait = Remaining(at))
            await Task.Delay(wait < LongestWait ? wait : LongestWait, clock, ct);
    }

    private TimeSpan Remaining(Instant at)
    {
        var real = at - Real(clock);
        var simulated = speed <= 1 ? Duration.Zero : (at - Now) / speed;
        var longer = Duration.Max(real, simulated);
        // Timers count whole milliseconds; one more keeps a wait from ending early and spinning.
        return longer <= Duration.Zero ? TimeSpan.Zero : longer.ToTimeSpan() + TimeSpan.FromMilliseconds(1);
    }

    private static Instant Real(TimeProvider clock) => Instant.FromDateTimeOffset(clock.GetUtcNow());
}
