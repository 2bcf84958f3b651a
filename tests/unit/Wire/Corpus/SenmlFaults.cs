using System.Formats.Cbor;
using System.Text.Json;
using Grid.Domain;
using Grid.UnitTests.Wire.Senml;
using static Grid.UnitTests.Wire.Corpus.JsonFaults;

namespace Grid.UnitTests.Wire.Corpus;

/// <summary>Ways in which SenML goes wrong, as JSON and as CBOR.</summary>
internal static class SenmlFaults
{
    private const string Level = "senml";

    public static byte[] GoodCbor(Random chance) => Cbor.Import(w => w.WriteInt32(chance.Next()));

    public static IEnumerable<MalformedClass> All() =>
    [
        Text("senml-must-understand", Reason.UnsupportedTopic, c => $$"""[{"n":"m-1/import","u":"Wh","v":{{c.Next()}},"{{Pick(c, "x", "secret", "", "n")}}_":1}]"""),
        Text("senml-later-version", Reason.UnsupportedTopic, c => $$"""[{"bver":{{c.Next(11, 999)}},"n":"m-1/import","u":"Wh","v":1}]"""),
        Text("senml-unit", Reason.BadValue, c => Record(c, unit: Pick(c, "W", "V", "wh", "WH", "kwh", "MWh", "", "VAh", "kJ", "Wh "))),
        Text("senml-no-unit", Reason.MissingMember, c => $$"""[{"n":"m-1/import","v":{{c.Next()}}}]"""),
        Text("senml-no-value", Reason.MissingMember, c => $$"""[{"n":"m-1/import","u":"Wh","{{Pick(c, "vs", "vb", "vd", "s", "x")}}":{{c.Next()}}}]"""),
        Text("senml-no-import", Reason.MissingMember, c => Record(c, name: "m-1/" + Pick(c, "export", "tariff/hc"))),
        Text("senml-part-of-a-watt-hour", Reason.BadValue, c => Record(c, value: Pick(c, $"{c.Next()}.5", $"{c.Next(1, 9)}e-4", "1e-400", "0.99999999999999999999999999999999999"))),
        Text("senml-joules-that-are-no-watt-hours", Reason.BadValue, c => Record(c, unit: "J", value: $"{(c.Next(1, 99_999) * 3600L) + c.Next(1, 3600)}")),
        Text("senml-value-out-of-range", Reason.BadValue, c => Record(c, value: Pick(c, $"-{c.Next(1, 999)}", "1000000000000001", "1e20", "1e999", "-1e999", "9223372036854775808"))),
        Text("senml-value-of-another-type", Reason.BadValue, c => Record(c, value: Pick(c, $"\"{c.Next()}\"", "true", "null", "[]", "{}", "[1]"))),
        Text("senml-injection-in-name", Reason.BadValue, c => Record(c, name: Pick(c, Injections.Where(i => !i.Contains('/')).ToArray()) + "/import")),
        Text("senml-injection-in-tariff", Reason.BadValue, c => Record(c, name: "m-1/tariff/" + Pick(c, Injections))),
        Text("senml-name-without-meter", Reason.BadValue, c => Record(c, name: Pick(c, "/import", "import", "urn:dev:ow:10e2073a01080063", "m-1:import"))),
        Text("senml-lone-surrogate", Reason.BadValue, c => $$"""[{"n":"m\ud{{c.Next(0x800, 0xE00):x3}}/import","u":"Wh","v":1}]"""),
        Text("senml-time", Reason.BadValue, c => $$"""[{"n":"m-1/import","u":"Wh","v":{{c.Next()}},"t":{{Pick(c, "0.0001", "1795521600.12345", "1e18", "-1e18", "1e999", "\"0\"", "null", "2.53402300800e11")}}}]"""),
        Text("senml-base", Reason.BadValue, c => $$"""[{"{{Pick(c, "bn\":7", "bt\":\"0\"", "bu\":[]", "bv\":null", "bt\":1e999")}},"n":"m-1/import","u":"Wh","v":{{c.Next()}}}]"""),
        Text("senml-duplicate-member", Reason.DuplicateMember, c => $$"""[{"n":"m-1/import","u":"Wh","v":{{c.Next()}},"{{Pick(c, "n\":\"x\"", "v\":1", "\\u0076\":1", "x\":1,\"x\":1")}}}]"""),
        Text("senml-twice-at-one-time", Reason.DuplicateMember, c => $$"""[{"n":"m-1/import","u":"Wh","v":{{c.Next()}},"t":-5},{"n":"m-1/{{Pick(c, "import", "import")}}","u":"{{Pick(c, "Wh", "kWh")}}","v":1,"t":-5.0}]"""),
        Text("senml-501-readings", Reason.TooManyReadings, c => $"[{string.Join(',', Enumerable.Range(0, c.Next(501, 900)).Select(i => $$"""{"n":"m-{{i}}/import","u":"Wh","v":{{i}}}"""))}]"),
        Text("senml-deep", Reason.TooDeep, c => $$"""[{"n":"m-1/import","u":"Wh","v":1,"x":{{Nested(c.Next(7, 10_000))}}}]"""),
        Text("senml-no-pack", Reason.Malformed, c => Pick(c, "{}", "null", $"{c.Next()}", $"[{c.Next()}]", "[[]]", "[{}]x", "[{}", "[{},]", "[{}] []", "\uFEFF[{}]", "")),
        new("cbor-not-finite", Level, Reason.BadValue, c => Cbor.Import(w => Pick<Action<CborWriter>>(c, x => x.WriteDouble(double.NaN), x => x.WriteSingle(float.NegativeInfinity), x => x.WriteHalf(Half.PositiveInfinity), x => x.WriteHalf(Half.NaN))(w), Pick(c, "Wh", "kWh", "J"))),
        new("cbor-number-out-of-range", Level, Reason.BadValue, c => Cbor.Import(w => Pick<Action<CborWriter>>(c, x => x.WriteInt64(-c.Next(1, 999)), x => x.WriteUInt64(ulong.MaxValue), x => x.WriteCborNegativeIntegerRepresentation(ulong.MaxValue), x => x.WriteDouble(1e300), x => x.WriteDouble(0.1))(w))),
        new("cbor-value-of-another-type", Level, Reason.BadValue, c => Cbor.Import(w => Pick<Action<CborWriter>>(c, x => x.WriteNull(), x => x.WriteBoolean(true), x => x.WriteTextString($"{c.Next()}"), x => x.WriteByteString([1]), x => x.WriteDateTimeOffset(DateTimeOffset.UnixEpoch))(w))),
        new("cbor-declared-length", Level, Reason.Malformed, c => [.. Pick<byte[]>(c, [0x9B], [0x81, 0xBB], [0x81, 0xA1, 0x00, 0x7B], [0x81, 0xA1, 0x02, 0x5B]), (byte)c.Next(1, 256), .. Noise(c, 7)]),
        new("cbor-deep", Level, Reason.TooDeep, c => [0x81, 0xA1, 0x18, 0x63, .. Enumerable.Repeat((byte)Pick(c, 0x9F, 0x81), c.Next(8, 10_000)), 0x00]),
        new("cbor-duplicate-label", Level, Reason.DuplicateMember, c => [0x81, 0xA2, 0x02, .. Small(c), 0x02, .. Small(c)]),
        new("cbor-label-of-no-kind", Level, Reason.Malformed, c => [0x81, 0xA1, Pick<byte>(c, 0xF6, 0xF4, 0x40, 0x80, 0xA0), .. Small(c)]),
        new("cbor-no-array", Level, Reason.Malformed, c => [Pick<byte>(c, 0xA0, 0xF6, 0x00, 0x40, 0x60, 0xFF, 0xC1), .. Noise(c, 5)]),
        new("cbor-two-documents", Level, Reason.Malformed, c => [.. GoodCbor(c), .. GoodCbor(c)]),
    ];

    private static byte[] Small(Random chance) => [0x18, (byte)chance.Next(24, 256)];

    private static string Record(Random chance, string name = "m-1/import", string unit = "Wh", string? value = null) =>
        $$"""[{"n":{{JsonSerializer.Serialize(name)}},"u":"{{unit}}","v":{{value ?? $"{chance.Next()}"}}}]""";

    private static MalformedClass Text(string name, Reason expected, Func<Random, string> make) => MalformedClass.Text(name, Level, expected, make);
}
