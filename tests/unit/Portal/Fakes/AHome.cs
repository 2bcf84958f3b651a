using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Portal;

/// <summary>Builds days, tenancies and reports of one home.</summary>
public static class AHome
{
    public static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");

    public static readonly Household Household = new(HouseholdId.Parse("h-0042"), "Bâtiment A", DwellingKind.Apartment, HeatingKind.Electric, 61, 2);

    /// <param name="wh">Energy of each half-hour by its index; null where there are no data.</param>
    public static HouseholdDay Day(LocalDate day, Func<int, long?> wh) =>
        new(Household.Id, day, [.. Paris.SlotsOf(day).Select((_, i) => Slot(wh(i)))]);

    public static HouseholdDay Day(LocalDate day, long wh) => Day(day, _ => wh);

    public static Tenancy LivedInBy(Guid account, LocalDate from, LocalDate? to = null) => new(account, Household, from, to);

    public static MonthlyReport Report(
        YearMonth month, double? change = null, double? celsius = null, double? celsiusBefore = null, long? wh = 300_000, NeighbourComparison? neighbours = null)
    {
        var energy = new MonthEnergy(30, 30, wh, wh / 30, wh is null ? "unknown" : "measured");
        return new(
            Household.Id.Value,
            month.ToString("uuuu-MM", System.Globalization.CultureInfo.InvariantCulture),
            energy,
            change is null ? null : energy with { ImportWh = 320_000, WhPerDay = 10_667 },
            change,
            celsius,
            celsiusBefore,
            neighbours ?? new(0, null, null, null, NeighbourComparison.TooFewHomes));
    }

    public static StoredResult Stored(MonthlyReport report, YearMonth month) =>
        new(MonthlyReport.Key(Household.Id, month), 1, Instant.FromUtc(2026, 11, 1, 4, 0), report.ToJson(), null);

    private static SlotEnergy Slot(long? wh) => wh is null ? SlotEnergy.Unknown : new(wh, 0, Quality.Measured);
}
