namespace Grid.Domain;

/// <summary>Where readings live: InfluxDB, or an embedded SQLite file. Both pass the same contract tests.</summary>
public interface IReadingStore
{
    /// <summary>
    /// Writes readings; a reading whose key is there already replaces it, so repeating a call changes nothing.
    /// Waits and tries again while the store is unreachable, so it returns only once every reading has an answer.
    /// </summary>
    /// <returns>Positions in <paramref name="readings"/> that the store will never take, with its own words for why.</returns>
    Task<IReadOnlyList<RefusedReading>> WriteAsync(IReadOnlyList<Reading> readings, CancellationToken ct);

    /// <summary>
    /// One meter's readings in time order from <paramref name="from"/> to before <paramref name="to"/>, led by the last one
    /// before and followed by the first one after, where there are such: so that slot borders can be interpolated.
    /// </summary>
    Task<IReadOnlyList<Reading>> ReadAroundAsync(MeterName meter, Instant from, Instant to, CancellationToken ct);

    /// <summary>One meter's readings in time order from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    IAsyncEnumerable<Reading> ReadAsync(MeterName meter, Instant from, Instant to, CancellationToken ct);

    /// <summary>The newest reading of each meter that has one.</summary>
    Task<IReadOnlyDictionary<MeterName, Reading>> LatestAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct);

    /// <summary>Every meter that has readings, the registry's or not.</summary>
    Task<IReadOnlyList<MeterName>> MetersAsync(CancellationToken ct);

    /// <summary>Deletes what each meter told before an instant, but never its newest reading, which its next one is held against. Repeating a call changes nothing.</summary>
    Task ForgetAsync(Instant before, CancellationToken ct);

    /// <summary>Throws with a sentence for the operator if the store cannot be used.</summary>
    Task CheckAsync(CancellationToken ct);
}

/// <param name="Position">Index in the batch that was written.</param>
/// <param name="Why">The store's own words.</param>
public sealed record RefusedReading(int Position, string Why);
