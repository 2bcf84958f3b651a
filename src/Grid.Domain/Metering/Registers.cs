namespace Grid.Domain;

/// <summary>The cumulative registers of a meter at one instant, in whole watt-hours since the meter was made. They only rise.</summary>
/// <param name="ImportWh">Energy drawn from the grid, 0 to <see cref="MaxWh"/>.</param>
/// <param name="ExportWh">Energy fed into the grid; null where the meter does not say.</param>
/// <param name="TariffWh">The import again, split by tariff; null where the meter does not say.</param>
public readonly record struct Registers(long ImportWh, long? ExportWh = null, TariffRegisters? TariffWh = null)
{
    /// <summary>1,000 TWh: beyond any meter, and far enough from overflow to add a million of them.</summary>
    public const long MaxWh = 1_000_000_000_000_000;

    /// <summary>True if no register of <paramref name="later"/> stands below the same register here.</summary>
    public bool RiseTo(Registers later) =>
        later.ImportWh >= ImportWh && (ExportWh is null || later.ExportWh is null || later.ExportWh >= ExportWh);

    /// <summary>
    /// Holds a second report of the same instant against the first. A register absent on either side agrees with anything,
    /// so that it may be filled in later; a register present on both must be equal.
    /// </summary>
    public RegisterMatch Match(Registers offered)
    {
        if (offered.ImportWh != ImportWh
            || (ExportWh is { } held && offered.ExportWh is { } offeredExport && held != offeredExport)
            || (TariffWh is not null && offered.TariffWh is not null && TariffWh != offered.TariffWh))
            return RegisterMatch.Conflict;
        return (ExportWh is null && offered.ExportWh is not null) || (TariffWh is null && offered.TariffWh is not null)
            ? RegisterMatch.FillsIn
            : RegisterMatch.Same;
    }

    /// <summary>The union of two reports that do not conflict.</summary>
    public Registers FilledBy(Registers offered) => new(ImportWh, ExportWh ?? offered.ExportWh, TariffWh ?? offered.TariffWh);
}

/// <summary>What a second report of the same meter and instant says beside the first.</summary>
public enum RegisterMatch
{
    Same,
    FillsIn,
    Conflict,
}
