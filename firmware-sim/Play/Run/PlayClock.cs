namespace Grid.FirmwareSim;

/// <summary>When a scenario's instant has come: at its speed from where it starts, and never ahead of the clock.</summary>
internal sealed class PlayClock(TimeProvider clock, Instant start, double speed)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly Instant _begun = Instant.FromDateTimeOffset(clock.GetUtcNow());

    public async ValueTask UntilAsync(Instant at, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        for (var wait = Remaining(at); wait > TimeSpan.Zero; wait = Remaining(at))
            await Task.Delay(wait < LongestWait ? wait : LongestWait, clock, ct);
    }

    private TimeSpan Remaining(Instant at)
    {
        if (at == Instant.MaxValue) return TimeSpan.Zero;
        var due = speed > 0 ? Instant.Max(at, _begun + ((at - start) / speed)) : at;
        var left = due - Instant.FromDateTimeOffset(clock.GetUtcNow());
        // Timers count whole milliseconds; one more keeps a wait from ending early and spinning.
        return left <= Duration.Zero ? TimeSpan.Zero : left.ToTimeSpan() + TimeSpan.FromMilliseconds(1);
    }
}
