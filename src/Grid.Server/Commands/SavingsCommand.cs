using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Analytics;
using Grid.Domain;
using Grid.Wire;
using NodaTime.Text;

namespace Grid.Server;

/// <summary>The savings method on files, without a server: for whoever wants to check it.</summary>
internal static class SavingsCommand
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static Command Create()
    {
        var readings = new Option<FileInfo>("--readings") { Description = "CSV with start,value: use of the interval that starts there, in kWh or any one unit.", Required = true };
        var temperature = new Option<FileInfo>("--temperature") { Description = "CSV with start,value (hourly), or day_utc,mean,count.", Required = true };
        var baseline = new Option<string>("--baseline") { Description = "First and last day before the change, such as 2025-01-01..2025-12-31.", Required = true };
        var reporting = new Option<string>("--reporting") { Description = "First and last day after it.", Required = true };
        var fahrenheit = new Option<bool>("--fahrenheit") { Description = "The temperatures are degrees Fahrenheit; otherwise Celsius." };
        var noCooling = new Option<bool>("--no-cooling") { Description = "Try no model in which hot days use more." };
        var gas = new Option<bool>("--gas") { Description = "A day of 0 is a value, not a silent meter." };
        var utcDays = new Option<bool>("--utc-days") { Description = "Days are cut at midnight UTC." };
        var zone = new Option<string>("--time-zone") { Description = "Days are cut at midnight there.", DefaultValueFactory = _ => LocalCalendar.DefaultZone };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var estimate = new Command("estimate", "What one home saved, by the daily method of CalTRACK 2.0: model, statistics, savings with their band, verdict and reasons.")
        {
            readings, temperature, baseline, reporting, fahrenheit, noCooling, gas, utcDays, zone, json,
        };
        estimate.SetAction(parsed =>
        {
            var calendar = parsed.GetValue(utcDays) ? new(DateTimeZone.Utc) : TimeZones.Calendar(zone.Name, parsed.GetRequiredValue(zone));
            var (before, after) = (Range(baseline.Name, parsed.GetRequiredValue(baseline)), Range(reporting.Name, parsed.GetRequiredValue(reporting)));
            if (after.First <= before.Last) throw new UsageException("--reporting must begin after --baseline ends.");
            var days = Days(parsed.GetRequiredValue(readings), parsed.GetRequiredValue(temperature), calendar, parsed.GetValue(fahrenheit), parsed.GetValue(gas));
            var found = SavingsEstimate.Of(Baseline.Fit([.. days.In(before)], before.First, before.Last, cooling: !parsed.GetValue(noCooling)), [.. days.In(after)]);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(SavingsText.Json(found, days.Conflicts), Form) : SavingsText.Words(found, days.Conflicts));
            return 0;
        });
        return new Command("savings", "Savings by the weather, from files.") { estimate };
    }

    private static (LocalDate First, LocalDate Last) Range(string option, string text)
    {
        if (text.Split("..") is [var from, var to] && LocalDatePattern.Iso.Parse(from) is { Success: true, Value: var first } && LocalDatePattern.Iso.Parse(to) is { Success: true, Value: var last})
            return first <= last ? (first, last) : throw new UsageException($"{option}: {from} lies after {to}.");
        throw new UsageException($"{option}: '{text}' is no range of days such as 2025-01-01..2025-12-31.");
    }

    private static HomeDays Days(FileInfo readings, FileInfo temperature, LocalCalendar calendar, bool fahrenheit, bool gas)
    {
        var use = DailyUse.Of(SeriesFile.ReadValues(readings.FullName).Select(v => new TimedValue(v.Start, v.Value)), calendar, zeroIsAValue: gas);
        var outside = SeriesFile.ReadDays(temperature.FullName) is { } days
            ? days.ToDictionary(d => d.Day, d => DailyTemperature.OfHours(d.Mean, d.Hours))
            : DailyTemperature.Of(SeriesFile.ReadValues(temperature.FullName).Select(v => new TimedValue(v.Start, v.Value)), calendar);
        return new(use.Days, outside, fahrenheit, use.Conflicts.Count);
    }

    private sealed record HomeDays(IReadOnlyDictionary<LocalDate, double?> Use, IReadOnlyDictionary<LocalDate, DailyTemperature> Outside, bool IsFahrenheit, int Conflicts)
    {
        /// <summary>Every day of the range, with what is known of it.</summary>
        public IEnumerable<UseDay> In((LocalDate First, LocalDate Last) range)
        {
            for (var day = range.First; day <= range.Last; day = day.PlusDays(1))
            {
                var outside = Outside.GetValueOrDefault(day);
                yield return new(day, Use.GetValueOrDefault(day), outside.Mean is { } mean && !IsFahrenheit ? UseDay.Fahrenheit(mean) : outside.Mean, outside.Share);
            }
        }
    }
}
