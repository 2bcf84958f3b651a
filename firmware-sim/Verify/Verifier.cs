using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>An item of quarantine as the operators' endpoint tells it.</summary>
/// <param name="ImportWh">The refused reading's register, where its body tells it.</param>
public sealed record QuarantinedEntry(GatewayName Gateway, MeterName? Meter, Instant? At, string Reason, string Sha256, long? ImportWh);

/// <summary>What counts as acknowledged.</summary>
public enum Acknowledgement
{
    /// <summary>The broker's PUBACK, which is the backend's own with the embedded broker.</summary>
    PubAck = 1,

    /// <summary>The backend's <c>ack</c>: all that it promises behind an external broker.</summary>
    Ack = 2,
}

/// <summary>Holds what a backend stored and quarantined against what was sent and what was true. Pure: no file, no clock, no network.</summary>
public sealed class Verifier
{
    private readonly Truth _truth;
    private readonly Acknowledgement _by;
    private readonly Dictionary<(MeterName, Instant), List<Sending>> _sendings = [];
    private readonly List<(SentMessage Sent, TrueMessage Message)> _messages = [];
    private readonly VerifyReport _report = new();
    private readonly RunLog _log;
    private readonly ILookup<string, QuarantinedEntry> _bySha256;
    private readonly ILookup<(MeterName?, Instant?), QuarantinedEntry> _byKey;

    private Verifier(Truth truth, RunLog log, IReadOnlyList<QuarantinedEntry> quarantine, Acknowledgement by)
    {
        (_truth, _log, _by) = (truth, log, by);
        _bySha256 = quarantine.ToLookup(q => q.Sha256, StringComparer.Ordinal);
        _byKey = quarantine.ToLookup(q => (q.Meter, q.At));
    }

    /// <param name="stored">Every meter's readings in time order.</param>
    /// <exception cref="InvalidDataException">The log holds messages that the truth does not: they are of different runs.</exception>
    public static VerifyReport Compare(
        Truth truth, RunLog log, IReadOnlyDictionary<MeterName, IReadOnlyList<Reading>> stored, IReadOnlyList<QuarantinedEntry> quarantine, Acknowledgement by = Acknowledgement.PubAck)
    {
        var verifier = new Verifier(truth, log, quarantine, by);
        verifier.Gather();
        verifier.HoldStored(stored);
        verifier.HoldSent(stored.SelectMany(meter => meter.Value).GroupBy(r => (r.Meter, r.At)).ToDictionary(g => g.Key, g => g.First()));
        foreach (var (name, meter) in truth.Meters)
            if (meter.IsTrue && stored.GetValueOrDefault(name) is { } readings) verifier.HoldEnergy(name, meter, readings);
        return verifier._report;
    }

    private void Gather()
    {
        foreach (var sent in _log.Sent)
        {
            if (sent.Tag == 0) continue; // what a gateway says of itself holds no reading
            if (!_truth.Messages.TryGetValue((sent.Gateway, sent.Tag), out var message))
                throw new InvalidDataException($"The log has message {sent.Tag} of {sent.Gateway}, the truth has not: they are of different runs.");
            _messages.Add((sent, message));
            var acknowledged = IsAcknowledged(sent);
            foreach (var (reading, expected) in message.Readings)
            {
                var key = (reading.Meter, reading.At);
                if (!_sendings.TryGetValue(key, out var sendings)) _sendings.Add(key, sendings = []);
                sendings.Add(new(sent, reading, expected, acknowledged));
            }
        }
    }

    /// <summary>Whatever is stored was sent, once, by one who may, and the first of its kind.</summary>
    private void HoldStored(IReadOnlyDictionary<MeterName, IReadOnlyList<Reading>> stored)
    {
        foreach (var (name, readings) in stored)
        {
            Instant? before = null;
            foreach (var reading in readings)
            {
                _report.Stored++;
                if (reading.At == before) _report.Add(Breach.DoubleCounted, $"{Key(reading)}: stored twice");
                before = reading.At;
                if (!_sendings.TryGetValue((name, reading.At), out var sendings))
                {
                    _report.Add(Breach.Phantom, $"{Key(reading)}: stored as {reading.Registers.ImportWh} Wh, never sent");
                    continue;
                }

                var allowed = sendings.Where(s => s.Expected.HasFlag(Fate.Stored)).ToArray();
                if (Array.Find(allowed, s => Agree(s, reading)) is not { } match)
                {
                    if (sendings.Exists(s => Agree(s, reading))) _report.Add(Breach.Phantom, $"{Key(reading)}: stored as {reading.Registers.ImportWh} Wh, which must be refused ({sendings.Find(s => Agree(s, reading))!.Expected.Code()})");
                    else _report.Add(Breach.Conflict, $"{Key(reading)}: stored as {reading.Registers.ImportWh} Wh, sent as {sendings[0].Reading.Registers.ImportWh} Wh");
                }
                else if (allowed.TakeWhile(s => s != match).FirstOrDefault(s => s.IsAcknowledged && !IsQuarantined(s)) is { } first)
                    _report.Add(Breach.Conflict, $"{Key(reading)}: stored as {reading.Registers.ImportWh} Wh, sent first and accepted as {first.Reading.Registers.ImportWh} Wh");
            }
        }
    }

    /// <summary>Whatever was acknowledged is stored, or in quarantine for a reason that the scenario leads to.</summary>
    private void HoldSent(Dictionary<(MeterName, Instant), Reading> stored)
    {
        foreach (var (key, sendings) in _sendings)
        {
            _report.Sent++;
            if (sendings.Exists(s => s.IsAcknowledged)) _report.Acknowledged++;
            else
            {
                _report.Unknown++;
                if (stored.ContainsKey(key)) _report.UnknownStored++;
            }

            foreach (var sending in sendings)
            {
                var isStored = stored.TryGetValue(key, out var held) && Agree(sending, held);
                var reasons = ReasonsOf(sending).Distinct(StringComparer.Ordinal).ToArray();
                foreach (var reason in reasons) _report.Quarantined[reason] = _report.Quarantined.GetValueOrDefault(reason) + 1;
                if (Array.Find(reasons, reason => !sending.Expected.HasFlag(FateOf(reason))) is { } odd)
                    _report.Add(Breach.Unexpected, $"{Key(sending.Reading)} from {sending.Sent.Gateway}: quarantined as {odd}, expected {sending.Expected.Code()}");
                if (sending.IsAcknowledged && !isStored && reasons.Length == 0)
                    _report.Add(Breach.Lost, $"{Key(sending.Reading)}: {sending.Sent.Gateway} epoch {sending.Sent.Epoch} seq {sending.Sent.Seq} was acknowledged; it is neither stored nor quarantined (expected {sending.Expected.Code()})");
            }
        }

        foreach (var (sent, message) in _messages) HoldWhole(sent, message);
    }

    private void HoldWhole(SentMessage sent, TrueMessage message)
    {
        if (message.Readings.Count > 0) return; // told by its readings
        var reasons = _bySha256[sent.Sha256].Where(q => q.Gateway == sent.Gateway).Select(q => q.Reason).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var reason in reasons)
        {
            _report.Quarantined[reason] = _report.Quarantined.GetValueOrDefault(reason) + 1;
            if (!message.Expected.HasFlag(FateOf(reason))) _report.Add(Breach.Unexpected, $"message {sent.Tag} of {sent.Gateway} ({sent.Kind}): quarantined as {reason}, expected {message.Expected.Code()}");
        }

        if (reasons.Length == 0 && IsAcknowledged(sent) && !message.Expected.HasFlag(Fate.Stored))
            _report.Add(Breach.Lost, $"message {sent.Tag} of {sent.Gateway} ({sent.Kind}): acknowledged, not in quarantine (expected {message.Expected.Code()})");
    }

    /// <summary>Between two half-hours' borders no more passed than was true, where nothing at fault lies between register and truth.</summary>
    private void HoldEnergy(MeterName name, TrueMeter meter, IReadOnlyList<Reading> readings)
    {
        var at = readings.DistinctBy(r => r.At).ToDictionary(r => r.At, r => r.Registers);
        foreach (var slot in meter.Slots)
        {
            if (!at.TryGetValue(slot.From, out var start) || !at.TryGetValue(slot.From + LocalCalendar.SlotLength, out var end)) continue;
            if (end.ImportWh - start.ImportWh > slot.ImportWh || (end.ExportWh ?? 0) - (start.ExportWh ?? 0) > slot.ExportWh)
                _report.Add(Breach.DoubleCounted, $"{name} {UtcText.Format(slot.From)}: {end.ImportWh - start.ImportWh} Wh are stored for this half-hour, {slot.ImportWh} Wh passed");
        }
    }

    private bool IsAcknowledged(SentMessage sent) => _by is Acknowledgement.PubAck ? sent.IsPubAcked : _log.StoredThrough(sent.Gateway, sent.Epoch) >= sent.Seq;

    private bool IsQuarantined(Sending sending) => ReasonsOf(sending).Any();

    private IEnumerable<string> ReasonsOf(Sending sending) =>
        _byKey[(sending.Reading.Meter, sending.Reading.At)]
            .Where(q => q.Gateway == sending.Sent.Gateway && (q.ImportWh is null || q.ImportWh < 0 || q.ImportWh == sending.Reading.Registers.ImportWh))
            .Concat(_bySha256[sending.Sent.Sha256].Where(q => q.Gateway == sending.Sent.Gateway))
            .Select(q => q.Reason);

    // An unknown reason is expected of nothing.
    private static Fate FateOf(string reason) => Fates.Of(reason) is var fate and not Fate.None ? fate : (Fate)(1 << 30);

    private static bool Agree(Sending sending, Reading stored) => stored.Registers.Match(sending.Reading.Registers) is not RegisterMatch.Conflict;

    private static string Key(Reading reading) => $"{reading.Meter} {UtcText.Format(reading.At)}";

    private sealed record Sending(SentMessage Sent, Reading Reading, Fate Expected, bool IsAcknowledged);
}
