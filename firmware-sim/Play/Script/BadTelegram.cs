using System.Text;

namespace Grid.FirmwareSim;

/// <summary>A DSMR P1 telegram whose checksum is sound in form and wrong in value.</summary>
internal static class BadTelegram
{
    public static byte[] Of(string meter, Instant at, long importWh)
    {
        var text = FormattableString.Invariant($"/SIM5 {meter}\r\n\r\n1-3:0.2.8(50)\r\n0-0:1.0.0({at.ToDateTimeUtc():yyMMddHHmmss}W)\r\n1-0:1.8.1({importWh / 1000:D6}.{importWh % 1000:D3}*kWh)\r\n!");
        var bytes = Encoding.ASCII.GetBytes(text);
        return [.. bytes, .. Encoding.ASCII.GetBytes(FormattableString.Invariant($"{Crc(bytes) ^ 0x5A5A:X4}\r\n"))];
    }

    /// <summary>CRC-16 as P1 has it: polynomial x16+x15+x2+1, least significant bit first.</summary>
    private static int Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1;
        }

        return crc;
    }
}
