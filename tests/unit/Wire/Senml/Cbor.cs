using System.Formats.Cbor;

namespace Grid.UnitTests.Wire.Senml;

/// <summary>CBOR spelled out by hand, as a gateway that is not ours might write it.</summary>
internal static class Cbor
{
    public static byte[] Of(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        write(writer);
        return writer.Encode();
    }

    /// <summary>One record that says an import of <paramref name="value"/>.</summary>
    public static byte[] Import(Action<CborWriter> value, string unit = "Wh") => Of(w =>
    {
        w.WriteStartArray(1);
        w.WriteStartMap(3);
        w.WriteInt32(0);
        w.WriteTextString("m/import");
        w.WriteInt32(1);
        w.WriteTextString(unit);
        w.WriteInt32(2);
        value(w);
        w.WriteEndMap();
        w.WriteEndArray();
    });
}
