using System.Text.Json;
using System.Text.Unicode;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>SenML as JSON: an array of records (RFC 8428, section 5).</summary>
internal static class SenmlJson
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    public static void Read(ReadOnlySpan<byte> payload, SenmlPack pack)
    {
        if (!Utf8.IsValid(payload)) throw new FaultException(Reason.Malformed, "not UTF-8");
        try
        {
            var reader = new Utf8JsonReader(payload, Options);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var from = (int)reader.TokenStartIndex;
                var record = Record(ref reader);
                pack.Take(record, from, (int)reader.BytesConsumed);
            }

            if (reader.Read()) throw new FaultException(Reason.Malformed, "trailing data");
        }
        catch (JsonException broken)
        {
            throw new FaultException(Reason.Malformed, $"not JSON at byte {broken.BytePositionInLine}");
        }
        catch (InvalidOperationException)
        {
            throw new FaultException(Reason.Malformed, "half a surrogate pair"); // in the name of a member
        }
    }

    private static SenmlRecord Record(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            JsonValues.Skip(ref reader);
            throw new FaultException(Reason.Malformed, "a record is no object");
        }

        var record = new SenmlRecord();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = record.Open(reader.GetString()!);
            reader.Read();
            if (field?.IsText() == true) record.Take(field.Value, Text(ref reader));
            else if (field?.IsNumber() == true) record.Take(field.Value, Number(ref reader));
            JsonValues.Skip(ref reader);
        }

        return record;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > SenmlRecord.MaxText) return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private static SenmlNumber? Number(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number ? SenmlNumber.Parse(reader.ValueSpan) : null;
}
