using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

public class RollupTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly HouseholdId Home = HouseholdId.Parse("h-1");

    [Theory]
    [InlineData(Granularity.Slot, 50)]
    [InlineData(Granularity.Hour, 25)]
    [InlineData(Granularity.Day, 1)]
    [InlineData(Granularity.Month, 1)]
    [InlineData(Granularity.Year, 1)]
    public void An_autumn_day_keeps_its_energy_at_every_granularity(Granularity granularity, int values)
    {
        var day = new LocalDate(2026, 10, 25);

        var rolled = Rollup.By(granularity, [Flat(day, 10)], day, day.PlusDays(1), Paris);

        rolled.Should().HaveCount(values);
        rolled.Sum(v => v.ImportWh).Should().Be(500);
    }

    [Fact]
    public void Days_without_data_are_there_and_unknown()
    {
        var day = new LocalDate(2026, 11, 1);

        var rolled = Rollup.By(Granularity.Day, [Flat(day, 10)], day, day.PlusDays(3), Paris);

        rolled.Select(v => v.ImportWh).Should().Equal(480, null, null);
        rolled.Select(v => v.Quality).Should().Equal(Quality.Measured, Quality.Unknown, Quality.Unknown);
    }

    [Fact]
    public void A_month_with_a_missing_day_is_partial()
    {
        var first = new LocalDate(2026, 11, 1);
        var days = Enumerable.Range(0, 29).Select(i => Flat(first.PlusDays(i), 10));

        var month = Rollup.By(Granularity.Month, days, first, first.PlusMonths(1), Paris).Should().ContainSingle().Subject;

        month.ImportWh.Should().Be(29 * 480);
        month.Quality.Should().Be(Quality.Partial);
    }

    private static HouseholdDay Flat(LocalDate day, long wh) => new(Home, day, [.. Paris.SlotsOf(day).Select(_ => new SlotEnergy(wh, null, Quality.Measured))]);
}
