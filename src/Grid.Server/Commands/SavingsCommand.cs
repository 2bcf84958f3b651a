using System.CommandLine;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Server;

/// <summary>The savings method on files, without a server: for whoever wants to check it.</summary>
internal static class SavingsCommand
{
    private const string Purpose =
        """
        What one home saved, by the daily or the billing method of CalTRACK 2.0: model, statistics, savings with their band, verdict and reasons.
        Reasons why there is no verdict:
          no-data, wrong-baseline-length, too-few-valid-days, too-few-meter-days, too-few-temperature-days, data-before-start, data-after-end (of the baseline);
          negative-use (days below zero before or after the change: does the home feed in?);
          no-model, model-too-uncertain, uncertainty-not-available (of the model);
          too-few-reporting-days, too-many-masked-reporting-days (after the change).
        What to look at, and did not make it fail: extreme-use, conflicting-values, interval-length-changes;
          of bills that were left out: bill-too-short, bill-too-long, estimated-without-a-read-in-time, bill-without-use, bill-without-temperature.
        """;

    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new FiniteNumbers() },
    };

    public static Command Create()
    {
        var readings = new Option<FileInfo>("--readings") { Description = "CSV with start,value: use of the interval that starts there, in kWh or any one unit. A start is an instant with its offset from UTC, such as 2025-01-01T00:00:00+01:00 or 2024-12-31T23:00:00Z. Intervals of a day and of any part of it will do, also if their length changes; a day below zero gives no verdict.", Required = true };
        var temperature = new Option<FileInfo>("--temperature") { Description = "CSV with start,value: hourly, a start as in --readings; or day_utc,mean,count: the mean of each UTC day and the number of hours that the mean is of, 24 of a whole day. A UTC day is no local one: with day_utc give --utc-days too.", Required = true };
        var baseline = new Option<string>("--baseline") { Description = "First and last day before the change, such as 2025-01-01..2025-12-31: 365 days, both included.", Required = true };
        var reporting = new Option<string>("--reporting") { Description = "First and last day after it. A verdict needs 28 valid days, and 80 % of all.", Required = true };
        var fahrenheit = new Option<bool>("--fahrenheit") { Description = "The temperatures are degrees Fahrenheit; otherwise Celsius." };
        var noCooling = new Option<bool>("--no-cooling") { Description = "Try no model in which hot days use more." };
        var gas = new Option<bool>("--gas") { Description = "The meter is of gas: a day of 0 is a value, not a silent meter, and no model in which hot days use more is tried, as with --no-cooling." };
        var utcDays = new Option<bool>("--utc-days") { Description = "Days are cut at midnight UTC, as those of day_utc are." };
        var zone = new Option<string>("--time-zone") { Description = "Days are cut at midnight there; not with --utc-days.", DefaultValueFactory = _ => LocalCalendar.DefaultZone };
        var bills = new Option<bool>("--bills") { Description = "The readings are bills: start,value with a local day and the use of the whole period up to the next row's day; the last row has no value. A third column, estimated, says true where the read on the next row, which ends the bill, was estimated." };
        var bimonthly = new Option<bool>("--bimonthly") { Description = "With --bills: the meter is read every two months." };
        var normalYear = new Option<FileInfo>("--normal-year") { Description = "Temperatures of a normal year, in a form of --temperature: also what both years would have used in it. The reporting period must then be a year." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var estimate = new Command("estimate", Purpose)
        {
            readings, temperature, baseline, reporting, fahrenheit, noCooling, gas, utcDays, zone, bills, bimonthly, normalYear, json,
        };
        estimate.SetAction(parsed =>
        {
            if (parsed.GetValue(utcDays) && parsed.GetResult(zone) is { Implicit: false }) throw new UsageException("--time-zone: --utc-days cuts days at midnight UTC: give one of the two.");
            var calendar = parsed.GetValue(utcDays) ? new(DateTimeZone.Utc) : TimeZones.Calendar(zone.Name, parsed.GetRequiredValue(zone));
            var (before, after) = (Dates.Range(baseline.Name, parsed.GetRequiredValue(baseline)), Dates.Range(reporting.Name, parsed.GetRequiredValue(reporting)));
            if (after.First <= before.Last) throw new UsageException("--reporting must begin after --baseline ends.");
            if (parsed.GetValue(bimonthly) && !parsed.GetValue(bills)) throw new UsageException("--bimonthly is of bills: give --bills too.");
            var outside = Outside(parsed.GetRequiredValue(temperature), calendar, parsed.GetValue(fahrenheit));
            var cooling = !parsed.GetValue(noCooling) && !parsed.GetValue(gas);
            var file = parsed.GetRequiredValue(readings).FullName;
            IMeteredUse use = parsed.GetValue(bills)
                ? BilledHome.Read(file, outside, calendar, parsed.GetValue(bimonthly), parsed.GetValue(gas), cooling)
                : DailyHome.Read(file, outside, calendar, parsed.GetValue(gas), cooling);
            var fitted = use.Fit(before.First, before.Last);
            SavingsAnswer answer = new(use.Estimate(fitted, after.First, after.Last), use.LookAt, parsed.GetValue(normalYear) is { } normal
                ? NormalisedSavings.Of(fitted, use.Fit(after.First, after.Last), NormalYear(normalYear.Name, normal, calendar, parsed.GetValue(fahrenheit)))
                : null);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(SavingsText.Json(answer), Form) : SavingsText.Words(answer));
            return 0;
        });
        return new Command("savings", "Savings by the weather, from files.") { estimate };
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
