using System.Formats.Cbor;
using System.Globalization;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>
/// SenML as CBOR: an array of maps with integer labels (RFC 8428, section 6). Lengths may be indefinite; one that is declared
/// allocates nothing before its bytes are there.
/// </summary>
internal static class SenmlCbor
{
    public static void Read(ReadOnlySpan<byte> payload, SenmlPack pack)
    {
        try
        {
            // Lax: repeated labels are ours to see, and to tell from bytes that are no CBOR.
            var reader = new CborReader(payload.ToArray(), CborConformanceMode.Lax);
            if (reader.PeekState() != CborReaderState.StartArray) throw new FaultException(Reason.Malformed, "no CBOR array");
            reader.ReadStartArray();
            while (reader.PeekState() != CborReaderState.EndArray)
            {
                var from = payload.Length - reader.BytesRemaining;
                var record = Record(reader);
                pack.Take(record, from, payload.Length - reader.BytesRemaining);
            }

            reader.ReadEndArray();
            if (reader.BytesRemaining > 0) throw new FaultException(Reason.Malformed, "trailing data");
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException)
        {
            throw new FaultException(Reason.Malformed, "not CBOR");
        }
    }

    private static SenmlRecord Record(CborReader reader)
    {
        if (reader.PeekState() != CborReaderState.StartMap)
        {
            Skip(reader);
            throw new FaultException(Reason.Malformed, "a record is no map");
        }

        var record = new SenmlRecord();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var field = reader.PeekState() switch
            {
                CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger => record.Open(reader.ReadInt64()),
                CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString => record.Open(reader.ReadTextString()),
                _ => throw new FaultException(Reason.Malformed, "a label is no integer and no text"),
            };
            if (field?.IsText() == true) record.Take(field.Value, Text(reader));
            else if (field?.IsNumber() == true) record.Take(field.Value, Number(reader));
            else Skip(reader);
        }

        reader.ReadEndMap();
        return record;
    }

    private static string? Text(CborReader reader)
    {
        if (reader.PeekState() is CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString)
            return reader.ReadTextString() is { Length: <= SenmlRecord.MaxText } text ? text : null;
        Skip(reader);
        return null;
    }

    private static SenmlNumber? Number(CborReader reader) => reader.PeekState() switch
    {
        CborReaderState.UnsignedInteger => SenmlNumber.Scaled(reader.ReadUInt64(), 0),
        CborReaderState.NegativeInteger => SenmlNumber.Scaled(-1m - reader.ReadCborNegativeIntegerRepresentation(), 0),
        CborReaderState.HalfPrecisionFloat => Shortest((double)reader.ReadHalf()),
        CborReaderState.SinglePrecisionFloat => Shortest(reader.ReadSingle()),
        CborReaderState.DoublePrecisionFloat => Shortest(reader.ReadDouble()),
        CborReaderState.Tag when reader.PeekTag() == CborTag.DecimalFraction => DecimalFraction(reader),
        _ => OtherNumber(reader),
    };

    // A double stands for its shortest spelling: 231.4, not the nearest binary fraction. Writers shorten a double to a single or a half
    // where nothing is lost, so those are widened first. NaN and the infinities have no spelling.
    private static SenmlNumber? Shortest(double value)
    {
        Span<byte> text = stackalloc byte[32];
        return value.TryFormat(text, out var written, "R", CultureInfo.InvariantCulture) ? SenmlNumber.Parse(text[..written]) : null;
    }

    // Tag 4: [exponent, mantissa], the one way to say 1234.567 exactly.
    private static SenmlNumber? DecimalFraction(CborReader reader)
    {
        reader.ReadTag();
        if (reader.PeekState() != CborReaderState.StartArray) return OtherNumber(reader);
        reader.ReadStartArray();
        var (exponent, mantissa) = (Integer(reader), Integer(reader));
        var whole = reader.PeekState() == CborReaderState.EndArray;
        while (reader.PeekState() != CborReaderState.EndArray) Skip(reader);
        reader.ReadEndArray();
        return whole && exponent is >= -100_000 and <= 100_000 && mantissa is { } digits ? SenmlNumber.Scaled(digits, -exponent.Value) : null;
    }

    private static long? Integer(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.UnsignedInteger:
            case CborReaderState.NegativeInteger:
                return reader.ReadInt64();
            case CborReaderState.EndArray:
                return null;
            default:
                Skip(reader);
                return null;
        }
    }

    private static SenmlNumber? OtherNumber(CborReader reader)
    {
        Skip(reader);
        return null;
    }

    /// <summary>Passes over one value without recursion, and holds it to the contract's depth.</summary>
    private static void Skip(CborReader reader)
    {
        var depth = reader.CurrentDepth;
        bool tagged;
        do
        {
            tagged = false;
            switch (reader.PeekState())
            {
                case CborReaderState.StartArray:
                    reader.ReadStartArray();
                    break;
                case CborReaderState.StartMap:
                    reader.ReadStartMap();
                    break;
                case CborReaderState.EndArray:
                    reader.ReadEndArray();
                    break;
                case CborReaderState.EndMap:
                    reader.ReadEndMap();
                    break;
                case CborReaderState.Tag:
                    reader.ReadTag();
                    tagged = true;
                    break;
                default:
                    reader.SkipValue();
                    break;
            }

            if (reader.CurrentDepth > WireLimits.MaxDepth) throw new FaultException(Reason.TooDeep, $"over {WireLimits.MaxDepth} levels");
        }
        while (tagged || reader.CurrentDepth > depth);
    }
}
