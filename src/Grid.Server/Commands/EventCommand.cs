using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Server;

/// <summary>What all homes used less in the hours of an event (METHOD.md rule 6.9).</summary>
internal static class EventCommand
{
    private const double WhPerKwh = 1_000;

    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    public static Command Create()
    {
        var day = new Option<string>("--day") { Description = "The event's local day, such as 2026-11-26.", Required = true };
        var from = new Option<string>("--from") { Description = "Its first half-hour by the clock on the wall, such as 18:00.", Required = true };
        var to = new Option<string>("--to") { Description = "Its end, such as 20:00; 00:00 is midnight after it.", Required = true };
        var others = new Option<string[]>("--not-like") { Description = "Days that are no like days: those of other events, and holidays. May be repeated." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("event", $"Says what all homes used less in some hours of a day than in the same hours of the {EventSavings.Weekdays} weekdays before (of {EventSavings.WeekendDays} weekend days on a weekend).")
        {
            day, from, to, others, json,
        };
        command.SetAction((parsed, ct) => Offline.RunAsync(async (services, _) =>
        {
            var snapshot = await services.GetRequiredService<IRegistry>().ReadAsync(ct);
            var date = Dates.Day(day.Name, parsed.GetRequiredValue(day));
            if (date >= Dates.Today(services, snapshot.Calendar)) throw new UsageException($"{day.Name}: {LocalDatePattern.Iso.Format(date)} is not over.");
            var (first, slots) = Hours(parsed, from, to, date, snapshot.Calendar);
            var notLike = (parsed.GetValue(others) ?? []).Select(d => Dates.Day(others.Name, d)).ToHashSet();
            var found = await OfHomesAsync(services, snapshot, date, first, slots, notLike, ct);
            var shown = (await services.GetRequiredService<IReleases>().ShownAsync(date, date.PlusDays(1), ct)).Where(s => s.Audience is null).Select(s => s.Group);
            var result = EventResult.Of(found, date, shown);
            Console.WriteLine(parsed.GetValue(json) ? JsonOf(result) : TextOf(result));
            return 0;
        }, ct));
        return command;
    }

    private static async Task<IReadOnlyDictionary<HouseholdId, EventSavings>> OfHomesAsync(
        IServiceProvider services, RegistrySnapshot snapshot, LocalDate date, int first, int slots, IReadOnlySet<LocalDate> notLike, CancellationToken ct)
    {
        var homes = snapshot.Households.Where(h => h.IsHome).Select(h => h.Id).ToHashSet();
        Dictionary<HouseholdId, EventSavings> found = [];
        List<HouseholdDay> days = [];
        await foreach (var day in services.GetRequiredService<IHouseholdDays>().ReadAllAsync(date.PlusDays(-EventSavings.FarthestBackDays), date.PlusDays(1), ct))
        {
            if (days.Count > 0 && days[0].Household != day.Household) End();
            days.Add(day);
        }

        if (days.Count > 0) End();
        return found;

        void End()
        {
            if (homes.Contains(days[0].Household)) found[days[0].Household] = EventSavings.Of(date, first, slots, days.ToDictionary(d => d.Day), notLike);
            days.Clear();
        }
    }

    private static (int First, int Count) Hours(ParseResult parsed, Option<string> from, Option<string> to, LocalDate date, LocalCalendar calendar)
    {
        var times = calendar.SlotsOf(date).Select(s => calendar.Local(s.Start).TimeOfDay).ToList();
        var first = Border(from);
        var end = parsed.GetRequiredValue(to) is "00:00" ? times.Count : Border(to);
        return end > first ? (first, end - first) : throw new UsageException("--to: it is not after --from.");

        int Border(Option<string> option) => Time.Parse(parsed.GetRequiredValue(option)) is { Success: true, Value: var time } && times.IndexOf(time) is >= 0 and var slot
            ? slot
            : throw new UsageException($"{option.Name}: '{parsed.GetRequiredValue(option)}' is no half-hour of {LocalDatePattern.Iso.Format(date)}: write 18:00 or 18:30.");
    }

    private static string JsonOf(EventResult found) => JsonSerializer.Serialize(new
    {
        homes = found.Hidden is null ? found.Homes : (int?)null,
        expectedWh = found.ExpectedWh,
        usedWh = found.UsedWh,
        savedWh = found.SavedWh,
        hidden = found.Hidden?.Name(),
    });

    private static string TextOf(EventResult found) => found is { Hidden: null, ExpectedWh: { } expected, UsedWh: { } used, SavedWh: { } saved }
        ? string.Create(CultureInfo.InvariantCulture, $"At least {found.Homes} homes used {used / WhPerKwh:0.0} kWh where like days say {expected / WhPerKwh:0.0}: {Math.Abs(saved) / WhPerKwh:0.0} kWh {(saved < 0 ? "more" : "less")}.")
        : $"What they used is not told: {found.Hidden?.Name()}. {ReleaseRule.Curve(days: 1).Homes} homes with enough like days are needed at least.";
}
