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

    public static byte[] Encode(IReadOnlyCollection<JournalEntry> entries)
    {
        using var bytes = new MemoryStream(entries.Count * 128);
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write7BitEncodedInt(entries.Count);
        foreach (var entry in entries) Write(writer, entry);
        return bytes.ToArray();
    }

    public static IReadOnlyList<JournalEntry> Decode(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
        if (reader.ReadByte() is var version && version is < 1 or > Version) throw new InvalidDataException($"The journal holds version {version}, this release reads {Version}.");
        var entries = new JournalEntry[reader.Read7BitEncodedInt()];
        for (var i = 0; i < entries.Length; i++) entries[i] = Read(reader, version);
        return entries;
    }

    private static void Write(BinaryWriter writer, JournalEntry entry)
    {
        writer.Write(entry.Gateway.Value);
        Write(writer, entry.ReceivedAt);
        writer.Write7BitEncodedInt64(entry.Epoch ?? 0);
        writer.Write7BitEncodedInt64(entry.Seq ?? 0);
        writer.Write7BitEncodedInt(entry.Readings.Count);
        foreach (var reading in entry.Readings) Write(writer, reading);
        writer.Write(entry.Event is not null);
        if (entry.Event is { } what) Write(writer, what);
        writer.Write7BitEncodedInt(entry.Refused.Count);
        foreach (var item in entry.Refused) Write(writer, item);
    }

    private static JournalEntry Read(BinaryReader reader, byte version)
    {
        var (gateway, receivedAt) = (GatewayName.Parse(reader.ReadString()), ReadInstant(reader));
        var (epoch, seq) = (reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        var readings = new Reading[reader.Read7BitEncodedInt()];
        for (var i = 0; i < readings.Length; i++) readings[i] = ReadReading(reader);
        var what = reader.ReadBoolean() ? ReadEvent(reader, version) : null;
        var refused = new QuarantinedItem[reader.Read7BitEncodedInt()];
        for (var i = 0; i < refused.Length; i++) refused[i] = ReadItem(reader);
        return new(gateway, receivedAt, epoch == 0 ? null : epoch, seq == 0 ? null : seq, readings, what, refused);
    }

    private static void Write(BinaryWriter writer, Reading reading)
    {
        var registers = reading.Registers;
        writer.Write(reading.Meter.Value);
        Write(writer, reading.At);
        writer.Write7BitEncodedInt64(registers.ImportWh);
        writer.Write((byte)((registers.ExportWh is null ? Has.None : Has.Export) | (registers.TariffWh is null ? Has.None : Has.Tariff)
            | (reading.PowerW is null ? Has.None : Has.Power) | (reading.VoltageV is null ? Has.None : Has.Voltage)));
        if (registers.ExportWh is { } export) writer.Write7BitEncodedInt64(export);
        if (registers.TariffWh is { } tariffs) writer.Write(tariffs.ToString());
        if (reading.PowerW is { } power) writer.Write(power);
        if (reading.VoltageV is { } voltage) writer.Write(voltage);
    }

    private static Reading ReadReading(BinaryReader reader)
    {
        var (meter, at, import) = (MeterName.Parse(reader.ReadString()), ReadInstant(reader), reader.Read7BitEncodedInt64());
        var has = (Has)reader.ReadByte();
        long? export = has.HasFlag(Has.Export) ? reader.Read7BitEncodedInt64() : null;
        var tariffs = has.HasFlag(Has.Tariff) ? TariffRegisters.Parse(reader.ReadString()) : null;
        double? power = has.HasFlag(Has.Power) ? reader.ReadDouble() : null;
        double? voltage = has.HasFlag(Has.Voltage) ? reader.ReadDouble() : null;
        return new(meter, at, new(import, export, tariffs), power, voltage);
    }

    private static void Write(BinaryWriter writer, MeterEvent what)
    {
        writer.Write((byte)what.Kind);
        writer.Write(what.Meter?.Value ?? "");
        Write(writer, what.At);
        writer.Write7BitEncodedInt64(what.ClosingWh ?? -1);
        writer.Write7BitEncodedInt64(what.OpeningWh ?? -1);
        writer.Write7BitEncodedInt64(what.Lost?.From ?? 0);
        writer.Write7BitEncodedInt64(what.Lost?.To ?? 0);
        writer.Write7BitEncodedInt64(what.ByMs ?? long.MinValue);
    }

    private static MeterEvent ReadEvent(BinaryReader reader, byte version)
    {
        var (kind, meter, at) = ((MeterEventKind)reader.ReadByte(), reader.ReadString(), ReadInstant(reader));
        var (closing, opening) = (reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        var (from, to) = (reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
        var byMs = version >= 2 ? reader.Read7BitEncodedInt64() : long.MinValue;
        return new(
            kind,
            meter.Length == 0 ? null : MeterName.Parse(meter),
            at,
            closing < 0 ? null : closing,
            opening < 0 ? null : opening,
            from == 0 ? null : new(from, to),
            byMs == long.MinValue ? null : byMs);
    }

    private static void Write(BinaryWriter writer, QuarantinedItem item)
    {
        writer.Write(item.Id);
        Write(writer, item.ReceivedAt);
        writer.Write(item.Gateway.Value);
        writer.Write(item.Topic);
        writer.Write(item.Meter?.Value ?? "");
        writer.Write(item.At is not null);
        if (item.At is { } at) Write(writer, at);
        writer.Write((byte)item.Reason);
        writer.Write(item.Detail);
        writer.Write(item.Sha256);
        writer.Write7BitEncodedInt(item.Body.Length);
        writer.Write(item.Body);
    }

    private static QuarantinedItem ReadItem(BinaryReader reader)
    {
        var (id, receivedAt, gateway) = (reader.ReadString(), ReadInstant(reader), GatewayName.Parse(reader.ReadString()));
        var (topic, meter) = (reader.ReadString(), reader.ReadString());
        Instant? at = reader.ReadBoolean() ? ReadInstant(reader) : null;
        var (reason, detail, hash) = ((Reason)reader.ReadByte(), reader.ReadString(), reader.ReadString());
        return new(
            id, receivedAt, gateway, topic, meter.Length == 0 ? null : MeterName.Parse(meter), at, reason, detail, hash, reader.ReadBytes(reader.Read7BitEncodedInt()));
    }

    private static void Write(BinaryWriter writer, Instant at) => writer.Write(at.ToUnixTimeMilliseconds());

    private static Instant ReadInstant(BinaryReader reader) => Instant.FromUnixTimeMilliseconds(reader.ReadInt64());
}
