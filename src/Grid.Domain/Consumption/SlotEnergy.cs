namespace Grid.Domain;

/// <summary>The energy of one slot in whole watt-hours. Null is unknown, never zero.</summary>
public readonly record struct SlotEnergy(long? ImportWh, long? ExportWh, Quality Quality)
{
    public static readonly SlotEnergy Unknown = new(null, null, Quality.Unknown);
}
