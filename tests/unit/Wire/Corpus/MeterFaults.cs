using System.Text;
using Grid.Domain;
using Grid.Wire;
using static Grid.UnitTests.Wire.Corpus.JsonFaults;

namespace Grid.UnitTests.Wire.Corpus;

/// <summary>Ways in which a meter's own bytes go wrong: Linky TIC and DSMR P1.</summary>
internal static class MeterFaults
{
    private const string Tic = "tic";
    private const string P1 = "p1";

    public static byte[] GoodTic(Random chance) => TicWriter.Frame(TicMode.Historique, Historique(chance));

    public static byte[] GoodP1(Random chance) => P1Readings.Encode(new(MeterName.Parse("m-1"), Instant.FromUtc(2026, 11, 24, 11, 0), new(chance.Next(), chance.Next(), new([("t1", chance.Next()), ("t2", 1)])), 1, 230));

    public static IEnumerable<MalformedClass> All() =>
    [
        new("tic-index-damaged", Tic, Reason.NoIndex, c => Damaged(c, GoodTic(c), Pick(c, "HCHC ", "HCHP "))),
        new("tic-name-damaged", Tic, Reason.NoIndex, c => Damaged(c, GoodTic(c), "ADCO ")),
        new("tic-index-missing", Tic, Reason.NoIndex, c => TicWriter.Frame(TicMode.Historique, [.. Without(Historique(c), Pick(c, "HCHC", "HCHP", "ADCO"))])),
        new("tic-index-of-another-offer", Tic, Reason.NoIndex, c => TicWriter.Frame(TicMode.Historique, [.. Without(Historique(c), "OPTARIF"), new("OPTARIF", Pick(c, "BASE", "EJP.", "BBRx"))])),
        new("tic-index-of-wrong-form", Tic, Reason.NoIndex, c => Raw($"\nADCO 0200000000{c.Next(10, 99)} ", $"\nBASE {Pick(c, "00000010", "0000000104", "00000010p", "-00000104", "0000 0104", "")} ")),
        new("tic-checksums-swapped", Tic, Reason.NoIndex, c => [0x02, .. Encoding.ASCII.GetBytes($"\nADCO 0200000000{c.Next(10, 99)} \x7f\r\nBASE 000000104 !\r"), 0x03]),
        new("tic-standard-without-date", Tic, Reason.MissingMember, c => TicWriter.Frame(TicMode.Standard, [.. Without(Standard(c), "DATE")])),
        new("tic-standard-without-index", Tic, Reason.NoIndex, c => TicWriter.Frame(TicMode.Standard, [.. Without(Standard(c), Pick(c, "EAST", "ADSC"))])),
        new("tic-date-of-no-calendar", Tic, Reason.MissingMember, c => Tabbed($"ADSC\t0200000000{c.Next(10, 99)}", $"DATE\t{Pick(c, "E261324110000", "H260230110000", " 261124110000", "H261124235960", "X261124110000", "H26112411000")}\t", $"EAST\t{c.Next(1, 99_999):000000000}")),
        new("tic-empty-frames", Tic, Reason.NoIndex, c => [0x02, .. Enumerable.Repeat((byte)'\n', c.Next(0, 40)), 0x03]),
        new("tic-501-frames", Tic, Reason.TooManyReadings, c => [.. Enumerable.Repeat<byte[]>([0x02, 0x03], c.Next(501, 2000)).SelectMany(f => f)]),
        new("tic-aborted", Tic, Reason.Malformed, c => Inserted(c, GoodTic(c), 0x04)),
        new("tic-without-start", Tic, Reason.Malformed, c => GoodTic(c)[1..]),
        new("tic-no-frame", Tic, Reason.Malformed, c => [.. Noise(c, c.Next(0, 60)).Select(b => (byte)(b | 0x20))]),
        new("tic-frame-without-end", Tic, Reason.Malformed, c => [0x02, .. Enumerable.Repeat((byte)Pick(c, 'x', '\n', ' '), c.Next(5_000, 60_000)), 0x03]),
        new("tic-another-format", Tic, Reason.Malformed, c => Pick(c, Encoding.UTF8.GetBytes(Good(c)), GoodP1(c))),
        new("p1-checksum", P1, Reason.BadChecksum, c => Flipped(c, GoodP1(c))),
        new("p1-without-checksum", P1, Reason.BadChecksum, c => GoodP1(c)[..^6]),
        new("p1-checksum-of-no-form", P1, Reason.Malformed, c => [.. GoodP1(c)[..^6], .. Encoding.ASCII.GetBytes(Pick(c, "12345", "12a4", " 123", "0x12", "G000", "1-23") + "\r\n")]),
        new("p1-two-telegrams", P1, Reason.Malformed, c => [.. GoodP1(c), .. GoodP1(c)]),
        new("p1-without-start", P1, Reason.Malformed, c => GoodP1(c)[c.Next(1, 100)..]),
        new("p1-not-ascii", P1, Reason.Malformed, c => Signed(c, Import + $"0-0:96.13.0({Pick(c, "é", "\0", "\u007f", "\t")})\r\n")),
        new("p1-value", P1, Reason.BadValue, c => Signed(c, $"1-0:1.8.0({Pick(c, "-00001.000*kWh", "000001,000*kWh", "000001.0001*kWh", "000001.000*Wh", "000001.000", "*kWh", "", "NaN*kWh", "1e3*kWh", "9999999999999.000*kWh", " 1.000*kWh")})\r\n")),
        new("p1-power", P1, Reason.BadValue, c => Signed(c, Import + $"1-0:1.7.0({Pick(c, "-1.000*kW", "1.000*W", "9999999.000*kW", "x*kW", "")})\r\n")),
        new("p1-clock", P1, Reason.BadValue, c => Signed(c, Import + $"0-0:1.0.0({Pick(c, "261124110000", "261324110000W", "260230110000W", "261124235960W", "261124110000X", "", "2611241100W", "261124110000S0")})\r\n")),
        new("p1-no-index", P1, Reason.NoIndex, c => Signed(c, Pick(c, "", "1-0:1.8.1(000001.000*kWh)\r\n", "1-0:1.8.2(000001.000*kWh)\r\n", "1-0:2.8.0(000001.000*kWh)\r\n", "1-0:1.8.1(1*kWh)\r\n1-0:1.8.2(1*kWh)\r\n1-0:1.8.3(1*kWh)\r\n"))),
        new("p1-no-name", P1, Reason.NoIndex, c => Signed(c, Import, Pick(c, "", "0", "zz", "2C", Convert.ToHexString(Encoding.UTF8.GetBytes(Pick(c, Injections))), new string('4', 130)))),
        new("p1-duplicate-object", P1, Reason.DuplicateMember, c => Signed(c, Import + Pick(c, Import, "1-0:1.7.0(1*kW)\r\n1-0:1.7.0(1*kW)\r\n", "0-0:1.0.0(261124110000W)\r\n0-0:1.0.0(261124110000W)\r\n"))),
    ];

    private const string Import = "1-0:1.8.0(000001.000*kWh)\r\n";

    private static TicGroup[] Historique(Random chance) =>
    [
        new("ADCO", $"0200000000{chance.Next(10, 99)}"), new("OPTARIF", "HC.."), new("ISOUSC", "30"),
        new("HCHC", $"{chance.Next(1, 999_999_999):000000000}"), new("HCHP", $"{chance.Next(1, 999_999_999):000000000}"), new("PAPP", "00840"),
    ];

    private static TicGroup[] Standard(Random chance) =>
        [new("ADSC", $"0200000000{chance.Next(10, 99)}"), new("DATE", "", "H261124110000"), new("EAST", $"{chance.Next(1, 999_999_999):000000000}"), new("URMS1", "231")];

    private static IEnumerable<TicGroup> Without(TicGroup[] groups, string label) => groups.Where(g => g.Label != label);

    private static byte[] Damaged(Random chance, byte[] frame, string label)
    {
        var at = frame.AsSpan().IndexOf(Encoding.ASCII.GetBytes(label)) + label.Length + chance.Next(9);
        frame[at] = frame[at] == '9' ? (byte)'8' : (byte)(frame[at] + 1);
        return frame;
    }

    private static byte[] Raw(params string[] groups) => [0x02, .. groups.SelectMany(g => (byte[])[.. Encoding.ASCII.GetBytes(g), TicGroup.Checksum(Encoding.ASCII.GetBytes(g[1..^1])), (byte)'\r']), 0x03];

    private static byte[] Tabbed(params string[] groups) => [0x02, .. groups.SelectMany(g => (byte[])[(byte)'\n', .. Encoding.ASCII.GetBytes(g + "\t"), TicGroup.Checksum(Encoding.ASCII.GetBytes(g + "\t")), (byte)'\r']), 0x03];

    private static byte[] Inserted(Random chance, byte[] frame, byte value)
    {
        var at = chance.Next(1, frame.Length);
        return [.. frame[..at], value, .. frame[at..]];
    }

    private static byte[] Flipped(Random chance, byte[] telegram)
    {
        var digits = Enumerable.Range(0, telegram.Length - 7).Where(i => char.IsAsciiDigit((char)telegram[i])).ToArray();
        telegram[Pick(chance, digits)] ^= 1;
        return telegram;
    }

    // A telegram of an early version, which has no checksum: what is wrong with it is its content.
    private static byte[] Signed(Random chance, string lines, string? equipment = "6D2D31") =>
        Encoding.Latin1.GetBytes($"/GRD5\\2GRID{chance.Next()}\r\n\r\n{(equipment!.Length == 0 ? "" : $"0-0:96.1.1({equipment})\r\n")}{lines}!\r\n");
}
