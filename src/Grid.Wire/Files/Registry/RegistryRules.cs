using Grid.Domain;

namespace Grid.Wire;

/// <summary>What must hold between the rows of a registry file.</summary>
internal sealed class RegistryRules(bool json, List<RowError> errors)
{
    private readonly Dictionary<HouseholdId, (Household Household, long Line)> _households = [];
    private (RegistryRow Row, long Line)? _first;

    /// <summary>One neighbourhood, one time zone, and every household described in one way.</summary>
    public void Check(RegistryRow row, long line)
    {
        _first ??= (row, line);
        var (first, firstLine) = _first.Value;
        if (!string.Equals(row.Neighbourhood, first.Neighbourhood, StringComparison.Ordinal))
            Fault(line, 0, $"'{row.Neighbourhood}' here, '{first.Neighbourhood}' in line {firstLine}: a registry holds one neighbourhood.");
        if (!string.Equals(row.TimeZone, first.TimeZone, StringComparison.Ordinal))
            Fault(line, 1, $"'{row.TimeZone}' here, '{first.TimeZone}' in line {firstLine}: a neighbourhood has one time zone.");
        if (row.Household is not { } household) return;
        if (!_households.TryGetValue(household.Id, out var known)) _households.Add(household.Id, (household, line));
        else if (household != known.Household)
            Fault(line, 3, $"{household.Id} is described as {Words(household)} here and as {Words(known.Household)} in line {known.Line}: describe it in one way.");
    }

    /// <summary>A meter hangs in one place at a time.</summary>
    public void CheckOverlaps(IEnumerable<(RegistryRow Row, long Line)> rows)
    {
        foreach (var installs in rows.GroupBy(r => r.Row.Meter.Meter))
        {
            (MeterInstall Install, long Line)? longest = null;
            foreach (var (row, line) in installs.OrderBy(r => r.Row.Meter.From))
            {
                if (longest is { } other && (other.Install.To is null || other.Install.To > row.Meter.From))
                    Fault(line, 11, $"meter {row.Meter.Meter} hangs at gateway {other.Install.Gateway} until {(other.Install.To is { } to ? UtcText.Format(to) : "further notice")} (line {other.Line}): a meter is in one place at a time; end that row first.");
                if (longest is null || row.Meter.To is null || (longest.Value.Install.To is { } end && row.Meter.To > end)) longest = (row.Meter, line);
            }
        }
    }

    /// <summary>What meters hang behind is a feeder, as far as the file tells.</summary>
    public void CheckFeeders(IReadOnlyList<(RegistryRow Row, long Line)> rows)
    {
        var kinds = rows.ToLookup(r => r.Row.Meter.Meter, r => r.Row.Meter.Kind);
        foreach (var (row, line) in rows)
        {
            if (row.Meter.Feeder is { } feeder && kinds[feeder].FirstOrDefault(k => k is not MeterKind.Feeder) is var other and not default(MeterKind))
                Fault(line, 14, $"{feeder} is a {RegistryColumns.Name(other)} meter: name a meter of kind feeder.");
        }
    }

    private static string Words(Household home) => FormattableString.Invariant(
        $"{RegistryColumns.Name(home.Dwelling)}, {RegistryColumns.Name(home.Heating)}, {home.AreaM2?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"} m2, {home.Occupants?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"} occupants, building '{home.Building}'");

    private void Fault(long line, int column, string what) =>
        errors.Add(new(line, json ? RegistryColumns.All[column].JsonName : RegistryColumns.All[column].Name, what));
}
