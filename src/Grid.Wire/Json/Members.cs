using System.Text.Json;

namespace Grid.Wire;

/// <summary>The member names seen in one object, so that one that stands twice is refused, known or not.</summary>
internal struct Members
{
    private int _known;
    private HashSet<string>? _others;

    /// <summary>Notes the property name under the reader. <paramref name="index"/> is its place among the known, or -1.</summary>
    /// <returns>False if it stood there before.</returns>
    public bool Add(ref Utf8JsonReader reader, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, out int index)
    {
        index = reader.ValueTextEquals(first) ? 0 : reader.ValueTextEquals(second) ? 1 : reader.ValueTextEquals(third) ? 2 : -1;
        return Add(ref reader, index);
    }

    public bool Add(ref Utf8JsonReader reader, int index)
    {
        if (index < 0) return (_others ??= new(StringComparer.Ordinal)).Add(NameOf(ref reader));
        if ((_known & (1 << index)) != 0) return false;
        _known |= 1 << index;
        return true;
    }

    public readonly bool Has(int index) => (_known & (1 << index)) != 0;

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new FaultException(Domain.Reason.Malformed, "a member name is no text");
        }
    }
}
