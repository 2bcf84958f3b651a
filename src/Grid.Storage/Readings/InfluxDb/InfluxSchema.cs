namespace Grid.Storage;

/// <summary>Every measurement, tag and field name in InfluxDB. Dashboards depend on them: a test holds each query against this list.</summary>
public static class InfluxSchema
{
    /// <summary>Raw readings, at the instant they were taken.</summary>
    public const string Reading = "reading";

    /// <summary>Half-hours of a household, at their start.</summary>
    public const string HouseholdSlot = "household_slot";

    /// <summary>Local days of a household, at their start.</summary>
    public const string HouseholdDay = "household_day";

    public const string MeterTag = "meter";

    public const string HouseholdTag = "household";

    public const string ImportWh = "import_wh";

    public const string ExportWh = "export_wh";

    public const string TariffWh = "tariff_wh";

    public const string PowerW = "power_w";

    public const string VoltageV = "voltage_v";

    /// <summary>A field, never a tag: a value that is corrected stays in its series.</summary>
    public const string QualityField = "quality";

    /// <summary>Tags and fields by measurement.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
    {
        [Reading] = [MeterTag, ImportWh, ExportWh, TariffWh, PowerW, VoltageV],
        [HouseholdSlot] = [HouseholdTag, ImportWh, ExportWh, QualityField],
        [HouseholdDay] = [HouseholdTag, ImportWh, ExportWh, QualityField],
    };
}
