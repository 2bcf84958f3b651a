using Grid.Domain;

namespace Grid.Wire;

/// <summary>One row of a registry import: a meter in its place, and the household that it measures.</summary>
/// <param name="Household">Null for a meter of the neighbourhood, such as a feeder; equal to the meter's where there is one.</param>
public sealed record RegistryRow(string Neighbourhood, string TimeZone, Household? Household, MeterInstall Meter);

/// <param name="Line">Line of the file, from 1; in JSON the line on which the object begins.</param>
/// <param name="Column">As the file spells it; null where the fault is the whole row's.</param>
/// <param name="What">What is wrong, and what would be right.</param>
public sealed record RowError(long Line, string? Column, string What)
{
    public override string ToString() => FormattableString.Invariant($"line {Line}{(Column is null ? "" : $", column {Column}")}: {What}");
}

/// <summary>A registry file as read: import it only if there are no errors.</summary>
public sealed record RegistryContent(IReadOnlyList<RegistryRow> Rows, IReadOnlyList<RowError> Errors);
