using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Tic;

/// <summary>Frames of our own making, and what they say.</summary>
internal static class Frames
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 12, 0);

    public static readonly Reading TempoReading = new(
        MeterName.Parse("020000000001"),
        Now,
        new(47_371_616, null, new([("hc-blue", 18_328_856), ("hp-blue", 23_739_545), ("hc-white", 1_466_099), ("hp-white", 2_132_883), ("hc-red", 860_118), ("hp-red", 844_115)])));

    public static readonly Reading BaseReading = new(MeterName.Parse("020000000002"), Now, new(104));

    public static readonly Reading ProducerReading = new(
        MeterName.Parse("020000000003"),
        Instant.FromUtc(2026, 11, 24, 11, 59, 58),
        new(12_345_678, 4_321, new([("easf01", 4_000_000), ("easf02", 8_345_678)])),
        null,
        231);

    public static byte[] Tempo { get; } = TicWriter.Frame(
        TicMode.Historique,
        new("ADCO", "020000000001"), new("OPTARIF", "BBR("), new("ISOUSC", "30"),
        new("BBRHCJB", "018328856"), new("BBRHPJB", "023739545"), new("BBRHCJW", "001466099"),
        new("BBRHPJW", "002132883"), new("BBRHCJR", "000860118"), new("BBRHPJR", "000844115"),
        new("PTEC", "HCJB"), new("DEMAIN", "ROUG"), new("IINST", "012"), new("IMAX", "090"), new("PAPP", "02840"), new("HHPHC", "A"), new("MOTDETAT", "000000"));

    public static byte[] Base { get; } = TicWriter.Frame(
        TicMode.Historique,
        new("ADCO", "020000000002"), new("OPTARIF", "BASE"), new("ISOUSC", "15"), new("BASE", "000000104"), new("PTEC", "TH.."), new("IINST", "000"), new("PAPP", "00000"));

    public static byte[] Producer { get; } = TicWriter.Frame(
        TicMode.Standard,
        new("ADSC", "020000000003"), new("VTIC", "02"), new("DATE", "", "H261124125958"), new("NGTF", "H PLEINE/CREUSE "), new("LTARF", "  HEURE PLEINE  "),
        new("EAST", "012345678"),
        new("EASF01", "004000000"), new("EASF02", "008345678"), new("EASF03", "000000000"), new("EASF04", "000000000"), new("EASF05", "000000000"),
        new("EASF06", "000000000"), new("EASF07", "000000000"), new("EASF08", "000000000"), new("EASF09", "000000000"), new("EASF10", "000000000"),
        new("EAIT", "000004321"), new("IRMS1", "006"), new("URMS1", "231"), new("SINSTS", "01390"), new("CCASN", "01360", "H261124123000"),
        new("STGE", "013A0501"), new("MSG1", "PAS DE          MESSAGE         "), new("NTARF", "02"));

    public static DecodedReadings Decode(byte[] payload) => TicReadings.Decode(payload, new(3, 14, null), Now);
}
