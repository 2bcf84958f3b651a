using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Server;

/// <summary>Load curves that residents bring along, as local days and months, without a server.</summary>
internal static class ConsumptionCommand
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private const string Explanation = """
        Reads an Enedis customer export and prints the kWh of its local days and months. Nothing is stored.

        Stamps are the ends of intervals, values their mean watts, and a file holds one meter (PRM). An interval is as long as 'Pas en minutes' says; where that is
        empty or absent, it is the greatest length that fits all stamps around. A day with missing intervals is partial: its kWh are of those that are there. Where the clocks
        change, a day has 50 half-hours (autumn) or 46 (spring). The same row twice counts once; two values of one stamp are refused.
        """;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The load curve (courbe de charge) of one meter (PRM), as a customer downloads it from Enedis: CSV with Horodate;Valeur, plain or gzip. A value is the mean watts of the interval that ends at its stamp." };
        var zone = new Option<string>("--time-zone") { Description = "Days are cut at midnight there.", DefaultValueFactory = _ => LocalCalendar.DefaultZone };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var import = new Command("import-enedis", Explanation) { file, zone, json };
        import.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!Path.Exists(path.FullName)) throw new UsageException($"There is no file {path.FullName}.");
            var calendar = TimeZones.Calendar(zone.Name, parsed.GetRequiredValue(zone));
            var intervals = EnedisCsv.ReadPower(path.FullName, new() { TimeZone = calendar.Zone.Id }).ToList();
            var days = CurveDays.Of(intervals.Select(i => (new Slot(i.Start, i.End), i.Watts)), calendar);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(Answer(intervals[0].Household, days, calendar), Form) : Words(intervals[0].Household, days));
            return 0;
        });
        return new Command("consumption", "Consumption from files.") { import };
    }

    private static object Answer(string household, IReadOnlyList<CurveDay> days, LocalCalendar calendar) => new
    {
        Household = household,
        TimeZone = calendar.Zone.Id,
        TotalKwh = days.Sum(d => d.Kwh),
        Months = Months(days).Select(m => new { Month = Name(m), Kwh = Kwh(m), Days = m.Count(), CompleteDays = Complete(m), Quality = Whole(m).Name() }),
        Days = days.Select(d => new { Day = Name(d.Day), d.Kwh, d.Intervals, Hours = d.Length.TotalHours, Quality = d.Quality.Name() }),
    };

    private static string Words(string household, IReadOnlyList<CurveDay> days) => string.Join(Environment.NewLine,
    [
        $"{household}: {Figure(days.Sum(d => d.Kwh))} kWh on {Counted.Of(days.Count, "day")}",
        "",
        .. Months(days).Select(m => $"{Name(m),-10} {Figure(Kwh(m)),12} kWh  {Complete(m)} of {Length(m)} days complete"),
        "",
        .. days.Select(d => $"{Name(d.Day),-10} {Figure(d.Kwh),12} kWh  {Counted.Of(d.Intervals, "interval")}{(d.Quality is Quality.Measured ? "" : $", {d.Quality.Name()}")}"),
    ]);

    private static IEnumerable<IGrouping<YearMonth, CurveDay>> Months(IReadOnlyList<CurveDay> days) => days.GroupBy(d => d.Day.ToYearMonth());

    private static decimal? Kwh(IEnumerable<CurveDay> month) => month.Any(d => d.Kwh is not null) ? month.Sum(d => d.Kwh) : null;

    private static int Complete(IEnumerable<CurveDay> month) => month.Count(d => d.Quality is Quality.Measured);

    private static Quality Whole(IGrouping<YearMonth, CurveDay> month)
    {
        var absent = Enumerable.Repeat(Quality.Unknown, Length(month) - month.Count());
        return QualityNames.Whole(month.Select(d => d.Quality).Concat(absent));
    }

    private static int Length(IGrouping<YearMonth, CurveDay> month) => month.Key.ToDateInterval().Length;

    private static string Name(IGrouping<YearMonth, CurveDay> month) => month.Key.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static string Name(LocalDate day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Figure(decimal? kwh) => kwh?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
}
