using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.Faults;

/// <summary>
/// What gateways sent and what was acknowledged to them, held in the end against what is stored and quarantined. It keeps a simulator's
/// log and truth, and judges by the simulator's own verifier. For any thread.
/// </summary>
internal sealed class Oracle
{
    private const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";
    private static readonly Instant Early = Instant.FromUtc(1990, 1, 1, 0, 0);
    private static readonly Instant Late = Instant.FromUtc(2200, 1, 1, 0, 0);

    private readonly Lock _lock = new();
    private readonly StringBuilder _log = new("grid-sim-log 1 faults 1 2020-01-01T00:00:00Z\n");
    private readonly Truth _truth = new() { Scenario = "faults", Seed = 1, Start = Early, End = Late };
    private readonly HashSet<MeterName> _meters = [];
    private long _tag;

    /// <summary>Items that got their PUBACK; one for a message without readings.</summary>
    public long AcknowledgedItems { get; private set; }

    /// <summary>Notes a message before it goes out.</summary>
    /// <returns>Its number, for what becomes of it.</returns>
    public Sent Sending(GatewayName gateway, long epoch, long seq, TopicKind kind, IReadOnlyList<ScriptReading> readings, Fate expected = Fate.Stored, byte[]? payload = null)
    {
        lock (_lock)
        {
            Sent sent = new(gateway, ++_tag, epoch, seq, Math.Max(1, readings.Count));
            _truth.Messages.Add((gateway, sent.Tag), new(sent.Tag, kind, expected, readings));
            foreach (var (reading, _) in readings) _meters.Add(reading.Meter);
            var hash = payload is null ? NoHash : Convert.ToHexStringLower(SHA256.HashData(payload));
            _log.Append(CultureInfo.InvariantCulture, $"sent {gateway} {sent.Tag} {epoch} {seq} {Topics.Level(kind)} {hash}\n");
            return sent;
        }
    }

    public void PubAcked(Sent sent)
    {
        lock (_lock)
        {
            AcknowledgedItems += sent.Items;
            _log.Append(CultureInfo.InvariantCulture, $"puback {sent.Gateway} {sent.Tag} {sent.Epoch} {sent.Seq} Success\n");
        }
    }

    /// <summary>The backend's <c>ack</c>.</summary>
    public void StoredThrough(GatewayName gateway, long epoch, long through)
    {
        lock (_lock) _log.Append(CultureInfo.InvariantCulture, $"ack {gateway} {epoch} {through}\n");
    }

    /// <summary>Takes over what a publisher of the bench sent.</summary>
    public void Take(Publisher publisher, Workload workload)
    {
        Dictionary<long, Sent> sent = [];
        foreach (var message in publisher.SentMessages())
        {
            var number = workload.GatewayOf(message);
            ScriptReading[] readings = [.. workload.ValuesOf(message).Select(v => new ScriptReading(
                new(Neighbourhood.Meter(number), Instant.FromUnixTimeMilliseconds(v.AtMs), new(v.ImportWh, 0)), Fate.Stored))];
            sent[message] = Sending(Neighbourhood.Gateway(number), Workload.Epoch, workload.SeqOf(message), TopicKind.Readings, readings);
        }

        foreach (var message in publisher.AcknowledgedMessages()) PubAcked(sent[message]);
    }

    /// <summary>Nothing lost, counted twice, changed or made up; every fate one that was foreseen.</summary>
    public async Task JudgeAsync(RowRun run, IReadingStore store, IQuarantine quarantine, Acknowledgement by = Acknowledgement.PubAck)
    {
        Dictionary<MeterName, IReadOnlyList<Reading>> stored = [];
        foreach (var meter in _meters.Concat(Neighbourhood.Meters).Distinct())
        {
            List<Reading> readings = [];
            await foreach (var reading in store.ReadAsync(meter, Early, Late, run.Stop)) readings.Add(reading);
            stored[meter] = readings;
        }

        List<QuarantinedEntry> refused = [];
        await foreach (var item in quarantine.ReadAsync(new(), run.Stop))
            refused.Add(new(item.Gateway, item.Meter, item.At, item.Reason.Code(), item.Sha256, ImportOf(item.Body)));
        Judge(run, stored, refused, by);
    }

    // A body may be anything; only a refused reading has a register.
    private static long? ImportOf(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty("importWh", out var wh) && wh.TryGetInt64(out var import) ? import : null;
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private void Judge(RowRun run, Dictionary<MeterName, IReadOnlyList<Reading>> stored, List<QuarantinedEntry> refused, Acknowledgement by)
    {
        VerifyReport report;
        lock (_lock) report = Verifier.Compare(_truth, RunLog.Parse("oracle", _log.ToString()), stored, refused, by);
        foreach (var some in report.Findings.GroupBy(f => f.Breach))
            run.Check(false, $"{some.Count()} {some.Key}, such as {string.Join("; ", some.Take(3).Select(f => f.What))}");
        run.Count("acknowledged", report.Acknowledged);
        run.Count("lost", report.Count(Breach.Lost));
        if (report.Unknown > 0) run.Count("unknown", report.Unknown);
    }
}

/// <summary>A message that went out.</summary>
internal sealed record Sent(GatewayName Gateway, long Tag, long Epoch, long Seq, int Items);
