namespace Grid.Domain;

/// <summary>The energy of one slot in whole watt-hours. Null is unknown, never zero.</summary>
public readonly record struct SlotEnergy(long? ImportWh, long? ExportWh, Quality Quality)
{
    public static readonly SlotEnergy None = new(0, 0, Quality.Measured);

    public static readonly SlotEnergy Unknown = new(null, null, Quality.Unknown);

    public static readonly SlotEnergy Rejected = new(null, null, Quality.Rejected);

    /// <summary>The energy of two parts, in time or by meter: as weak as the weaker, and not known unless both are.</summary>
    public static SlotEnergy operator +(SlotEnergy one, SlotEnergy other)
    {
        if (one.ImportWh is { } a && other.ImportWh is { } b) return new(a + b, one.ExportWh + other.ExportWh, QualityNames.Weaker(one.Quality, other.Quality));
        return one.Quality is Quality.Rejected || other.Quality is Quality.Rejected ? Rejected : Unknown;
    }
}
