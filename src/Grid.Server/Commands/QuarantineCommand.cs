using System.CommandLine;
using System.Text.Json;
using Grid.Domain;
using Grid.Ingest;
using Grid.Wire;

namespace Grid.Server;

/// <summary>Only the registry database is read and marked, so that the server may run meanwhile: it does what is asked.</summary>
internal static class QuarantineCommand
{
    private const int MarkedAtOnce = 1_000;

    public static Command Create()
    {
        Picks picks = new();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var list = new Command("list", "Prints what was refused, in the order of its arrival; with --json one object a line.") { json };
        picks.AddTo(list);
        list.SetAction((parsed, ct) => ListAsync(picks.Of(parsed), parsed.GetValue(json), ct));
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be done." };
        var replay = new Command("replay", "Has a running server take items through ingest again, within seconds, as of their first arrival. Sending anything twice changes nothing.") { json, dryRun };
        picks.AddTo(replay);
        replay.SetAction((parsed, ct) => ReplayAsync(picks.Of(parsed), parsed.GetValue(json), parsed.GetValue(dryRun), ct));
        return new Command("quarantine", "What was refused, and another try once its cause is mended.") { list, replay };
    }

    private static Task<int> ListAsync(QuarantineFilter filter, bool json, CancellationToken ct) => Offline.RunAsync(async (services, _) =>
    {
        var count = 0;
        await foreach (var item in services.GetRequiredService<IQuarantine>().ReadAsync(filter, ct))
        {
            count++;
            Console.WriteLine(json
                ? JsonSerializer.Serialize(new
                {
                    id = item.Id,
                    receivedAt = UtcText.Format(item.ReceivedAt),
                    gateway = item.Gateway.Value,
                    topic = item.Topic,
                    meter = item.Meter?.Value,
                    at = Text(item.At),
                    reason = item.Reason.Code(),
                    detail = item.Detail,
                    canReplay = ReplayRule.Allows(item),
                    replayAskedAt = Text(item.ReplayAskedAt),
                    replayedAt = Text(item.ReplayedAt),
                })
                : $"{item.Id}  {UtcText.Format(item.ReceivedAt),-24}  {item.Gateway.Value,-16}  {item.Meter?.Value ?? "-",-16}  {item.Reason.Code(),-17}  {State(item),-10}  {item.Detail}");
        }

        if (!json) await Console.Error.WriteLineAsync($"{Counted.Of(count, "item")}.");
        return 0;
    }, ct);

    private static Task<int> ReplayAsync(QuarantineFilter filter, bool json, bool dryRun, CancellationToken ct)
    {
        if (filter == new QuarantineFilter()) throw new UsageException("Which items? Say --id, --gateway, --reason, --from or --to.");
        return Offline.RunAsync(async (services, _) =>
        {
            var quarantine = services.GetRequiredService<IQuarantine>();
            var now = Instant.FromDateTimeOffset(services.GetRequiredService<TimeProvider>().GetUtcNow());
            var (marked, cut, notKept, parts) = (0, 0, 0, 0);
            List<string> ids = [];
            await foreach (var item in quarantine.ReadAsync(filter, ct))
            {
                if (ReplayRule.Allows(item)) ids.Add(item.Id);
                else if (item.IsWhole) parts++;
                else if (item.Body.Length > 0) cut++;
                else notKept++;
                if (ids.Count == MarkedAtOnce) await MarkAsync();
            }

            await MarkAsync();
            if (json) Console.WriteLine(JsonSerializer.Serialize(new { marked, cut, notKept, parts, dryRun }));
            else Console.WriteLine(Said(marked, cut, notKept, parts, dryRun));
            return 0;

            async Task MarkAsync()
            {
                if (!dryRun) await quarantine.AskReplayAsync(ids, now, ct);
                marked += ids.Count;
                ids.Clear();
            }
        }, ct);
    }

    private static string Said(int marked, int cut, int notKept, int parts, bool dryRun)
    {
        var said = dryRun ? $"{Counted.Of(marked, "item")} would be replayed." : $"{Counted.Of(marked, "item")} to be replayed; a running server does it within seconds.";
        if (cut > 0) said += $" {Counted.Of(cut, "item")} cannot be: only the beginning was kept.";
        if (notKept > 0) said += $" {Counted.Of(notKept, "item")} cannot be: the body was not kept.";
        if (parts > 0) said += $" {Counted.Of(parts, "item")} cannot be: part of a message in a format other than JSON.";
        return said;
    }

    private static string State(QuarantinedItem item) => item switch
    {
        { ReplayedAt: not null } => "replayed",
        { ReplayAskedAt: not null } => "asked",
        _ => ReplayRule.Allows(item) ? "-" : "not whole",
    };

    private static string? Text(Instant? at) => at is { } instant ? UtcText.Format(instant) : null;

    /// <summary>The options that say which items.</summary>
    private sealed class Picks
    {
        private readonly Option<string?> _from = new("--from") { Description = "First UTC instant of arrival, such as 2026-11-24T13:20:00Z." };
        private readonly Option<string?> _to = new("--to") { Description = "UTC instant after the last." };
        private readonly Option<string?> _reason = new Option<string?>("--reason") { Description = "Those refused for one reason." }.AcceptOnlyFromAmong([.. ReasonCodes.Codes]);
        private readonly Option<string?> _gateway = new("--gateway") { Description = "Those of one gateway." };
        private readonly Option<string?> _id = new("--id") { Description = "One item, as 'quarantine list' names it." };

        public void AddTo(Command command)
        {
            foreach (var option in (Option[])[_from, _to, _reason, _gateway, _id]) command.Options.Add(option);
        }

        public QuarantineFilter Of(ParseResult parsed)
        {
            GatewayName gateway = default;
            if (parsed.GetValue(_gateway) is { } name && !GatewayName.TryParse(name, out gateway)) throw new UsageException($"--gateway: '{name}' is no gateway name.");
            return new(At(parsed, _from), At(parsed, _to), ReasonCodes.Parse(parsed.GetValue(_reason)), gateway.Value is null ? null : gateway, parsed.GetValue(_id));
        }

        private static Instant? At(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is not { } text
            ? null
            : UtcText.TryParse(text, out var at) ? at : throw new UsageException($"{option.Name}: '{text}' is no UTC instant such as 2026-11-24T13:20:00Z.");
    }
}
