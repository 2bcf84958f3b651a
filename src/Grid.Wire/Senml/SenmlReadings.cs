using System.Buffers;
using System.Formats.Cbor;
using System.Text.Json;
using Grid.Domain;

namespace Grid.Wire;

public enum SenmlFormat
{
    Json = 1,
    Cbor = 2,
}

/// <summary>
/// Readings out of a SenML pack, and back (RFC 8428; units kWh and kW from RFC 8798). The first byte tells JSON, <c>[</c>, from CBOR.
/// <para>A record's name is <c>{meter}/import</c>, <c>/export</c>, <c>/tariff/{name}</c> (units Wh, kWh, or J where they are whole
/// watt-hours), <c>/power</c> (W, kW) or <c>/voltage</c> (V); other names are ignored and counted. Records of one meter and instant
/// are one reading, which needs an import. A register must come out to the watt-hour, and a time to the millisecond: nothing is rounded.</para>
/// <para>Times below 2^28 s are relative to the envelope's time, otherwise to that of arrival; a record without a time was read then.
/// A field whose name ends in <c>_</c> must be understood, and is not: the message is refused. So is one of a later version.</para>
/// </summary>
public static class SenmlReadings
{
    private const long FirstAbsoluteMs = 268_435_456_000;

    public static DecodedReadings Decode(ReadOnlySpan<byte> payload, Envelope envelope, Instant receivedAt)
    {
        var pack = new SenmlPack(envelope.ReadAt(receivedAt));
        try
        {
            if (payload.TrimStart(" \t\r\n"u8) is [(byte)'[', ..]) SenmlJson.Read(payload, pack);
            else SenmlCbor.Read(payload, pack);
            return pack.Finish(envelope);
        }
        catch (FaultException fault)
        {
            return DecodedReadings.Refused(envelope.Epoch, envelope.Seq, fault.Fault, pack.Unknown);
        }
    }

    /// <exception cref="ArgumentException">A reading before July 1978, whose time would be taken as relative.</exception>
    public static void Encode(IReadOnlyList<Reading> readings, SenmlFormat format, IBufferWriter<byte> output)
    {
        if (readings.Any(r => r.At.ToUnixTimeMilliseconds() < FirstAbsoluteMs))
            throw new ArgumentException("SenML takes times below 2^28 s as relative.", nameof(readings));
        if (format == SenmlFormat.Json) Json(readings, output);
        else Cbor(readings, output);
    }

    private static void Json(IReadOnlyList<Reading> readings, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartArray();
        foreach (var reading in readings)
        {
            json.WriteStartObject();
            json.WriteString("bn"u8, $"{reading.Meter}/");
            json.WriteNumber("bt"u8, reading.At.ToUnixTimeMilliseconds() / 1000m);
            foreach (var (name, unit, wh, real) in Quantities(reading))
            {
                if (name is not "import") json.WriteStartObject();
                json.WriteString("n"u8, name);
                json.WriteString("u"u8, unit);
                if (wh is { } whole) json.WriteNumber("v"u8, whole);
                else json.WriteNumber("v"u8, real);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void Cbor(IReadOnlyList<Reading> readings, IBufferWriter<byte> output)
    {
        var cbor = new CborWriter();
        cbor.WriteStartArray(readings.Sum(r => Quantities(r).Count()));
        foreach (var reading in readings)
        {
            foreach (var (name, unit, wh, real) in Quantities(reading))
            {
                var first = name is "import";
                cbor.WriteStartMap(first ? 5 : 3);
                if (first)
                {
                    Label(SenmlField.BaseName).WriteTextString($"{reading.Meter}/");
                    var ms = reading.At.ToUnixTimeMilliseconds();
                    if (ms % 1000 == 0) Label(SenmlField.BaseTime).WriteInt64(ms / 1000);
                    else Label(SenmlField.BaseTime).WriteDouble(ms / 1000.0); // its shortest spelling has just these three decimals
                }

                Label(SenmlField.Name).WriteTextString(name);
                Label(SenmlField.Unit).WriteTextString(unit);
                if (wh is { } whole) Label(SenmlField.Value).WriteInt64(whole);
                else Label(SenmlField.Value).WriteDouble(real);
                cbor.WriteEndMap();
            }
        }

        cbor.WriteEndArray();
        output.Write(cbor.Encode());

        CborWriter Label(SenmlField field)
        {
            cbor.WriteInt32(field.CborLabel());
            return cbor;
        }
    }

    // The import comes first: its record carries the base fields.
    private static IEnumerable<(string Name, string Unit, long? Wh, double Real)> Quantities(Reading reading)
    {
        yield return ("import", "Wh", reading.Registers.ImportWh, 0);
        if (reading.Registers.ExportWh is { } export) yield return ("export", "Wh", export, 0);
        foreach (var (name, wh) in reading.Registers.TariffWh?.ByName ?? []) yield return ($"tariff/{name}", "Wh", wh, 0);
        if (reading.PowerW is { } power) yield return ("power", "W", null, power);
        if (reading.VoltageV is { } voltage) yield return ("voltage", "V", null, voltage);
    }
}
