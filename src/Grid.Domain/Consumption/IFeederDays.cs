namespace Grid.Domain;

/// <summary>A feeder's day that is not the sum of what hangs behind it, and losses (METHOD.md rule 1.15).</summary>
/// <param name="FeederWh">Import less export.</param>
/// <param name="BehindWh">The same, summed over the meters behind it.</param>
public sealed record FeederViolation(MeterName Feeder, LocalDate Day, long FeederWh, long BehindWh, Instant NoticedAt);

/// <summary>What was found of feeders' days.</summary>
public interface IFeederDays
{
    /// <summary>What is violated now.</summary>
    Task<IReadOnlyList<FeederViolation>> ViolationsAsync(CancellationToken ct);

    /// <summary>Makes <paramref name="violations"/> the whole truth about the days that were checked.</summary>
    Task MarkCheckedAsync(IReadOnlyCollection<(MeterName Feeder, LocalDate Day)> days, IReadOnlyCollection<FeederViolation> violations, CancellationToken ct);
}
