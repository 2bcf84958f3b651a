using System.Buffers;
using System.Text;
using Grid.Domain;

namespace Grid.Ingest;

/// <summary>Journal entries as bytes: a version, then each entry field by field. Only this node reads them, but a newer release must too.</summary>
internal static class EntryCodec
{
    private const byte Version = 2; // 2: an event says by how much a clock was set

    [Flags]
    private enum Has : byte
    {
        None = 0,
        Export = 1,
        Tariff = 2,
        Power = 4,
        Voltage = 8,
    }

    public static void Encode(IReadOnlyCollection<JournalEntry> entries, IBufferWriter<byte> output)
    {
        var bytes = new BytesOut(output);
        bytes.Byte(Version);
        bytes.Number(entries.Count);
        foreach (var entry in entries) Write(bytes, entry);
    }

    public static IReadOnlyList<JournalEntry> Decode(ReadOnlySpan<byte> body)
    {
        var bytes = new BytesIn(body);
        if (bytes.Byte() is var version && version is < 1 or > Version) throw new InvalidDataException($"The journal holds version {version}, this release reads {Version}.");
        var entries = new JournalEntry[bytes.Count()];
        for (var i = 0; i < entries.Length; i++) entries[i] = Read(ref bytes, version);
        return entries;
    }

    private static void Write(BytesOut bytes, JournalEntry entry)
    {
        bytes.Text(entry.Gateway.Value);
        Write(bytes, entry.ReceivedAt);
        bytes.Number(entry.Epoch ?? 0);
        bytes.Number(entry.Seq ?? 0);
        bytes.Number(entry.Readings.Count);
        foreach (var reading in entry.Readings) Write(bytes, reading);
        bytes.Byte(entry.Event is null ? (byte)0 : (byte)1);
        if (entry.Event is { } what) Write(bytes, what);
        bytes.Number(entry.Refused.Count);
        foreach (var item in entry.Refused) Write(bytes, item);
    }

    private static JournalEntry Read(ref BytesIn bytes, byte version)
    {
        var (gateway, receivedAt) = (GatewayName.Parse(bytes.Text()), ReadInstant(ref bytes));
        var (epoch, seq) = (bytes.Number(), bytes.Number());
        var readings = new Reading[bytes.Count()];
        ReadOnlySpan<byte> name = default;
        MeterName meter = default;
        for (var i = 0; i < readings.Length; i++)
        {
            var next = bytes.Block();
            if (i == 0 || !next.SequenceEqual(name)) meter = MeterName.Parse(Encoding.UTF8.GetString(next)); // most messages are of one meter
            name = next;
            readings[i] = ReadReading(meter, ref bytes);
        }

        var what = bytes.Byte() != 0 ? ReadEvent(ref bytes, version) : null;
        var refused = new QuarantinedItem[bytes.Count()];
        for (var i = 0; i < refused.Length; i++) refused[i] = ReadItem(ref bytes);
        return new(gateway, receivedAt, epoch == 0 ? null : epoch, seq == 0 ? null : seq, readings, what, refused);
    }

    private static void Write(BytesOut bytes, Reading reading)
    {
        var registers = reading.Registers;
        bytes.Text(reading.Meter.Value);
        Write(bytes, reading.At);
        bytes.Number(registers.ImportWh);
        bytes.Byte((byte)((registers.ExportWh is null ? Has.None : Has.Export) | (registers.TariffWh is null ? Has.None : Has.Tariff)
            | (reading.PowerW is null ? Has.None : Has.Power) | (reading.VoltageV is null ? Has.None : Has.Voltage)));
        if (registers.ExportWh is { } export) bytes.Number(export);
        if (registers.TariffWh is { } tariffs) bytes.Text(tariffs.ToString());
        if (reading.PowerW is { } power) bytes.Real(power);
        if (reading.VoltageV is { } voltage) bytes.Real(voltage);
    }

    private static Reading ReadReading(MeterName meter, ref BytesIn bytes)
    {
        var (at, import) = (ReadInstant(ref bytes), bytes.Number());
        var has = (Has)bytes.Byte();
        long? export = has.HasFlag(Has.Export) ? bytes.Number() : null;
        var tariffs = has.HasFlag(Has.Tariff) ? TariffRegisters.Parse(bytes.Text()) : null;
        double? power = has.HasFlag(Has.Power) ? bytes.Real() : null;
        double? voltage = has.HasFlag(Has.Voltage) ? bytes.Real() : null;
        return new(meter, at, new(import, export, tariffs), power, voltage);
    }

    private static void Write(BytesOut bytes, MeterEvent what)
    {
        bytes.Byte((byte)what.Kind);
        bytes.Text(what.Meter?.Value ?? "");
        Write(bytes, what.At);
        bytes.Number(what.ClosingWh ?? -1);
        bytes.Number(what.OpeningWh ?? -1);
        bytes.Number(what.Lost?.From ?? 0);
        bytes.Number(what.Lost?.To ?? 0);
        bytes.Number(what.ByMs ?? long.MinValue);
    }

    private static MeterEvent ReadEvent(ref BytesIn bytes, byte version)
    {
        var (kind, meter, at) = ((MeterEventKind)bytes.Byte(), bytes.Text(), ReadInstant(ref bytes));
        var (closing, opening) = (bytes.Number(), bytes.Number());
        var (from, to) = (bytes.Number(), bytes.Number());
        var byMs = version >= 2 ? bytes.Number() : long.MinValue;
        return new(
            kind,
            meter.Length == 0 ? null : MeterName.Parse(meter),
            at,
            closing < 0 ? null : closing,
            opening < 0 ? null : opening,
            from == 0 ? null : new(from, to),
            byMs == long.MinValue ? null : byMs);
    }

    private static void Write(BytesOut bytes, QuarantinedItem item)
    {
        bytes.Text(item.Id);
        Write(bytes, item.ReceivedAt);
        bytes.Text(item.Gateway.Value);
        bytes.Text(item.Topic);
        bytes.Text(item.Meter?.Value ?? "");
        bytes.Byte(item.At is null ? (byte)0 : (byte)1);
        if (item.At is { } at) Write(bytes, at);
        bytes.Byte((byte)item.Reason);
        bytes.Text(item.Detail);
        bytes.Text(item.Sha256);
        bytes.Block(item.Body);
    }

    private static QuarantinedItem ReadItem(ref BytesIn bytes)
    {
        var (id, receivedAt, gateway) = (bytes.Text(), ReadInstant(ref bytes), GatewayName.Parse(bytes.Text()));
        var (topic, meter) = (bytes.Text(), bytes.Text());
        Instant? at = bytes.Byte() != 0 ? ReadInstant(ref bytes) : null;
        var (reason, detail, hash) = ((Reason)bytes.Byte(), bytes.Text(), bytes.Text());
        return new(id, receivedAt, gateway, topic, meter.Length == 0 ? null : MeterName.Parse(meter), at, reason, detail, hash, bytes.Block().ToArray());
    }

    private static void Write(BytesOut bytes, Instant at) => bytes.Fixed(at.ToUnixTimeMilliseconds());

    private static Instant ReadInstant(ref BytesIn bytes) => Instant.FromUnixTimeMilliseconds(bytes.Fixed());
}
