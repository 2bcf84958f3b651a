namespace Grid.Faults;

/// <summary>A store that hangs, fails or refuses when a row says so.</summary>
internal sealed class FaultyStore(IReadingStore inner) : IReadingStore
{
    /// <summary>Throws: it is away. Waits: it hangs.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public async Task<IReadOnlyList<RefusedReading>> WriteAsync(IReadOnlyList<Reading> readings, CancellationToken ct)
    {
        await Before(ct);
        return await inner.WriteAsync(readings, ct);
    }

    public async Task<IReadOnlyList<Reading>> ReadAroundAsync(MeterName meter, Instant from, Instant to, CancellationToken ct)
    {
        await Before(ct);
        return await inner.ReadAroundAsync(meter, from, to, ct);
    }

    public IAsyncEnumerable<Reading> ReadAsync(MeterName meter, Instant from, Instant to, CancellationToken ct) => inner.ReadAsync(meter, from, to, ct);

    public async Task<IReadOnlyDictionary<MeterName, Reading>> LatestAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct)
    {
        await Before(ct);
        return await inner.LatestAsync(meters, ct);
    }

    public Task<IReadOnlyList<MeterName>> MetersAsync(CancellationToken ct) => inner.MetersAsync(ct);

    public Task ForgetAsync(Instant before, CancellationToken ct) => inner.ForgetAsync(before, ct);

    public async Task CheckAsync(CancellationToken ct)
    {
        await Before(ct);
        await inner.CheckAsync(ct);
    }
}
