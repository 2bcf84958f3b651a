using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Savings;

/// <summary>METHOD.md rule 5.15.</summary>
public class HomeSavingsTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly HouseholdId Home = HouseholdId.Parse("h-1");
    private static readonly LocalDate Start = new(2026, 1, 1);

    [Fact]
    public void Months_since_the_change_add_up_and_a_month_that_fed_in_spoils_them_from_then_on()
    {
        var january = Saved(new(2026, 1), [], exportWh: null);
        var february = Saved(new(2026, 2), [january], exportWh: null);
        february.SinceStart.Days.Should().Be(30 + 28);
        february.SinceStart.SavedKwh.Should().BeApproximately(january.OfMonth.SavedKwh + february.OfMonth.SavedKwh, 1e-9);
        february.SinceStart.Verdict.Should().Be(Verdict.Saved);
        HomeSavings.FromJson(february.ToJson()).Should().BeEquivalentTo(february);

        var sunny = Saved(new(2026, 2), [january], exportWh: 100);
        var march = Saved(new(2026, 3), [january, sunny], exportWh: null);

        (sunny.OfMonth.Verdict, march.OfMonth.Verdict).Should().Be((Verdict.NotEnoughData, Verdict.Saved));
        march.SinceStart.Should().Match<SavedEnergy>(s => s.Verdict == Verdict.NotEnoughData && s.Reasons.Any(r => r.Code == Sufficiency.FeedsIn));
    }

    private static HomeSavings Saved(YearMonth month, HomeSavings[] earlier, long? exportWh) =>
        HomeSavings.Of(Baseline(), month, Start, Days(month.OnDayOfMonth(1), month.PlusMonths(1).OnDayOfMonth(1), 0.8, exportWh), Celsius(), earlier, Paris);

    private static HomeBaseline Baseline() => HomeBaseline.Of(Home, Days(new(2025, 1, 1), Start, 1, exportWh: null), Celsius(), Start, Paris);

    private static Dictionary<LocalDate, DayTotal> Days(LocalDate from, LocalDate to, double factor, long? exportWh) => Dates(from, to).ToDictionary(
        day => day, day => new DayTotal(Home, day, (long)(factor * (5_000 + (900 * Math.Max(0, 16 - Degrees(day))) + (day.DayOfYear * 7919 % 800))), exportWh, Quality.Measured, 48, 48));

    private static Dictionary<LocalDate, DailyTemperature> Celsius() => Dates(new(2025, 1, 1), new(2026, 5, 1)).ToDictionary(day => day, day => new DailyTemperature(Degrees(day), 1));

    private static double Degrees(LocalDate day) => 12 - (9 * Math.Cos(2 * Math.PI * day.DayOfYear / 365));

    private static IEnumerable<LocalDate> Dates(LocalDate from, LocalDate to)
    {
        for (var day = from; day < to; day = day.PlusDays(1)) yield return day;
    }
}
