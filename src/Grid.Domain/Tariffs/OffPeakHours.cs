using System.Collections.Immutable;

namespace Grid.Domain;

/// <summary>A home's off-peak hours, in local time; one span may go over midnight.</summary>
public sealed record OffPeakHours(ImmutableArray<(LocalTime From, LocalTime To)> Spans)
{
    /// <summary>From 22 to 6, as Tempo has it everywhere.</summary>
    public static OffPeakHours Night { get; } = new([(new LocalTime(22, 0), new LocalTime(6, 0))]);

    public bool Contains(LocalTime time)
    {
        foreach (var (from, to) in Spans)
            if (from <= to ? time >= from && time < to : time >= from || time < to) return true;
        return false;
    }
}
