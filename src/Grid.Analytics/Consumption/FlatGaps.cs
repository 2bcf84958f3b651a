using System.Collections.Immutable;
using Grid.Domain;

namespace Grid.Analytics;

/// <summary>Takes the shape out of filled gaps that the days of other people may have lent them (METHOD.md rule 1.13).</summary>
public static class FlatGaps
{
    /// <summary>A gap of a week, filled from two weeks away: no day further off decides how.</summary>
    public const int ReachDays = GapShape.ReachDays + GapDays;

    /// <summary>A gap, with the two days that it begins and ends in.</summary>
    public const int GapDays = 8;

    /// <param name="days">In order.</param>
    /// <param name="leans">Days whose gaps may lean on other people's.</param>
    /// <returns>The same days and sums; each run of filled half-hours that touches such a day is spread evenly.</returns>
    public static IReadOnlyList<HouseholdDay> Of(IReadOnlyList<HouseholdDay> days, Func<LocalDate, bool> leans)
    {
        var slots = days.Select(d => d.Slots.ToArray()).ToList();
        List<(int Day, int Slot)> run = [];
        for (var d = 0; d < days.Count; d++)
        {
            if (d > 0 && days[d - 1].Day.PlusDays(1) != days[d].Day) Spread();
            for (var s = 0; s < slots[d].Length; s++)
            {
                if (slots[d][s].Quality is Quality.SimilarDay) run.Add((d, s));
                else if (slots[d][s].Quality is not (Quality.Manual or Quality.Rejected)) Spread(); // a correction in a gap leaves it one gap
            }
        }

        Spread();
        return [.. days.Zip(slots, (day, spread) => day.Slots.AsSpan().SequenceEqual(spread) ? day : new HouseholdDay(day.Household, day.Day, ImmutableArray.Create(spread)) { Balance = day.Balance })];

        void Spread()
        {
            if (run.Exists(r => leans(days[r.Day].Day)))
            {
                var energies = run.ConvertAll(r => slots[r.Day][r.Slot]);
                var (importWh, exportWh) = (energies.Sum(e => e.ImportWh ?? 0), energies.TrueForAll(e => e.ExportWh is not null) ? energies.Sum(e => e.ExportWh) : null);
                for (var i = 0; i < run.Count; i++) slots[run[i].Day][run[i].Slot] = new(Part(importWh, i), exportWh is { } wh ? Part(wh, i) : null, Quality.Interpolated);
            }

            run.Clear();
        }

        // As rule 1.2 has it: the parts add up.
        long Part(long wh, int i) => (wh * (i + 1) / run.Count) - (wh * i / run.Count);
    }
}
