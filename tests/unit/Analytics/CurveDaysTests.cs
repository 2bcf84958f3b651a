using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

public class CurveDaysTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");

    [Theory]
    [InlineData("2026-03-29", 46)]
    [InlineData("2026-10-25", 50)]
    [InlineData("2026-11-24", 48)]
    public void A_day_holds_exactly_what_its_half_hours_drew(string date, int halfHours)
    {
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value;

        var found = CurveDays.Of(Paris.SlotsOf(day).Select((slot, i) => (slot, (long)i)), Paris).Should().ContainSingle().Subject;

        found.Kwh.Should().Be(halfHours * (halfHours - 1) / 2 * 0.5m / 1000);
        found.Intervals.Should().Be(halfHours);
        found.Quality.Should().Be(Quality.Measured);
    }

    [Fact]
    public void A_missing_half_hour_makes_the_day_partial_and_a_silent_day_between_is_unknown()
    {
        var day = new LocalDate(2026, 11, 24);
        var slots = Paris.SlotsOf(day).Skip(1).Concat(Paris.SlotsOf(day.PlusDays(2)));

        var found = CurveDays.Of(slots.Select(slot => (slot, 100L)), Paris);

        found.Select(d => (d.Quality, d.Kwh)).Should().Equal((Quality.Partial, 2.35m), (Quality.Unknown, null), (Quality.Measured, 2.4m));
    }

    [Fact]
    public void An_interval_over_midnight_is_shared_out_by_time()
    {
        var midnight = Paris.StartOf(new(2026, 11, 24));

        var found = CurveDays.Of([(new(midnight - Duration.FromMinutes(15), midnight + Duration.FromMinutes(45)), 60)], Paris);

        found.Select(d => d.WattMinutes).Should().Equal(15 * 60, 45 * 60);
    }
}
