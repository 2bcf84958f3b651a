using Grid.Domain;

namespace Grid.UnitTests.Domain;

public class LocalCalendarTests
{
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");

    [Theory]
    [InlineData(2026, 3, 29, 46)]
    [InlineData(2026, 10, 25, 50)]
    [InlineData(2026, 11, 24, 48)]
    public void A_day_has_the_half_hours_that_its_clocks_show(int year, int month, int day, int halfHours) =>
        Paris.SlotsOf(new(year, month, day)).Should().HaveCount(halfHours);

    [Fact]
    public void Twenty_one_years_of_slots_follow_one_another_without_a_gap()
    {
        var next = Paris.StartOf(new(2020, 1, 1));
        for (var day = new LocalDate(2020, 1, 1); day < new LocalDate(2041, 1, 1); day = day.PlusDays(1))
        {
            foreach (var slot in Paris.SlotsOf(day))
            {
                slot.Start.Should().Be(next);
                next = slot.End;
            }

            Paris.StartOf(day.PlusDays(1)).Should().Be(next);
        }
    }

    [Fact]
    public void A_name_that_is_no_time_zone_is_refused_with_an_example()
    {
        var act = () => LocalCalendar.For("Paris");

        act.Should().Throw<FormatException>().WithMessage("*Europe/Paris*");
    }
}
