using System.Text.Json;
using Grid.Domain;

namespace Grid.Wire;

/// <summary>Typed steps over a JSON reader; each throws a <see cref="FaultException"/> that names the member.</summary>
internal static class JsonValues
{
    public static long Whole(ref Utf8JsonReader reader, string member, long min, long max) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= min && value <= max
            ? value
            : throw new FaultException(Reason.BadValue, member);

    public static double Real(ref Utf8JsonReader reader, string member, double min, double max) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && value >= min && value <= max
            ? value
            : throw new FaultException(Reason.BadValue, member);

    /// <summary>Copies a short string and answers its length; longer than any name or instant of the contract is a fault.</summary>
    public static int Text(ref Utf8JsonReader reader, string member, scoped Span<char> buffer)
    {
        var length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (reader.TokenType != JsonTokenType.String || length > buffer.Length) throw new FaultException(Reason.BadValue, member);
        try
        {
            return reader.CopyString(buffer);
        }
        catch (InvalidOperationException)
        {
            throw new FaultException(Reason.BadValue, member); // half a surrogate pair
        }
    }

    /// <summary>Passes over one value, whose first token has been read, and holds it to the contract's depth.</summary>
    public static void Skip(ref Utf8JsonReader reader) => LeaveTo(ref reader, reader.CurrentDepth);

    /// <summary>Reads on until the value that began at <paramref name="depth"/> has ended.</summary>
    public static void LeaveTo(ref Utf8JsonReader reader, int depth)
    {
        while (true)
        {
            var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (opens && reader.CurrentDepth >= WireLimits.MaxDepth) throw new FaultException(Reason.TooDeep, $"over {WireLimits.MaxDepth} levels");
            if (!opens && reader.TokenType != JsonTokenType.PropertyName && reader.CurrentDepth <= depth) return;
            if (!reader.Read()) return;
        }
    }
}
