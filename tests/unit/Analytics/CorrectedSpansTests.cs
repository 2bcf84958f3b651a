using CsCheck;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

/// <summary>METHOD.md rule 1.16.</summary>
public class CorrectedSpansTests
{
    private static readonly MeterName Meter = MeterName.Parse("m-1");
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");
    private static readonly LocalDate Tuesday = new(2026, 11, 24);
    private static readonly Instant Midnight = Paris.StartOf(Tuesday);

    [Fact]
    public void What_a_person_says_is_spread_evenly_and_adds_up_wherever_it_is_cut() =>
        Gen.Select(Gen.Int[1, 3_000], Gen.Int[0, 1_000], Gen.Long[0, 1_000_000], Gen.Int[0, 4_000].Array[0, 30]).Sample((minutes, from, wh, cuts) =>
        {
            Slot span = new(Midnight + Minutes(from), Midnight + Minutes(from + minutes));
            var curve = Curve([new(Meter, span, wh, wh / 3)]);
            Instant[] borders = [span.Start, .. cuts.Select(c => Midnight + Minutes(c)).Where(at => at > span.Start && at < span.End).Order(), span.End];

            var parts = borders.Zip(borders.Skip(1), curve.Between).ToList();

            parts.Should().OnlyContain(p => p.Quality == Quality.Manual && p.ImportWh >= 0);
            (parts.Sum(p => p.ImportWh), parts.Sum(p => p.ExportWh)).Should().Be((wh, wh / 3));
        });

    [Fact]
    public void Outside_of_it_nothing_changes() =>
        Gen.Select(Gen.Int[0, 2_000], Gen.Int[1, 900], Gen.Int[0, 2_000], Gen.Int[1, 900], Gen.Bool).Sample((from, minutes, other, length, rejected) =>
        {
            Slot span = new(Midnight + Minutes(from), Midnight + Minutes(from + minutes));
            var (start, end) = (Midnight + Minutes(other), Midnight + Minutes(other + length));
            if (start < span.End && end > span.Start) return;

            Curve([new(Meter, span, rejected ? null : 5)]).Between(start, end).Should().Be(Curve([]).Between(start, end));
        });

    [Fact]
    public void A_half_hour_that_reaches_into_a_rejected_span_has_no_value_and_is_called_rejected()
    {
        var curve = Curve([new(Meter, new(Midnight + Minutes(45), Midnight + Minutes(90)), ImportWh: null)]);

        Slots(curve).Take(4).Should().Equal(new SlotEnergy(100, null, Quality.Measured), SlotEnergy.Rejected, SlotEnergy.Rejected, new SlotEnergy(100, null, Quality.Measured));
    }

    [Fact]
    public void A_half_hour_that_is_partly_read_and_partly_said_is_the_sum_of_both()
    {
        var curve = Curve([new(Meter, new(Midnight + Minutes(45), Midnight + Minutes(75)), ImportWh: 10)]);

        Slots(curve).Skip(1).Take(2).Should().Equal(new SlotEnergy(50 + 5, null, Quality.Manual), new SlotEnergy(5 + 50, null, Quality.Manual));
    }

    [Theory]
    [InlineData(Quality.SimilarDay, Quality.Manual, Quality.SimilarDay)]
    [InlineData(Quality.Manual, Quality.Interpolated, Quality.Manual)]
    [InlineData(Quality.Measured, Quality.Interpolated, Quality.Interpolated)]
    public void What_other_days_have_lent_is_not_hidden_by_what_a_person_said(Quality one, Quality other, Quality together)
    {
        (new SlotEnergy(1, null, one) + new SlotEnergy(2, null, other)).Should().Be(new SlotEnergy(3, null, together));
        (new SlotEnergy(1, null, other) + new SlotEnergy(2, null, one)).Quality.Should().Be(together);
        QualityNames.Whole([one, other, Quality.Measured]).Should().Be(together);
    }

    [Fact]
    public void What_nobody_measured_can_be_said()
    {
        RegisterCurve curve = new([], [], Paris, [new(Meter, Paris.Whole(Tuesday), ImportWh: 4_801)]);

        var day = HouseholdConsumption.DayOf(HouseholdId.Parse("h-1"), Tuesday, [Hanging(curve)], Paris);

        (day.ImportWh, day.Quality, day.IsComplete).Should().Be((4_801, Quality.Manual, true));
    }

    [Fact]
    public void A_day_with_a_rejected_half_hour_is_partial_and_one_of_nothing_else_is_rejected()
    {
        var slot = new Slot(Midnight, Midnight + Minutes(30));
        var partial = HouseholdConsumption.DayOf(HouseholdId.Parse("h-1"), Tuesday, [Hanging(Curve([new(Meter, slot, ImportWh: null)]))], Paris);
        var rejected = HouseholdConsumption.DayOf(HouseholdId.Parse("h-1"), Tuesday, [Hanging(Curve([new(Meter, Paris.Whole(Tuesday), ImportWh: null)]))], Paris);

        (partial.ImportWh, partial.Quality, partial.IsComplete).Should().Be((4_700, Quality.Partial, false));
        (rejected.ImportWh, rejected.Quality, rejected.IsComplete).Should().Be((null, Quality.Rejected, false));
    }

    [Fact]
    public void A_corrected_half_hour_lends_no_gap_its_shape()
    {
        // Silent on Tuesday; the only similar day, a week before, is wrong in its evening.
        var before = Tuesday.PlusDays(-7);
        List<Reading> readings = [.. Readings(before, wh: slot => slot >= 36 ? 10_000 : 100), .. Readings(Tuesday.PlusDays(1), wh: _ => 100, first: 2_000_000)];
        readings.Insert(readings.FindIndex(r => r.At >= Midnight), At(Midnight, 2_000_000 - 4_800));
        var evening = new CorrectedSpan(Meter, new(Paris.SlotsOf(before)[36].Start, Paris.StartOf(before.PlusDays(1))), ImportWh: null);

        var wrong = new RegisterCurve(readings, [], Paris).Between(Midnight, Midnight + Minutes(30));
        var right = new RegisterCurve(readings, [], Paris, [evening]).Between(Midnight, Midnight + Minutes(30));

        wrong.Should().Match<SlotEnergy>(e => e.Quality == Quality.SimilarDay && e.ImportWh < 10);
        right.Should().Be(new SlotEnergy(100, null, Quality.Interpolated), "without a similar evening the line is straight");
    }

    [Fact]
    public void The_invariants_hold_with_a_correction_and_are_not_asked_of_a_rejected_day()
    {
        var slot = new Slot(Midnight, Midnight + Minutes(30));
        foreach (var wh in new long?[] { 7, null })
        {
            MeteredInterval[] meters = [Hanging(Curve([new(Meter, slot, wh)]))];
            var day = HouseholdConsumption.DayOf(HouseholdId.Parse("h-1"), Tuesday, meters, Paris);

            Conservation.Broken(day, meters, Paris).Should().BeNull();
        }
    }

    private static IEnumerable<SlotEnergy> Slots(RegisterCurve curve) => Paris.SlotsOf(Tuesday).Select(s => curve.Between(s.Start, s.End));

    /// <summary>100 Wh a half-hour on Tuesday and the day after.</summary>
    private static RegisterCurve Curve(IReadOnlyList<CorrectedSpan> corrections) =>
        new([.. Readings(Tuesday, _ => 100), .. Readings(Tuesday.PlusDays(1), _ => 100, first: 4_800).Skip(1)], [], Paris, corrections);

    private static IEnumerable<Reading> Readings(LocalDate day, Func<int, long> wh, long first = 0)
    {
        var (register, slots) = (first, Paris.SlotsOf(day));
        yield return At(slots[0].Start, register);
        for (var i = 0; i < slots.Count; i++) yield return At(slots[i].End, register += wh(i));
    }

    private static MeteredInterval Hanging(RegisterCurve curve) =>
        new(new(Meter, MeterKind.Main, GatewayName.Parse("gw-1"), HouseholdId.Parse("h-1"), Instant.FromUtc(2020, 1, 1, 0, 0), null), curve);

    private static Reading At(Instant at, long wh) => new(Meter, at, new(wh));

    private static Duration Minutes(int minutes) => Duration.FromMinutes(minutes);
}
