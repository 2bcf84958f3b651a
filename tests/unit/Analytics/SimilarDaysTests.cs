using CsCheck;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

/// <summary>METHOD.md rule 1.7.</summary>
public class SimilarDaysTests
{
    private static readonly MeterName Meter = MeterName.Parse("m-1");
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly LocalDate Tuesday = new(2026, 11, 24);

    [Fact]
    public void A_day_without_readings_looks_like_the_same_weekday_around_it_scaled_to_its_register()
    {
        // 10 Wh a half-hour, 100 in the evenings of Tuesdays; on the silent one twice as much in all.
        var curve = Curve((day, slot) => (day.DayOfWeek is IsoDayOfWeek.Tuesday && slot is >= 36 and < 44 ? 100 : 10) * (day == Tuesday ? 2 : 1), silent: Tuesday);

        var slots = Paris.SlotsOf(Tuesday).Select(s => curve.Between(s.Start, s.End)).ToList();

        slots.Should().OnlyContain(s => s.Quality == Quality.SimilarDay);
        slots.Select(s => s.ImportWh).Should().Equal(Enumerable.Range(0, 48).Select(i => (long?)(i is >= 36 and < 44 ? 200 : 20)));
    }

    [Fact]
    public void Without_a_similar_day_the_line_is_straight()
    {
        var start = Paris.StartOf(Tuesday);
        RegisterCurve curve = new([At(start, 0), At(start + Duration.FromDays(1), 480)], [], Paris);

        curve.Between(start, start + LocalCalendar.SlotLength).Should().Be(new SlotEnergy(10, null, Quality.Interpolated));
    }

    [Fact]
    public void Similar_days_that_used_nothing_give_no_shape()
    {
        var curve = Curve((day, _) => day == Tuesday ? 10 : 0, silent: Tuesday);
        var start = Paris.StartOf(Tuesday);

        curve.Between(start, start + LocalCalendar.SlotLength).Should().Be(new SlotEnergy(10, null, Quality.Interpolated));
    }

    [Fact]
    public void A_gap_over_seven_days_stays_unknown()
    {
        var start = Paris.StartOf(Tuesday);
        RegisterCurve curve = new([At(start, 0), At(start + Duration.FromDays(7) + Duration.FromSeconds(1), 480)], [], Paris);

        curve.Between(start, start + LocalCalendar.SlotLength).Should().Be(SlotEnergy.Unknown);
    }

    [Fact]
    public void However_long_the_gap_and_the_slots_they_add_up_to_the_register_difference() =>
        Gen.Select(Gen.Int[121, (7 * 24 * 60) - 60], Gen.Int[0, 1440], Gen.Int[0, 2_000].Array[48], Gen.Int[0, 2], Gen.Int[0, 366]).Sample((minutes, from, use, unit, dayOfYear) =>
        {
            var length = new[] { 10, 30, 60 }[unit];
            var date = new LocalDate(2026, 1, 1).PlusDays(dayOfYear); // the readings around the gap are up to half an hour away on either side
            var gap = new Slot(Paris.StartOf(date) + Minutes(from), Paris.StartOf(date) + Minutes(from + minutes));
            var curve = Curve((_, slot) => use[slot % 48], date, gap);
            var first = Paris.StartOf(date.PlusDays(-1));
            var last = Paris.StartOf(date.PlusDays(9));

            long sum = 0;
            for (var at = first; at < last; at += Minutes(length))
            {
                var part = curve.Between(at, at + Minutes(length));
                part.ImportWh.Should().BeGreaterThanOrEqualTo(0);
                sum += part.ImportWh!.Value;
            }

            sum.Should().Be(curve.Between(first, last).ImportWh);
            var truth = new RegisterCurve(Readings((_, slot) => use[slot % 48], date, _ => false), []);
            sum.Should().Be(truth.Between(first, last).ImportWh);
        }, iter: 150);

    [Fact]
    public void What_fills_a_gap_is_asked_for()
    {
        var start = Paris.StartOf(Tuesday);
        RegisterCurve curve = new([At(start, 0), At(start + Minutes(30), 10), At(start + Duration.FromDays(1), 480)], [], Paris);

        curve.ReadingsFor(new(start, start + Minutes(30))).Should().Be(new Slot(start, start + Minutes(30)));
        var wide = curve.ReadingsFor(Paris.Whole(Tuesday));
        (wide.Start, wide.End).Should().Be((start + Minutes(30) - Duration.FromDays(15), start + Duration.FromDays(16)));
    }

    private static RegisterCurve Curve(Func<LocalDate, int, int> use, LocalDate silent) => Curve(use, silent, Paris.Whole(silent));

    private static RegisterCurve Curve(Func<LocalDate, int, int> use, LocalDate around, Slot silent) =>
        new(Readings(use, around, at => silent.Start < at && at < silent.End), [], Paris);

    private static List<Reading> Readings(Func<LocalDate, int, int> use, LocalDate around, Func<Instant, bool> isSilent)
    {
        List<Reading> readings = [];
        long register = 1_000;
        for (var day = around.PlusDays(-16); day < around.PlusDays(26); day = day.PlusDays(1))
        {
            foreach (var (i, slot) in Paris.SlotsOf(day).Index())
            {
                if (!isSilent(slot.Start)) readings.Add(At(slot.Start, register));
                register += use(day, i);
            }
        }

        return readings;
    }

    private static Duration Minutes(int minutes) => Duration.FromMinutes(minutes);

    private static Reading At(Instant at, long wh) => new(Meter, at, new(wh));
}
