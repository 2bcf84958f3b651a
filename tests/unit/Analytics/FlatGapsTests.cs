using CsCheck;
using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

/// <summary>METHOD.md rule 1.13.</summary>
public class FlatGapsTests
{
    private static readonly LocalDate First = new(2026, 10, 24);
    private static readonly LocalCalendar Paris = LocalCalendar.For("Europe/Paris");

    [Fact]
    public void Whatever_was_filled_the_energy_stays_and_no_two_half_hours_of_a_gap_differ_by_more_than_a_watt_hour() =>
        Gen.Select(Gen.Int[0, 3_000].Array[146], Gen.Int[0, 145], Gen.Int[1, 100], Gen.Bool).Sample((wh, from, length, exports) =>
        {
            var days = Days((i) => new(wh[i], exports ? wh[i] / 2 : null, i >= from && i < from + length ? Quality.SimilarDay : Quality.Measured));

            var flat = FlatGaps.Of(days, _ => true);

            List<SlotEnergy> before = [.. days.SelectMany(d => d.Slots)], after = [.. flat.SelectMany(d => d.Slots)];
            (after.Sum(s => s.ImportWh), after.Sum(s => s.ExportWh)).Should().Be((before.Sum(s => s.ImportWh), before.Sum(s => s.ExportWh)));
            after.Where((_, i) => i < from || i >= from + length).Should().Equal(before.Where((_, i) => i < from || i >= from + length));
            List<SlotEnergy> gap = [.. after.Skip(from).Take(length)];
            gap.Should().OnlyContain(s => s.Quality == Quality.Interpolated);
            (gap.Max(s => s.ImportWh) - gap.Min(s => s.ImportWh)).Should().BeLessThanOrEqualTo(1);
        });

    [Fact]
    public void A_gap_that_leans_on_nobody_else_keeps_its_shape_and_one_that_reaches_a_day_that_does_loses_all_of_it()
    {
        var days = Days(i => new(i, null, i is >= 10 and < 20 or >= 40 and < 60 ? Quality.SimilarDay : Quality.Measured));

        var flat = FlatGaps.Of(days, day => day == First.PlusDays(1)).SelectMany(d => d.Slots).ToList();

        flat.Skip(10).Take(10).Should().Equal(days.SelectMany(d => d.Slots).Skip(10).Take(10));
        flat.Skip(40).Take(20).Should().OnlyContain(s => s.Quality == Quality.Interpolated && (s.ImportWh == 49 || s.ImportWh == 50));
    }

    [Fact]
    public void A_correction_in_a_gap_leaves_it_one_gap_and_stays_as_it_is()
    {
        SlotEnergy said = new(500, null, Quality.Manual);
        var days = Days(i => i switch { 45 => said, 50 => SlotEnergy.Rejected, >= 40 and < 60 => new(i < 45 ? 10 : 190, null, Quality.SimilarDay), _ => new(7, null, Quality.Measured) });

        var flat = FlatGaps.Of(days, _ => true).SelectMany(d => d.Slots).ToList();

        (flat[45], flat[50]).Should().Be((said, SlotEnergy.Rejected));
        // Five times 10 and thirteen times 190 over eighteen half-hours.
        flat.Skip(40).Take(20).Where((_, i) => i is not (5 or 10)).Should().OnlyContain(s => s.Quality == Quality.Interpolated && s.ImportWh == 140);
    }

    // Three days, of which one has 50 half-hours.
    private static List<HouseholdDay> Days(Func<int, SlotEnergy> slot)
    {
        var i = 0;
        return [.. Enumerable.Range(0, 3).Select(First.PlusDays).Select(day => new HouseholdDay(HouseholdId.Parse("h-1"), day, [.. Paris.SlotsOf(day).Select(_ => slot(i++))]))];
    }
}
