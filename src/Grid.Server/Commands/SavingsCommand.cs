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
        var bills = new Option<bool>("--bills") { Description = "The readings are bills: start,value with a local day and the use of the whole period up to the next row's day; the last row has no value. A third column, estimated, says true where the read on the next row, which ends the bill, was estimated." };
        var bimonthly = new Option<bool>("--bimonthly") { Description = "With --bills: the meter is read every two months." };
        var normalYear = new Option<FileInfo>("--normal-year") { Description = "Temperatures of a normal year, in a form of --temperature: also what both years would have used in it. The reporting period must then be a year." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var estimate = new Command("estimate", "What one home saved, by the daily or the billing method of CalTRACK 2.0: model, statistics, savings with their band, verdict and reasons.")
        {
            readings, temperature, baseline, reporting, fahrenheit, noCooling, gas, utcDays, zone, bills, bimonthly, normalYear, json,
        };
        estimate.SetAction(parsed =>
        {
            var calendar = parsed.GetValue(utcDays) ? new(DateTimeZone.Utc) : TimeZones.Calendar(zone.Name, parsed.GetRequiredValue(zone));
            var (before, after) = (Range(baseline.Name, parsed.GetRequiredValue(baseline)), Range(reporting.Name, parsed.GetRequiredValue(reporting)));
            if (after.First <= before.Last) throw new UsageException("--reporting must begin after --baseline ends.");
            if (parsed.GetValue(bimonthly) && !parsed.GetValue(bills)) throw new UsageException("--bimonthly is of bills: give --bills too.");
            var outside = Outside(parsed.GetRequiredValue(temperature), calendar, parsed.GetValue(fahrenheit));
            var file = parsed.GetRequiredValue(readings).FullName;
            IMeteredUse use = parsed.GetValue(bills)
                ? BilledHome.Read(file, outside, calendar, parsed.GetValue(bimonthly), parsed.GetValue(gas), !parsed.GetValue(noCooling))
                : DailyHome.Read(file, outside, calendar, parsed.GetValue(gas), !parsed.GetValue(noCooling));
            var fitted = use.Fit(before.First, before.Last);
            SavingsAnswer answer = new(use.Estimate(fitted, after.First, after.Last), use.LookAt, parsed.GetValue(normalYear) is { } normal
                ? NormalisedSavings.Of(fitted, use.Fit(after.First, after.Last), NormalYear(normalYear.Name, normal, calendar, parsed.GetValue(fahrenheit)))
                : null);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(SavingsText.Json(answer), Form) : SavingsText.Words(answer));
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

    private static Dictionary<LocalDate, DailyTemperature> Outside(FileInfo file, LocalCalendar calendar, bool fahrenheit)
    {
        var outside = SeriesFile.ReadDays(file.FullName) is { } days
            ? days.ToDictionary(d => d.Day, d => DailyTemperature.OfHours(d.Mean, d.Hours))
            : DailyTemperature.Of(SeriesFile.ReadValues(file.FullName).Select(v => new TimedValue(v.Start, v.Value)), calendar);
        return outside.ToDictionary(d => d.Key, d => fahrenheit ? d.Value : d.Value with { Mean = d.Value.Mean is { } mean ? UseDay.Fahrenheit(mean) : null });
    }

    private static double[] NormalYear(string option, FileInfo file, LocalCalendar calendar, bool fahrenheit)
    {
        double[] means = [.. Outside(file, calendar, fahrenheit).OrderBy(d => d.Key).Select(d => d.Value.Mean).OfType<double>()];
        return means.Length is Sufficiency.BaselineDays or Sufficiency.BaselineDays + 1
            ? means
            : throw new UsageException($"{option}: {file.Name} has temperatures for {Counted.Of(means.Length, "day")}; give all 365 or 366 of a year.");
    }
}
