using CsCheck;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Money;

public sealed class HomeCostsTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For(LocalCalendar.DefaultZone);
    private static readonly HouseholdId Home = HouseholdId.Parse("h-1");
    private static readonly YearMonth March = new(2026, 3);
    private static readonly GridIntensity Default = new([], CarbonKind.Direct, Paris);
    private static readonly Tariff Base = Of("base", TariffOption.Base, (PricePeriod.All, 0.2m));
    private static readonly Tariff PeakOffPeak = Of("hphc", TariffOption.PeakOffPeak, (PricePeriod.Peak, 0.3m), (PricePeriod.OffPeak, 0.1m));

    [Fact]
    public void A_day_is_worth_the_mean_of_its_prices_by_when_energy_was_used()
    {
        var day = Day(new(2026, 3, 10), at => at.Hour < 6 ? 100 : at.Hour == 12 ? 300 : 0); // 1200 Wh off-peak, 600 Wh peak

        var worth = DayWorth.Of(day, Priced(PeakOffPeak), Default, Paris)!;

        worth.EurPerKwh.Should().BeApproximately(0.5m / 3, 1e-9m); // (1200 × 0.1 + 600 × 0.3) / 1800
        worth.IsSplit.Should().BeTrue();
        DayWorth.Of(day, Priced(Base), Default, Paris)!.Should().BeEquivalentTo(new { EurPerKwh = 0.2m, IsSplit = false, GramsPerKwh = 21.7, Source = IntensitySource.Year });
        DayWorth.Of(Day(new(2026, 3, 10), _ => 0), Priced(Base), Default, Paris).Should().BeNull();
        DayWorth.Of(day, Priced(Base with { From = new(2026, 3, 11) }), Default, Paris)!.EurPerKwh.Should().BeNull("nothing was priced yet");
    }

    [Fact]
    public void A_missing_hour_has_its_months_mean_and_a_missing_month_the_years_figure_of_the_direct_kind_alone()
    {
        var first = Paris.StartOf(new(2026, 3, 1));
        List<HourlyIntensity> hours = [.. Enumerable.Range(0, 24).Select(h => new HourlyIntensity(first + Duration.FromHours(h), 10 + h))];
        GridIntensity known = new(hours, CarbonKind.Direct, Paris);

        known.At(first + Duration.FromMinutes(90)).Should().Be((11d, IntensitySource.Hour));
        known.At(first + Duration.FromDays(5)).Should().Be((21.5d, IntensitySource.Month));
        known.At(Paris.StartOf(new(2026, 4, 1))).Should().Be((21.7d, IntensitySource.Year));
        known.At(Paris.StartOf(new(2023, 4, 1))).Should().Be((32d, IntensitySource.Year));
        new GridIntensity(hours[..23], CarbonKind.Direct, Paris).At(first + Duration.FromDays(5)).Should().Be((21.7d, IntensitySource.Year));
        new GridIntensity([], CarbonKind.LifeCycle, Paris).At(first).Should().BeNull();
    }

    [Fact]
    public void Savings_are_worth_each_days_price_and_their_band_the_mean_price()
    {
        BaselineModel model = new(12, null, null);
        List<UseDay> days = [new(new(2026, 3, 1), 10, 50), new(new(2026, 3, 2), 6, 50), new(new(2026, 3, 3), null, 50)];
        Dictionary<LocalDate, DayWorth> worths = new() { [new(2026, 3, 1)] = new(0.1m, false, 20, IntensitySource.Hour), [new(2026, 3, 2)] = new(0.3m, true, 40, IntensitySource.Month) };

        var worth = SavedWorth.Of(model, days, worths, bandKwh: 4)!;

        worth.Eur.Should().Be(2.00m); // 2 × 0.1 + 6 × 0.3
        worth.EurBand.Should().Be(0.70m); // 4 kWh × (10 × 0.1 + 6 × 0.3) / 16
        worth.Kg.Should().BeApproximately(0.28, 1e-12); // (2 × 20 + 6 × 40) / 1000
        worth.KgBand.Should().BeApproximately(0.11, 1e-12); // 4 × (10 × 20 + 6 × 40) / 16 / 1000
        (worth.EurIsEstimated, worth.Source).Should().Be((true, IntensitySource.Month));
        worths.Remove(new(2026, 3, 2));
        SavedWorth.Of(model, days, worths, 4)!.Should().BeEquivalentTo(new { Eur = (decimal?)null, EurBand = (decimal?)null, Kg = (double?)null });
    }

    [Fact]
    public void A_month_that_used_more_costs_what_it_cost_more() =>
        SavedWorth.Of(new(12, null, null), [new(new(2026, 3, 1), 14, 50)], new Dictionary<LocalDate, DayWorth> { [new(2026, 3, 1)] = new(0.2m, false, 20, IntensitySource.Hour) }, 1)!.Eur.Should().Be(-0.40m);

    [Fact]
    public void However_months_are_cut_their_worth_adds_up() => Gen.Select(Gen.Double[0.1, 40], Gen.Decimal[0.05m, 0.8m], Gen.Double[5, 100]).Array[2, 60].Sample(days =>
    {
        BaselineModel model = new(10, null, null);
        var first = new LocalDate(2026, 1, 1);
        List<UseDay> used = [.. days.Select((d, i) => new UseDay(first.PlusDays(i), d.Item1, 50))];
        var worths = used.Zip(days).ToDictionary(d => d.First.Day, d => new DayWorth(d.Second.Item2, false, d.Second.Item3, IntensitySource.Hour));
        var whole = SavedWorth.Of(model, used, worths, 3)!;
        var parts = SavedWorth.Sum([SavedWorth.Of(model, used[..1], worths, 1)!, SavedWorth.Of(model, used[1..], worths, 2)!], 3)!;
        return Math.Abs(whole.Eur!.Value - parts.Eur!.Value) <= 0.011m && Math.Abs(whole.Kg!.Value - parts.Kg!.Value) < 1e-9;
    });

    [Fact]
    public void The_action_worth_most_is_told_and_none_that_is_worth_little()
    {
        ActionFacts facts = new(0.2m, HeatingKwhPerDegree: 1.5, HeatingDays: 200, StandByW: 90, new PeakHours(6_000, 0.05m));

        SavingAction.Best(facts).Should().Be(new SavingAction(ActionKind.Heating, 60, 300));
        SavingAction.Best(facts with { HeatingKwhPerDegree = null }).Should().Be(new SavingAction(ActionKind.StandBy, 52, 262)); // 30 W × 8766 h
        SavingAction.Best(facts with { HeatingKwhPerDegree = null, StandByW = null }).Should().Be(new SavingAction(ActionKind.OffPeak, 10, 219));
        SavingAction.Best(facts with { HeatingKwhPerDegree = null, StandByW = 8, Peak = null }).Should().BeNull();
        SavingAction.Best(facts with { MeanEurPerKwh = null, Peak = null }).Should().BeNull("a month that is not priced as a whole has no mean price");
    }

    [Fact]
    public void A_month_has_its_bill_by_the_contract_of_each_day()
    {
        List<HouseholdDay> days = [.. March.ToDateInterval().Select(d => Day(d, _ => 250))];
        Pricing pricing = new(
            [new(Home, new(2026, 3, 16), "hphc", OffPeakHours.Night), new(Home, new(2026, 1, 1), "base", OffPeakHours.Night)], [Base, PeakOffPeak], new Dictionary<LocalDate, TempoColour>(), Paris);

        var costs = HomeCosts.Of(Home, March, days, heats: false, pricing, Default, saved: null, [], Paris);

        costs.Bill!.Lines.Where(l => l.Period is not null).Select(l => (l.Tariff, l.Period!.Value, l.Wh)).Should().Equal(
            ("base", PricePeriod.All, 180_000), ("hphc", PricePeriod.OffPeak, 63_500), ("hphc", PricePeriod.Peak, 128_000));
        costs.Bill.IsComplete.Should().BeTrue();
        costs.Action!.Kind.Should().Be(ActionKind.StandBy, "half a kilowatt goes on all night");
        HomeCosts.Of(Home, March, days, heats: true, pricing, Default, null, [], Paris).Action!.Kind.Should().Be(ActionKind.OffPeak, "it may be heating");
        costs.Carbon!.Kg.Should().BeApproximately(371.5 * 21.7 / 1000, 1e-9);
        costs.Carbon.GramsPerKwh.Should().BeApproximately(21.7, 1e-9);
        HomeCosts.FromJson(costs.ToJson()).Should().BeEquivalentTo(costs);
        HomeCosts.Of(Home, March, days, heats: false, new([], [Base], new Dictionary<LocalDate, TempoColour>(), Paris), Default, null, [], Paris).Bill.Should().BeNull("there is no contract");
    }

    [Fact]
    public void Off_peak_hours_are_spoken_of_only_to_who_has_them_and_by_the_days_that_had_them()
    {
        List<HouseholdDay> days = [.. March.ToDateInterval().Select(d => Day(d, _ => 250))];
        Contract peak = new(Home, new(2026, 3, 16), "hphc", OffPeakHours.Night), plain = new(Home, new(2026, 3, 1), "base", OffPeakHours.Night);

        PeakHours? Of(params Contract[] contracts)
        {
            Pricing pricing = new(contracts, [Base, PeakOffPeak], new Dictionary<LocalDate, TempoColour>(), Paris);
            return PeakHours.Of(days, MonthBill.Of(Bill.Of(days, pricing, Paris)), pricing);
        }

        Of(plain, peak).Should().Be(new PeakHours(8_000, 0.2m), "32 half-hours of 250 Wh on each of its 16 days");
        Of(peak with { From = plain.From }, plain with { From = peak.From }).Should().BeNull("it has one price now");
        Of(plain, peak, new(Home, new(2026, 3, 20), "", OffPeakHours.Night)).Should().BeNull("its contract has ended");
    }

    [Fact]
    public void Days_of_which_nothing_came_are_a_part_of_the_month()
    {
        var half = March.ToDateInterval().Where(d => d.Day <= 15).Select(d => Day(d, _ => 250)).ToList();

        var bill = HomeCosts.Of(Home, March, half, heats: false, Priced(Base), Default, null, [], Paris).Bill!;

        (bill.UnknownSlots, bill.IsComplete, bill.SubscriptionEur).Should().Be(((16 * 48) - 2, false, 15m), "one of them has 23 hours");
    }

    private static HouseholdDay Day(LocalDate day, Func<LocalTime, long> wh) =>
        new(Home, day, [.. Paris.SlotsOf(day).Select(s => new SlotEnergy(wh(Paris.Local(s.Start).TimeOfDay), null, Quality.Measured))]);

    private static Pricing Priced(Tariff tariff) => new([new(Home, new(2020, 1, 1), tariff.Name, OffPeakHours.Night)], [tariff], new Dictionary<LocalDate, TempoColour>(), Paris);

    private static Tariff Of(string name, TariffOption option, params (PricePeriod Period, decimal Eur)[] prices) =>
        new(name, new(2025, 1, 1), option, 6, 15, prices.ToDictionary(p => p.Period, p => p.Eur), null, 0.2m, 0.2m);
}
