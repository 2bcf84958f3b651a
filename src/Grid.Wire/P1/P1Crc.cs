namespace Grid.Wire;

/// <summary>CRC-16/ARC: reflected polynomial 0xA001, start 0, as DSMR P1 uses it from version 4 on (meter-formats, "DSMR P1").</summary>
internal static class P1Crc
{
    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xA001;
        }

        return (ushort)crc;
    }
}
