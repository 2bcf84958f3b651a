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

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The load curve that a customer downloads from Enedis: Horodate;Valeur, mean watts, plain or gzip." };
        var zone = new Option<string>("--time-zone") { Description = "Days are cut at midnight there.", DefaultValueFactory = _ => LocalCalendar.DefaultZone };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var import = new Command("import-enedis", "Reads an Enedis customer export and prints the kWh of its local days and months. Nothing is stored.") { file, zone, json };
        import.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!path.Exists) throw new UsageException($"There is no file {path.FullName}.");
            var calendar = TimeZones.Calendar(zone.Name, parsed.GetRequiredValue(zone));
            var intervals = EnedisCsv.ReadPower(path.FullName, new() { TimeZone = calendar.Zone.Id }).ToList();
            if (intervals is not [var first, ..]) throw new UsageException($"{path.Name} has no row with a value.");
            var days = CurveDays.Of(intervals.Select(i => (new Slot(i.Start, i.End), i.Watts)), calendar);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(Answer(first.Household, days, calendar), Form) : Words(first.Household, days));
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
