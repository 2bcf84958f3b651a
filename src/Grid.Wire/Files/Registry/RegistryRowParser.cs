using System.Globalization;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>Turns the cells of one row into words of the domain, and reports every cell that is none.</summary>
internal sealed class RegistryRowParser(RawRegistryRow raw, bool json, List<RowError> errors)
{
    private const int MaxName = 100;
    private const int MaxPowerW = 100_000_000;

    private readonly int _before = errors.Count;

    /// <summary>Null if anything in the row is at fault.</summary>
    public RegistryRow? Parse()
    {
        errors.AddRange(raw.Faults);
        var neighbourhood = Named("neighbourhood");
        var timeZone = Take("time_zone");
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone) is null) Fault("time_zone", $"'{timeZone}' is no time zone: write an IANA name such as {LocalCalendar.DefaultZone}.");
        var kind = Word("meter_kind", RegistryColumns.MeterKinds);
        var household = HouseholdOf(kind);
        if (!MeterName.TryParse(Take("meter"), out var meter)) Fault("meter", $"'{Take("meter")}' is no meter name: 1 to {Identifier.MaxLength} of letters, digits, '_' and '-' are.");
        if (!GatewayName.TryParse(Take("gateway"), out var gateway)) Fault("gateway", $"'{Take("gateway")}' is no gateway name: 3 to 32 of a-z, 0-9 and '-' are.");
        var from = At("installed_from");
        if (from is null && Take("installed_from").Length == 0) Fault("installed_from", "it is empty: write the UTC instant from which the meter hangs there, such as 2024-01-01T00:00:00Z.");
        var to = At("installed_to");
        if (to <= from) Fault("installed_to", "it does not lie after the start: write a later instant, or leave it empty while the meter hangs there.");
        long? maxPowerW = Count("max_power_w", "watts", 1, MaxPowerW);
        var feeder = FeederOf(kind, meter);
        return errors.Count > _before ? null : new(neighbourhood, timeZone, household, new(meter, kind, gateway, household?.Id, from!.Value, to, maxPowerW, feeder));
    }

    private MeterName? FeederOf(MeterKind kind, MeterName meter)
    {
        var text = Take("feeder");
        if (text.Length == 0) return null;
        if (!MeterName.TryParse(text, out var feeder)) Fault("feeder", $"'{text}' is no meter name: 1 to {Identifier.MaxLength} of letters, digits, '_' and '-' are.");
        else if (kind is MeterKind.SubMeter) Fault("feeder", "a sub-meter hangs behind a main meter: leave it empty, and say it of the main meter.");
        else if (feeder == meter) Fault("feeder", $"{meter} cannot hang behind itself.");
        return feeder;
    }

    private Household? HouseholdOf(MeterKind kind)
    {
        if (Take("household").Length == 0)
        {
            if (kind is not (default(MeterKind) or MeterKind.Feeder or MeterKind.StreetLighting))
                Fault("household", $"it is empty: a {RegistryColumns.Name(kind)} meter belongs to a household; only a feeder or street-lighting does without.");
            foreach (var name in (string[])["building", "dwelling", "heating", "area_m2", "occupants"])
                if (Take(name).Length > 0) Fault(name, "it describes a household, and the row has none: leave it empty.");
            return null;
        }

        if (!HouseholdId.TryParse(Take("household"), out var id)) Fault("household", $"'{Take("household")}' is no household id: 1 to {Identifier.MaxLength} of letters, digits, '_' and '-' are.");
        return new(
            id, Named("building"), Word("dwelling", RegistryColumns.Dwellings), Word("heating", RegistryColumns.Heatings),
            Count("area_m2", "square metres", 1, 1_000_000), Count("occupants", "people", 0, 100_000));
    }

    private string Named(string column)
    {
        var text = Take(column);
        if (text.Length is 0 or > MaxName || text.Any(c => char.IsControl(c))) Fault(column, $"write a name of 1 to {MaxName} characters.");
        else if (text.Contains('\uFFFD', StringComparison.Ordinal)) Fault(column, $"'{text}' is not UTF-8: save the file as UTF-8.");
        return text;
    }

    private T Word<T>(string column, Words<T> words)
        where T : struct
    {
        if (!words.TryParse(Take(column), out var value)) Fault(column, $"'{Take(column)}' is none of {words.Choice}.");
        return value;
    }

    private int? Count(string column, string what, int min, int max)
    {
        var text = Take(column);
        if (text.Length == 0) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        Fault(column, FormattableString.Invariant($"'{text}' is no whole number of {what} from {min} to {max}: leave it empty if it is not known."));
        return null;
    }

    private Instant? At(string column)
    {
        var text = Take(column);
        if (text.Length == 0) return null;
        if (UtcText.TryParse(text, out var at)) return at;
        Fault(column, $"'{text}' is no UTC instant: write it as 2024-01-01T00:00:00Z.");
        return null;
    }

    private string Take(string column) => raw.Cells[IndexOf(column)];

    private void Fault(string column, string what) =>
        errors.Add(new(raw.Line, json ? RegistryColumns.All[IndexOf(column)].JsonName : column, what));

    private static int IndexOf(string column)
    {
        for (var i = 0; i < RegistryColumns.All.Count; i++)
            if (string.Equals(RegistryColumns.All[i].Name, column, StringComparison.Ordinal)) return i;
        throw new ArgumentException($"'{column}' is no registry column.", nameof(column));
    }
}
