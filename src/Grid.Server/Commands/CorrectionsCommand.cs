using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Grid.Analytics;
using Grid.Domain;
using Grid.Jobs;
using Grid.Wire;
using NodaTime.Text;

namespace Grid.Server;

/// <summary>A person's word in place of a meter's readings (METHOD.md rule 1.16). The server may run meanwhile: it computes what changed again.</summary>
internal static class CorrectionsCommand
{
    private const string Later = "A running server computes its days again within seconds, and then what is made of them.";

    private static readonly Duration Longest = Duration.FromDays(366);

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say what would be done." };
    private static readonly Option<string> By = new("--by") { Description = "Who answers for it.", Required = true };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why: it stays with the correction.", Required = true };
    private static readonly Argument<string> Meter = new("meter") { Description = "The meter's name in the registry." };
    private static readonly Option<string> From = new("--from") { Description = "A UTC instant such as 2026-11-24T13:30:00Z, or a local day: its start.", Required = true };
    private static readonly Option<string> To = new("--to") { Description = "The same; the first that is not corrected any more.", Required = true };

    public static Command Create()
    {
        var reject = new Command("reject", $"Says that a meter's readings of a span are wrong: what flowed is not known. {Later}") { Meter, From, To, By, Reason, DryRun, Json };
        reject.SetAction((parsed, ct) => AddAsync(parsed, importWh: null, exportWh: null, ct));

        var import = new Option<long>("--import-wh") { Description = "What flowed in, in watt-hours; it is spread evenly over the span.", Required = true };
        var export = new Option<long?>("--export-wh") { Description = "What flowed out, where the meter tells that too." };
        var set = new Command("set", $"Says how much flowed through a meter in a span, as read by a person. {Later}") { Meter, From, To, import, export, By, Reason, DryRun, Json };
        set.SetAction((parsed, ct) => AddAsync(parsed, parsed.GetValue(import), parsed.GetValue(export), ct));

        var number = new Argument<long>("number") { Description = "As 'corrections list' tells it." };
        var undo = new Command("undo", $"Lets the readings speak again; the correction is kept. {Later}") { number, By, Reason };
        undo.SetAction((parsed, ct) => UndoAsync(parsed, parsed.GetValue(number), ct));

        var only = new Option<string?>("--meter") { Description = "Those of one meter." };
        var list = new Command("list", "Prints every correction ever made, undone ones too; with --json one object a line.") { only, Json };
        list.SetAction((parsed, ct) => ListAsync(parsed.GetValue(only) is { } name ? MeterOf(name) : null, parsed.GetValue(Json), ct));
        return new Command("corrections", "What a person knows better than a meter. Readings are never changed, a correction stands beside them.") { reject, set, undo, list };
    }

    private static Task<int> AddAsync(ParseResult parsed, long? importWh, long? exportWh, CancellationToken ct)
    {
        var meter = MeterOf(parsed.GetRequiredValue(Meter));
        return Offline.RunAsync(async (services, _) =>
        {
            var now = Dates.Now(services);
            var made = SignatureOf(parsed, now);
            var snapshot = await services.GetRequiredService<IRegistry>().ReadAsync(ct);
            Slot span = new(At(parsed, From, snapshot.Calendar), At(parsed, To, snapshot.Calendar));
            CorrectedSpan what = new(meter, span, importWh, exportWh);
            var install = Checked(what, snapshot, now);
            await CheckReadingsAsync(services, snapshot.Calendar.DayOf(span.Start), ct);

            var corrections = services.GetRequiredService<ICorrections>();
            MeterCurves curves = new(services.GetRequiredService<IReadingStore>(), services.GetRequiredService<ILedger>(), corrections);
            var meters = await curves.OfAsync([install], span, snapshot.Calendar, ct);
            var before = HouseholdConsumption.Of(span, meters);
            if (importWh is not null) await CheckSetAsync(services, what, meters[0], snapshot.Calendar, ct);
            if ((await corrections.AllAsync(meter, ct)).FirstOrDefault(c => c.Undone is null && c.What.Span.Overlaps(span)) is { } other) throw InTheWay(other);
            Correction correction = new(0, what, before, made, Undone: null);
            if (!parsed.GetValue(DryRun))
            {
                (correction, var stored) = await corrections.AddAsync(what, before, made, snapshot.Calendar, ct);
                if (!stored) throw InTheWay(correction); // somebody was faster
            }

            if (parsed.GetValue(Json)) Console.WriteLine(JsonOf(correction));
            else Console.WriteLine($"{TextOf(correction)}\n{(correction.Number == 0 ? "Nothing is stored: without --dry-run it would be." : Later)}");
            return 0;
        }, ct);
    }

    private static UsageException InTheWay(Correction other) => new(
        $"Correction {other.Number} of {other.What.Meter} holds from {UtcText.Format(other.What.Span.Start)} to {UtcText.Format(other.What.Span.End)}: undo it first, or correct another span.");

    private static Task<int> UndoAsync(ParseResult parsed, long number, CancellationToken ct) => Offline.RunAsync(async (services, _) =>
    {
        var undone = SignatureOf(parsed, Dates.Now(services));
        var corrections = services.GetRequiredService<ICorrections>();
        var calendar = (await services.GetRequiredService<IRegistry>().ReadAsync(ct)).Calendar;
        var correction = (await corrections.AllAsync(meter: null, ct)).FirstOrDefault(c => c.Number == number)
            ?? throw new UsageException($"There is no correction {number}: 'corrections list' has them.");
        if (correction.Undone is null) await CheckReadingsAsync(services, calendar.DayOf(correction.What.Span.Start), ct);
        if (!await corrections.UndoAsync(number, undone, calendar, ct)) throw new UsageException($"Correction {number} is undone already.");
        Console.WriteLine($"Correction {number} is undone. {Later}");
        return 0;
    }, ct);

    private static Task<int> ListAsync(MeterName? meter, bool json, CancellationToken ct) => Offline.RunAsync(async (services, _) =>
    {
        var all = await services.GetRequiredService<ICorrections>().AllAsync(meter, ct);
        foreach (var correction in all) Console.WriteLine(json ? JsonOf(correction) : TextOf(correction));
        if (!json) await Console.Error.WriteLineAsync($"{Counted.Of(all.Count, "correction")}.");
        return 0;
    }, ct);

    private static MeterInstall Checked(CorrectedSpan what, RegistrySnapshot snapshot, Instant now)
    {
        var span = what.Span;
        if (span.End <= span.Start) throw new UsageException("--to: it is not after --from.");
        if (span.End > now) throw new UsageException($"--to: {UtcText.Format(span.End)} is still to come.");
        if (span.Length > Longest) throw new UsageException($"--to: a correction is of {Longest.Days} days at most.");
        var installs = snapshot.InstallsOf(what.Meter);
        if (installs.Count == 0) throw new UsageException($"The registry has no meter {what.Meter}.");
        var install = installs.FirstOrDefault(i => i.Within(span) == span)
            ?? throw new UsageException($"{what.Meter} does not hang in one place from {UtcText.Format(span.Start)} to {UtcText.Format(span.End)}: {string.Join("; ", installs.Select(Hung))}.");
        foreach (var (option, wh) in new[] { ("--import-wh", what.ImportWh), ("--export-wh", what.ExportWh) })
        {
            if (wh < 0) throw new UsageException($"{option}: energy is not negative.");
            if (wh > install.PlausiblePowerW * span.Length.TotalHours)
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option}: {wh} Wh are more than {install.PlausiblePowerW} W, the most that can flow through {what.Meter}, would bring in that time."));
        }

        return install;
    }

    private static async Task CheckSetAsync(IServiceProvider services, CorrectedSpan what, MeteredInterval meter, LocalCalendar calendar, CancellationToken ct)
    {
        if (meter.Curve.TellsExport && what.ExportWh is null) throw new UsageException($"--export-wh: {what.Meter} tells what flows out too. Say how much it was, 0 if nothing.");
        // Spread evenly over a move, some people's use would be told as others'.
        if (meter.Install.Household is { } household && (await services.GetRequiredService<ITenancies>().MovesAsync(household, ct)).Select(calendar.StartOf).Where(at => at > what.Span.Start && at < what.Span.End).ToList() is [var move, ..])
            throw new UsageException($"Somebody moved in or out at {UtcText.Format(move)}: correct what was before and what came after apart.");
    }

    /// <summary>A day whose readings are deleted can be computed no more, with a correction or without.</summary>
    private static async Task CheckReadingsAsync(IServiceProvider services, LocalDate first, CancellationToken ct)
    {
        if (await new KeptReadings(services.GetRequiredService<IJobRuns>()).WholeFromAsync(ct) is var whole && first < whole)
            throw new UsageException($"Readings that days before {LocalDatePattern.Iso.Format(whole)} are computed from are deleted: {LocalDatePattern.Iso.Format(first)} stays as it is.");
    }

    private static string Hung(MeterInstall install) => install.To is { } to ? $"from {UtcText.Format(install.From)} to {UtcText.Format(to)}" : $"from {UtcText.Format(install.From)} on";

    private static MeterName MeterOf(string text) => MeterName.TryParse(text, out var meter) ? meter : throw new UsageException($"'{text}' is no meter name.");

    private static Instant At(ParseResult parsed, Option<string> option, LocalCalendar calendar)
    {
        var text = parsed.GetRequiredValue(option);
        if (UtcText.TryParse(text, out var at)) return at;
        if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day }) return calendar.StartOf(day);
        throw new UsageException($"{option.Name}: '{text}' is neither a UTC instant such as 2026-11-24T13:30:00Z nor a day such as 2026-11-24.");
    }

    private static Signature SignatureOf(ParseResult parsed, Instant now)
    {
        return new(Said(By), Said(Reason), now);

        string Said(Option<string> option) => parsed.GetRequiredValue(option).Trim() is { Length: > 0 and <= Signature.MaxLength } text && !text.Any(char.IsControl)
            ? text
            : throw new UsageException($"{option.Name}: a line of at most {Signature.MaxLength} characters, and not empty.");
    }

    private static string TextOf(Correction c) =>
        $"{NumberOf(c)?.ToString(CultureInfo.InvariantCulture) ?? "-",4}  {c.What.Meter.Value,-16}  {UtcText.Format(c.What.Span.Start)} to {UtcText.Format(c.What.Span.End)}  {EnergyOf(c.Before)} -> {EnergyOf(After(c.What))}  {Signed(c.Made)}"
        + (c.Undone is { } undone ? $"; undone {Signed(undone)}" : "");

    // One that is not stored has none.
    private static long? NumberOf(Correction c) => c.Number > 0 ? c.Number : null;

    private static string Signed(Signature s) => $"by {s.By} at {UtcText.Format(s.At)}: {s.Reason}";

    private static string EnergyOf(SlotEnergy energy) => energy.ImportWh is { } wh
        ? string.Create(CultureInfo.InvariantCulture, $"{wh} Wh{(energy.ExportWh is { } export ? $" (out: {export})" : "")}, {energy.Quality.Name()}")
        : energy.Quality.Name();

    private static SlotEnergy After(CorrectedSpan what) => what.ImportWh is null ? SlotEnergy.Rejected : new(what.ImportWh, what.ExportWh, Quality.Manual);

    private static string JsonOf(Correction c) => JsonSerializer.Serialize(new
    {
        number = NumberOf(c),
        meter = c.What.Meter.Value,
        from = UtcText.Format(c.What.Span.Start),
        to = UtcText.Format(c.What.Span.End),
        before = Energy(c.Before),
        after = Energy(After(c.What)),
        made = Named(c.Made),
        undone = c.Undone is { } undone ? Named(undone) : null,
    });

    private static object Named(Signature s) => new { by = s.By, reason = s.Reason, at = UtcText.Format(s.At) };

    private static object Energy(SlotEnergy energy) => new { importWh = energy.ImportWh, exportWh = energy.ExportWh, quality = energy.Quality.Name() };
}
