using CsCheck;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Money;

public sealed class BillTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);

    // EDF's price grid of 2026-02-01, 6 kVA, TTC.
    private static readonly Tariff Base2026 = Of("base", new(2026, 2, 1), TariffOption.Base, 15.65m, (PricePeriod.All, 0.1940m));
    private static readonly Tariff Base2025 = Of("base", new(2025, 8, 1), TariffOption.Base, 15.65m, (PricePeriod.All, 0.1952m));
    private static readonly Tariff PeakOffPeak = Of("hphc", new(2026, 2, 1), TariffOption.PeakOffPeak, 15.65m, (PricePeriod.Peak, 0.2065m), (PricePeriod.OffPeak, 0.1579m));
    private static readonly Tariff Tempo = Of("tempo", new(2026, 2, 1), TariffOption.Tempo, 15.59m,
        (PricePeriod.BlueOffPeak, 0.1325m), (PricePeriod.BluePeak, 0.1612m), (PricePeriod.WhiteOffPeak, 0.1499m), (PricePeriod.WhitePeak, 0.1871m), (PricePeriod.RedOffPeak, 0.1575m), (PricePeriod.RedPeak, 0.7060m));

    [Fact]
    public void A_month_on_one_price_is_energy_and_subscription_to_the_cent()
    {
        var bill = BillOf(Base2026, Days(new(2026, 3, 1), 31, wh: 250)); // 31 days with the one of 23 hours

        bill.Lines.Select(l => (l.What, l.Wh, l.Eur)).Should().Equal((PricePeriod.All, 371_500, 72.07m), (null, 0, 15.65m));
        bill.Lines[0].VatEur.Should().Be(12.01m); // of 72.07 with 20 % in it
        bill.TotalEur.Should().Be(87.72m);
        bill.IsComplete.Should().BeTrue();
    }

    [Fact]
    public void A_price_that_changes_within_the_month_makes_two_lines()
    {
        var bill = Bill.Of(Days(new(2026, 1, 31), 2, wh: 1000), new([Contract("base")], [Base2026, Base2025], new Dictionary<LocalDate, TempoColour>(), Paris), Paris);

        bill.Lines.Where(l => l.What is not null).Select(l => (l.Tariff.From, l.Wh, l.Eur)).Should().Equal((new LocalDate(2025, 8, 1), 48_000, 9.37m), (new LocalDate(2026, 2, 1), 48_000, 9.31m));
    }

    [Fact]
    public void Off_peak_hours_go_over_midnight_by_the_clock_on_the_wall()
    {
        Lines(BillOf(PeakOffPeak, Days(new(2026, 6, 1), 1, wh: 100))).Should().Equal((PricePeriod.OffPeak, 1600), (PricePeriod.Peak, 3200));
        Lines(BillOf(PeakOffPeak, Days(new(2026, 10, 25), 1, wh: 100))).Should().Equal((PricePeriod.OffPeak, 1800), (PricePeriod.Peak, 3200));
        Lines(BillOf(PeakOffPeak, Days(new(2026, 3, 29), 1, wh: 100))).Should().Equal((PricePeriod.OffPeak, 1400), (PricePeriod.Peak, 3200));
    }

    [Fact]
    public void A_tempo_day_runs_from_six_to_six_and_one_without_a_colour_is_told()
    {
        var bill = BillOf(Tempo, Days(new(2026, 11, 26), 1, wh: 100), (new(2026, 11, 25), TempoColour.Blue), (new(2026, 11, 26), TempoColour.Red));
        Lines(bill).Should().Equal((PricePeriod.BlueOffPeak, 1200), (PricePeriod.RedOffPeak, 400), (PricePeriod.RedPeak, 3200));

        var part = BillOf(Tempo, Days(new(2026, 11, 26), 1, wh: 100), (new(2026, 11, 25), TempoColour.Blue));
        (part.UnpricedWh, part.IsComplete).Should().Be((3600, false));
    }

    [Fact]
    public void Energy_fed_in_is_credited_and_unknown_half_hours_are_told()
    {
        var day = new HouseholdDay(HouseholdId.Parse("h-1"), new(2026, 6, 1), [.. Enumerable.Range(0, 48).Select(i => i < 2 ? SlotEnergy.Unknown : new(100, 200, Quality.Measured))]);

        var bill = BillOf(Base2026 with { FeedInPerKwh = 0.04m }, [day]);

        bill.Lines.Should().ContainSingle(l => l.IsFeedIn).Which.Eur.Should().Be(-0.37m); // 9.2 kWh
        (bill.UnknownSlots, bill.IsComplete).Should().Be((2, false));
    }

    [Fact]
    public void However_energy_lies_in_the_hours_every_watt_hour_is_in_one_line() => Gen.Int[0, 5000].Array[48].Array[1, 40].Sample(energies =>
    {
        var first = new LocalDate(2026, 3, 10);
        var days = energies.Select((slots, d) => new HouseholdDay(HouseholdId.Parse("h-1"), first.PlusDays(d),
            [.. Paris.SlotsOf(first.PlusDays(d)).Select((_, i) => new SlotEnergy(slots[i % 48], null, Quality.Measured))])).ToList();

        return new[] { Base2026, PeakOffPeak }.All(t => BillOf(t, days).Lines.Sum(l => l.Wh) == days.Sum(d => d.ImportWh));
    });

    private static Bill BillOf(Tariff tariff, IEnumerable<HouseholdDay> days, params (LocalDate Day, TempoColour Colour)[] colours) =>
        Bill.Of(days, new([Contract(tariff.Name)], [tariff], colours.ToDictionary(c => c.Day, c => c.Colour), Paris), Paris);

    private static Contract Contract(string tariff) => new(HouseholdId.Parse("h-1"), new(2020, 1, 1), tariff, OffPeakHours.Night);

    private static IEnumerable<(PricePeriod, long)> Lines(Bill bill) => bill.Lines.Where(l => l.What is not null).Select(l => (l.What!.Value, l.Wh));

    private static List<HouseholdDay> Days(LocalDate first, int count, long wh) =>
        [.. Enumerable.Range(0, count).Select(d => new HouseholdDay(HouseholdId.Parse("h-1"), first.PlusDays(d), [.. Paris.SlotsOf(first.PlusDays(d)).Select(_ => new SlotEnergy(wh, null, Quality.Measured))]))];

    private static Tariff Of(string name, LocalDate from, TariffOption option, decimal subscription, params (PricePeriod Period, decimal Eur)[] prices) =>
        new(name, from, option, 6, subscription, prices.ToDictionary(p => p.Period, p => p.Eur), null, 0.2m, 0.2m);
}
