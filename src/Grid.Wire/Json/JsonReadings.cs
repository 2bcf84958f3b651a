using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>
/// The JSON readings of the contract, both ways. Read with a forward reader rather than into objects, so that one reading
/// at fault leaves the others of its message whole.
/// </summary>
public static class JsonReadings
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    public static void Encode(ReadingsMessage message, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteNumber("epoch"u8, message.Epoch);
        json.WriteNumber("seq"u8, message.Seq);
        json.WriteStartArray("readings"u8);
        foreach (var reading in message.Readings) Encode(json, reading);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One reading as the contract spells it.</summary>
    public static void Encode(Utf8JsonWriter json, Reading reading)
    {
        json.WriteStartObject();
        json.WriteString("meter"u8, reading.Meter.Value);
        json.WriteString("at"u8, UtcText.Format(reading.At));
        json.WriteNumber("importWh"u8, reading.Registers.ImportWh);
        if (reading.Registers.ExportWh is { } export) json.WriteNumber("exportWh"u8, export);
        if (reading.Registers.TariffWh is { } tariffs)
        {
            json.WriteStartObject("tariffWh"u8);
            foreach (var (name, wh) in tariffs.ByName) json.WriteNumber(name, wh);
            json.WriteEndObject();
        }

        if (reading.PowerW is { } power) json.WriteNumber("powerW"u8, power);
        if (reading.VoltageV is { } voltage) json.WriteNumber("voltageV"u8, voltage);
        json.WriteEndObject();
    }

    public static DecodedReadings Decode(ReadOnlySpan<byte> payload)
    {
        List<Reading> readings = [];
        List<FaultyReading> faulty = [];
        var unknown = 0;
        long? epoch = null, seq = null;
        try
        {
            if (!Utf8.IsValid(payload)) throw new FaultException(Reason.Malformed, "not UTF-8");
            var reader = new Utf8JsonReader(payload, Options);
            Message(ref reader, readings, faulty, ref unknown, ref epoch, ref seq);
            if (reader.Read()) throw new FaultException(Reason.Malformed, "trailing data");
            return new(epoch, seq, readings, null, faulty, unknown);
        }
        catch (FaultException fault)
        {
            return Refused(fault.Fault);
        }
        catch (InvalidOperationException)
        {
            return Refused(new(Reason.Malformed, "half a surrogate pair")); // in the name of a member
        }
        catch (JsonException broken)
        {
            return Refused(new(Reason.Malformed, $"not JSON at byte {broken.BytePositionInLine}"));
        }

        // A number that stood before the fault was read: quarantined under it, the message is not asked for again.
        DecodedReadings Refused(Fault fault) => epoch is null || seq is null || fault.Reason is Reason.DuplicateMember
            ? DecodedReadings.Refused(null, null, fault, unknown)
            : DecodedReadings.Refused(epoch, seq, fault, unknown);
    }

    private static void Message(
        ref Utf8JsonReader reader, List<Reading> readings, List<FaultyReading> faulty, ref int unknown, ref long? epoch, ref long? seq)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new FaultException(Reason.Malformed, "no JSON object");
        var hasReadings = false;
        var members = new Members();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!members.Add(ref reader, "epoch"u8, "seq"u8, "readings"u8, out var member)) throw new FaultException(Reason.DuplicateMember, "in the message");
            reader.Read();
            switch (member)
            {
                case 0:
                    epoch = JsonValues.Whole(ref reader, "epoch", 1, long.MaxValue);
                    break;
                case 1:
                    seq = JsonValues.Whole(ref reader, "seq", 1, long.MaxValue - 1);
                    break;
                case 2:
                    hasReadings = true;
                    Readings(ref reader, readings, faulty, ref unknown);
                    break;
                default:
                    unknown++;
                    JsonValues.Skip(ref reader);
                    break;
            }
        }

        if (!hasReadings) throw new FaultException(Reason.MissingMember, "readings");
        if (epoch is null) throw new FaultException(Reason.MissingMember, "epoch");
        if (seq is null) throw new FaultException(Reason.MissingMember, "seq");
    }

    private static void Readings(ref Utf8JsonReader reader, List<Reading> readings, List<FaultyReading> faulty, ref int unknown)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new FaultException(Reason.BadValue, "readings is no array");
        var index = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index == WireLimits.MaxReadings) throw new FaultException(Reason.TooManyReadings, $"over {WireLimits.MaxReadings}");
            var (from, depth) = ((int)reader.TokenStartIndex, reader.CurrentDepth);
            var draft = new ReadingDraft();
            try
            {
                readings.Add(draft.Read(ref reader, ref unknown));
            }
            catch (FaultException fault) when (fault.Fault.Reason is not Reason.TooDeep)
            {
                JsonValues.LeaveTo(ref reader, depth);
                faulty.Add(new(index, draft.Meter, draft.At, fault.Fault, from, (int)reader.BytesConsumed - from));
            }

            index++;
        }
    }
}
