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
            var result = await Telling.RunAsync(services, date.PlusDays(-EventResult.TogetherDays - EventSavings.FarthestBackDays), date.PlusDays(EventResult.TogetherDays + 1), async shown =>
            {
                var told = await ToldAsync(services.GetRequiredService<IResults>(), shown, ct);
                var days = await DaysAsync(services, snapshot, date, told, ct);
                var (found, toTell) = EventResult.Of(date, first, slots, days, notLike, told.Keys.ToHashSet(), new(shown, []));
                return new Told<EventResult>(found, [.. toTell.Select(t => t.Shown)]) { Results = [.. toTell.Select(t => new ResultDraft(EventDay.Key(t.Day.Day), t.Day.ToJson()))] };
            }, ct);
            Console.WriteLine(parsed.GetValue(json) ? JsonOf(result) : TextOf(result, date));
            return 0;
        }, ct));
        return command;
    }

    /// <summary>Days that operators have been told of, as they were first.</summary>
    private static async Task<IReadOnlyDictionary<LocalDate, EventDay>> ToldAsync(IResults results, IReadOnlyList<ShownGroup> shown, CancellationToken ct)
    {
        var homes = shown.Where(s => s.Audience == ShownTo.Operators && s.Group.From.PlusDays(1) == s.Group.To).DistinctBy(s => s.Group.From).ToDictionary(s => s.Group.From, s => s.Group.Homes);
        Dictionary<LocalDate, EventDay> told = [];
        foreach (var (day, who) in homes)
            if (await results.FindAsync(EventDay.Key(day), version: 1, ct) is { } stored) told[day] = EventDay.FromJson(day, who, stored.Json);
        return told;
    }

    /// <summary>The days up to the event's that may be needed.</summary>
    private static async Task<Dictionary<LocalDate, EventDay>> DaysAsync(
        IServiceProvider services, RegistrySnapshot snapshot, LocalDate date, IReadOnlyDictionary<LocalDate, EventDay> told, CancellationToken ct)
    {
        var homes = snapshot.Households.Where(h => h.IsHome).Select(h => h.Id).ToHashSet();
        Dictionary<LocalDate, Dictionary<HouseholdId, HouseholdDay>> complete = [];
        await foreach (var day in services.GetRequiredService<IHouseholdDays>().ReadAllAsync(date.PlusDays(-EventSavings.FarthestBackDays), date.PlusDays(1), ct))
        {
            if (!homes.Contains(day.Household) || !EventDay.Counts(day)) continue;
            if (!complete.TryGetValue(day.Day, out var those)) complete.Add(day.Day, those = []);
            those.Add(day.Household, day);
        }

        return complete.ToDictionary(d => d.Key, d => told.GetValueOrDefault(d.Key) ?? EventDay.Of(d.Key, d.Value));
    }

    private static (int First, int Count) Hours(ParseResult parsed, Option<string> from, Option<string> to, LocalDate date, LocalCalendar calendar)
    {
        if (calendar.SlotsOf(date).Count != EventDay.HalfHours) throw new UsageException($"--day: clocks change on {LocalDatePattern.Iso.Format(date)}, and no day before is like it.");
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
        homes = found.SavedWh is null ? (int?)null : found.Homes,
        likeDays = found.LikeDays,
        expectedWh = found.ExpectedWh,
        usedWh = found.UsedWh,
        savedWh = found.SavedWh,
        hidden = found.Hidden?.Name(),
    });

    private static string TextOf(EventResult found, LocalDate date) => found switch
    {
        { ExpectedWh: { } expected, UsedWh: { } used, SavedWh: { } saved } => string.Create(
            CultureInfo.InvariantCulture, $"{found.Homes} homes used {used / WhPerKwh:0.0} kWh where like days say {expected / WhPerKwh:0.0}: {Math.Abs(saved) / WhPerKwh:0.0} kWh {(saved < 0 ? "more" : "less")}. Of at least as many the mean is known."),
        { Hidden: { } why } => $"What they used is not told: {why.Name()}. So many days of half-hours as operators are told of within a year need {found.NeededHomes} homes.",
        _ => $"Not estimable: {Counted.Of(found.LikeDays, "like day")} within {EventSavings.FarthestBackDays} days, {(date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday ? EventSavings.WeekendDays : EventSavings.Weekdays)} are needed; and the day itself must be known.",
    };
}
