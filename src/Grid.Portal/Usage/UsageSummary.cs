using Grid.Analytics;
using Grid.Domain;

namespace Grid.Portal;

public enum RowState
{
    Measured = 1,

    /// <summary>The energy is known, its place in time is not quite.</summary>
    Estimated = 2,

    /// <summary>Some of it is missing.</summary>
    Partial = 3,
    NoData = 4,

    /// <summary>The interval is not over yet.</summary>
    SoFar = 5,
    ToCome = 6,

    /// <summary>Before the account moved in or after it moved out.</summary>
    NotYours = 7,
}

/// <summary>One bar of the chart and one row of its table.</summary>
public sealed record UsageRow(LocalDateTime Start, long? ImportWh, long? ExportWh, RowState State);

/// <param name="Until">Where today's data end, if today is shown and has any.</param>
/// <param name="MissingSlots">Half-hours without data; counted where half-hours are shown.</param>
/// <param name="MissingDays">Days without any data; counted where days or months are shown.</param>
/// <param name="GappyDays">Days with some data missing.</param>
internal sealed record UsageSummary(IReadOnlyList<UsageRow> Rows, long? TotalWh, LocalTime? Until, int MissingSlots, int MissingDays, int GappyDays)
{
    /// <summary>True if anything before now is unknown.</summary>
    public bool HasGaps => MissingSlots + MissingDays + GappyDays > 0;

    /// <param name="visible">The part of the period that the account may see.</param>
    public static UsageSummary Of(
        UsagePeriod period, (LocalDate From, LocalDate To)? visible, IReadOnlyList<HouseholdDay> days, LocalCalendar calendar, LocalDate today)
    {
        var soFar = SoFar.Of(days.FirstOrDefault(d => d.Day == today), calendar);
        var horizon = soFar?.Until ?? calendar.StartOf(today);
        var values = Rollup.By(period.Granularity, days, period.From, period.To, calendar);
        var end = calendar.StartOf(period.To);
        List<UsageRow> rows = [];
        for (var i = 0; i < values.Count; i++)
        {
            Slot interval = new(values[i].Start, i + 1 < values.Count ? values[i + 1].Start : end);
            var state = StateOf(values[i], interval, visible, calendar, horizon);
            rows.Add(new(calendar.Local(interval.Start).LocalDateTime, values[i].ImportWh, values[i].ExportWh, state));
        }

        var byDate = days.ToDictionary(d => d.Day);
        List<LocalDate> past = [];
        if (visible is { } v)
            for (var day = v.From; day < v.To && day < today; day = day.PlusDays(1)) past.Add(day);
        var fine = period.View is UsageView.Day;
        return new(
            rows,
            days.Any(d => d.ImportWh is not null) ? days.Sum(d => d.ImportWh ?? 0) : null,
            soFar is null ? null : calendar.Local(soFar.Until).TimeOfDay,
            fine ? rows.Count(r => r.State is RowState.NoData) : 0,
            fine ? 0 : past.Count(d => byDate.GetValueOrDefault(d) is null or { Quality: Quality.Unknown or Quality.Rejected }),
            fine ? 0 : past.Count(d => byDate.GetValueOrDefault(d) is { Quality: Quality.Partial }));
    }

    private static RowState StateOf(
        ConsumptionValue value, Slot interval, (LocalDate From, LocalDate To)? visible, LocalCalendar calendar, Instant horizon)
    {
        if (visible is not { } v || interval.End <= calendar.StartOf(v.From) || interval.Start >= calendar.StartOf(v.To)) return RowState.NotYours;
        if (interval.Start >= horizon) return RowState.ToCome;
        if (interval.End > horizon) return RowState.SoFar;
        return value.Quality switch
        {
            Quality.Unknown or Quality.Rejected => RowState.NoData,
            Quality.Partial => RowState.Partial,
            Quality.Measured => RowState.Measured,
            _ => RowState.Estimated,
        };
    }
}
