using System.Globalization;
using System.Text;
using System.Text.Json;
using Grid.Domain;

namespace Grid.UnitTests.Wire.Corpus;

/// <summary>Ways in which the contract's JSON goes wrong.</summary>
internal static class JsonFaults
{
    /// <summary>What a line protocol, a query, a log, a spreadsheet or a page would take for its own syntax.</summary>
    public static readonly string[] Injections =
    [
        "a\nreading,meter=x import_wh=1i", "a,b", "a=b", "a b", "a\\", "a\r\n", "a\0b", "a\tb", "a\"b", "a'b", "' OR 1=1 --", "a;DROP MEASUREMENT reading",
        "../../etc", "a/b", "a#", "a+", "$share", "=1+1", "<b>", "\u001b[31m", "\u202Eb", "é", "${x}", "%0a", "a.b", "*", "",
    ];

    private const string Level = "readings";
    private static readonly string[] NotNumbers = ["\"1\"", "true", "null", "[]", "{}", "[1]", "{\"a\":1}"];

    public static string Good(Random chance) => Message(chance, Reading(chance));

    public static IEnumerable<MalformedClass> All() =>
    [
        new("json-bom", Level, Reason.Malformed, c => [0xEF, 0xBB, 0xBF, .. Utf8(Good(c))]),
        new("json-utf-16", Level, Reason.Malformed, c => Pick(c, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32).GetBytes(Pick(c, "", "\uFEFF") + Good(c))),
        new("json-overlong-utf-8", Level, Reason.Malformed, c => Inside(c, Pick<byte[]>(c, [0xC0, 0x80], [0xC1, 0x81], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF]))),
        new("json-broken-utf-8", Level, Reason.Malformed, c => Inside(c, Pick<byte[]>(c, [0x80], [0xFF], [0xC3, 0x28], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]))),
        new("json-surrogates-as-utf-8", Level, Reason.Malformed, c => Inside(c, [0xED, (byte)c.Next(0xA0, 0xC0), (byte)c.Next(0x80, 0xC0)])),
        new("json-nul", Level, Reason.Malformed, c => Anywhere(c, Utf8(Good(c)), 0)),
        new("json-raw-control", Level, Reason.Malformed, c => Inside(c, [(byte)c.Next(1, 0x20)])),
        Text("json-lone-surrogate-value", Reason.BadValue, c => Message(c, Reading(c, meter: $"\"m\\ud{c.Next(0x800, 0xE00):x3}\""))),
        Text("json-lone-surrogate-name", Reason.Malformed, c => Message(c, Reading(c, extra: $",\"\\ud{c.Next(0x800, 0xE00):x3}\":1"))),
        Text("json-duplicate-in-message", Reason.DuplicateMember, c => Good(c).Replace("{\"epoch\"", "{\"" + Pick(c, "epoch\":2", "seq\":3", "readings\":[]", "x\":1,\"x\":1") + ",\"epoch\"", StringComparison.Ordinal)),
        Text("json-duplicate-in-reading", Reason.DuplicateMember, c => Message(c, Reading(c, extra: "," + Pick(c, "\"meter\":\"m-1\"", "\"importWh\":1", "\"at\":\"2026-11-24T11:00:00Z\"", "\"x\":1,\"x\":2")))),
        Text("json-duplicate-escaped", Reason.DuplicateMember, c => Message(c, Reading(c, extra: "," + Pick(c, "\"\\u006deter\":\"m-1\"", "\"import\\u0057h\":1", "\"\\u0061t\":\"x\"")))),
        Text("json-duplicate-tariff", Reason.DuplicateMember, c => Message(c, Reading(c, extra: $",\"tariffWh\":{{\"hc\":{c.Next()},\"hp\":1,\"hc\":2}}"))),
        Text("json-missing-in-message", Reason.MissingMember, c => Without(Good(c), Pick(c, "epoch", "seq", "readings"))),
        Text("json-missing-in-reading", Reason.MissingMember, c => Without(Good(c), Pick(c, "meter", "at", "importWh"))),
        Text("json-wrong-type-in-message", Reason.BadValue, c => $$"""{"epoch":{{c.Next(1, 9)}},"seq":{{Pick(c, NotNumbers)}},"readings":[{{Reading(c)}}]}"""),
        Text("json-readings-no-array", Reason.BadValue, c => $$"""{"epoch":{{c.Next(1, 9)}},"seq":{{c.Next(1, 9999)}},"readings":{{Pick(c, "{}", "7", "null", "\"\"", "true")}}}"""),
        Text("json-wrong-type-in-reading", Reason.BadValue, c => Message(c, Reading(c, import: Pick(c, NotNumbers)))),
        Text("json-wrong-type-of-name", Reason.BadValue, c => Message(c, Reading(c, meter: Pick(c, "7", "true", "null", "[]", "{}", "[\"m-1\"]")))),
        Text("json-reading-no-object", Reason.BadValue, c => Message(c, Pick(c, $"{c.Next()}", "null", "\"m-1\"", "[]", "[[1]]", "true"))),
        Text("json-not-a-json-number", Reason.Malformed, c => Message(c, Reading(c, import: Pick(c, "NaN", "Infinity", "-Infinity", "+1", "01", ".5", "1.", "0x10", "1e", "-", "1_000")))),
        Text("json-real-out-of-range", Reason.BadValue, c => Message(c, Reading(c, extra: $",\"{Pick(c, "powerW", "voltageV")}\":{Pick(c, "1e999", "-1e999", "1e10", "-2e9")}"))),
        Text("json-negative-voltage", Reason.BadValue, c => Message(c, Reading(c, extra: $",\"voltageV\":-{c.Next(1, 999)}"))),
        Text("json-past-int64", Reason.BadValue, c => Message(c, Reading(c, import: Pick(c, "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1" + new string('0', c.Next(19, 200)))))),
        Text("json-register-out-of-range", Reason.BadValue, c => Message(c, Reading(c, import: Pick(c, $"-{c.Next(1, 999)}", "1000000000000001", "9223372036854775807")))),
        Text("json-register-no-integer", Reason.BadValue, c => Message(c, Reading(c, import: Pick(c, $"{c.Next(1, 99)}.5", "1e3", "1.0", $"{c.Next(1, 99)}E2")))),
        Text("json-number-of-message", Reason.BadValue, c => $$"""{"epoch":1,"seq":{{Pick(c, "0", $"-{c.Next(1, 999)}", "9223372036854775807", "9223372036854775808", "1.5")}},"readings":[{{Reading(c)}}]}"""),
        Text("json-depth-9", Reason.TooDeep, c => Message(c, Reading(c, extra: ",\"x\":" + Nested(c.Next(6, 50))))),
        Text("json-depth-10k", Reason.TooDeep, c => Good(c).Replace("{\"epoch\"", "{\"x\":" + Nested(c.Next(64, 10_000)) + ",\"epoch\"", StringComparison.Ordinal)),
        Text("json-10k-elements", Reason.TooManyReadings, c => Message(c, string.Join(',', Enumerable.Repeat("1", c.Next(501, 10_001))))),
        Text("json-501-readings", Reason.TooManyReadings, c => Message(c, string.Join(',', Enumerable.Repeat(Reading(c), c.Next(501, 700))))),
        Text("json-large", Reason.TooLarge, c => Message(c, Reading(c, meter: $"\"{new string('m', c.Next(8) == 0 ? 1 << 20 : c.Next(66_000, 90_000))}\""))),
        Text("json-comment", Reason.Malformed, c => Pick(c, "/* x */", "// x\n") + Good(c)),
        Text("json-trailing-comma", Reason.Malformed, c => Message(c, Reading(c) + ",")),
        Text("json-trailing-data", Reason.Malformed, c => Good(c) + Pick(c, "x", "}", "]", ",", "\0", "0")),
        Text("json-two-documents", Reason.Malformed, c => Good(c) + Pick(c, "", "\n", " ") + Good(c)),
        Text("json-unquoted", Reason.Malformed, c => Pick(c, Good(c).Replace('"', '\''), Good(c).Replace("\"epoch\"", "epoch", StringComparison.Ordinal), Good(c).Replace(":", "=", StringComparison.Ordinal))),
        Text("json-no-object", Reason.Malformed, c => Pick(c, "null", "true", $"{c.Next()}", "\"x\"", $"[{Good(c)}]")),
        new("json-compressed", Level, Reason.Malformed, c => [.. Pick<byte[]>(c, [0x1F, 0x8B, 0x08, 0x00], [0x42, 0x5A, 0x68, 0x39], [0x28, 0xB5, 0x2F, 0xFD], [0x50, 0x4B, 0x03, 0x04]), .. Noise(c, 40)]),
        Text("json-blank", Reason.Malformed, c => new string(Pick(c, ' ', '\n', '\t'), c.Next(0, 60))),
        Text("json-date-garbage", Reason.BadValue, c => Message(c, Reading(c, at: Pick(
            c, "", "now", "2026-11-24", "11:00:00Z", "2026-13-01T11:00:00Z", "2026-00-10T11:00:00Z", "2026-02-29T11:00:00Z", "2026-11-31T11:00:00Z", "2026-11-24T24:00:00Z",
            "2026-11-24 11:00:00Z", "2026-11-24t11:00:00z", "0000-01-01T00:00:00Z", "20261124T110000Z", "2026-11-24T11:00Z", "1795521600", "+2026-11-24T11:00:00Z", "2026-W48-2T11:00:00Z", "٢٠٢٦-11-24T11:00:00Z")))),
        Text("json-date-offset", Reason.BadValue, c => Message(c, Reading(c, at: $"2026-{Pick(c, "03-29", "10-25", "11-24")}T02:{c.Next(0, 60):00}:00{Pick(c, "+01:00", "+02:00", "+14:00", "-14:00", "+00:00", "")}"))),
        Text("json-leap-second", Reason.BadValue, c => Message(c, Reading(c, at: $"2026-{Pick(c, "06-30", "12-31", "11-24")}T23:59:60{Pick(c, "", ".5", ".999")}Z"))),
        Text("json-date-too-fine", Reason.BadValue, c => Message(c, Reading(c, at: $"2026-11-24T11:00:00.{c.Next(1000, 999_999)}Z"))),
        Text("json-injection-in-meter", Reason.BadValue, c => Message(c, Reading(c, meter: JsonSerializer.Serialize(Pick(c, Injections))))),
        Text("json-injection-in-tariff", Reason.BadValue, c => Message(c, Reading(c, extra: $",\"tariffWh\":{{{JsonSerializer.Serialize(Pick(c, Injections))}:{c.Next()}}}"))),
        Text("json-injection-in-time", Reason.BadValue, c => Message(c, Reading(c, at: JsonSerializer.Serialize(Pick(c, Injections))[1..^1]))),
        Text("json-name-too-long", Reason.BadValue, c => Message(c, Reading(c, meter: $"\"{new string('m', c.Next(65, 500))}\""))),
        Text("json-tariffs-empty-or-17", Reason.BadValue, c => Message(c, Reading(c, extra: $",\"tariffWh\":{{{string.Join(',', Enumerable.Range(0, Pick(c, 0, 17, c.Next(18, 99))).Select(i => $"\"t{i}\":{c.Next()}"))}}}"))),
        Text("rule-unknown-meter", Reason.UnknownMeter, c => Message(c, Reading(c, meter: $"\"x-{c.Next()}\""))),
        Text("rule-foreign-meter", Reason.ForeignMeter, c => Message(c, Reading(c, meter: "\"m-2\""))),
        Text("rule-not-installed", Reason.NotInstalled, c => Message(c, Reading(c, meter: "\"taken-down\""))),
        Text("rule-from-the-future", Reason.FromTheFuture, c => Message(c, Reading(c, at: $"{Pick(c, "2026-11-25", "2027-01-01", "2038-01-19", "9999-12-31")}T{c.Next(0, 24):00}:{c.Next(0, 60):00}:59Z"))),
        Text("rule-too-old", Reason.TooOld, c => Message(c, Reading(c, at: $"{Pick(c, "2026-10-10", "1970-01-01", "2026-03-29", "0001-01-01", "2000-02-29")}T02:{c.Next(0, 60):00}:00Z"))),
        MalformedClass.Text("event-type", "events", Reason.BadValue, c => $$"""{"epoch":1,"seq":{{c.Next(1, 999)}},"type":"{{Pick(c, "", "swap", "Boot", "boot ")}}","at":"2026-11-24T11:00:00Z"}"""),
        MalformedClass.Text("event-missing", "events", Reason.MissingMember, c => Without($$"""{"epoch":1,"seq":{{c.Next(1, 999)}},"type":"boot","at":"2026-11-24T11:00:00Z"}""", Pick(c, "epoch", "seq", "type", "at"))),
    ];

    public static T Pick<T>(Random chance, params T[] from) => from[chance.Next(from.Length)];

    public static byte[] Noise(Random chance, int length)
    {
        var noise = new byte[length];
        chance.NextBytes(noise);
        return noise;
    }

    public static string Nested(int depth) => new string('[', depth) + "1" + new string(']', depth);

    private static MalformedClass Text(string name, Reason expected, Func<Random, string> make) => MalformedClass.Text(name, Level, expected, make);

    private static string Message(Random chance, string readings) => $$"""{"epoch":{{chance.Next(1, 99)}},"seq":{{chance.Next(1, 999_999)}},"readings":[{{readings}}]}""";

    private static string Reading(Random chance, string meter = "\"m-1\"", string? at = null, string? import = null, string extra = "") =>
        $$"""{"meter":{{meter}},"at":"{{at ?? $"2026-11-24T{chance.Next(0, 12):00}:{chance.Next(0, 60):00}:00Z"}}","importWh":{{import ?? chance.Next().ToString(CultureInfo.InvariantCulture)}}{{extra}}}""";

    // A member that carries another name is an unknown one: what is then missing is the only fault.
    private static string Without(string json, string member) => json.Replace($"\"{member}\"", "\"other\"", StringComparison.Ordinal);

    private static byte[] Inside(Random chance, byte[] bytes) =>
        [.. Utf8($$"""{"epoch":1,"seq":{{chance.Next(1, 999_999)}},"readings":[{"meter":"m"""), .. bytes, .. "\"}]}"u8];

    private static byte[] Anywhere(Random chance, byte[] bytes, byte value)
    {
        var at = chance.Next(bytes.Length + 1);
        return [.. bytes[..at], value, .. bytes[at..]];
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
