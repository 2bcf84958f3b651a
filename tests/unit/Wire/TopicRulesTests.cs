using CsCheck;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire;

public class TopicRulesTests
{
    private static readonly string[] Kinds = ["readings", "senml", "tic", "p1", "status", "events", "command-results", "ack", "backfill", "commands"];

    private static readonly Gen<string> Level = Gen.OneOf(
        OneOf("grid", "v1", "gw-01", "+", "#", "$share", "$SYS", "", "\0", "GW-01", "gw", "gw-01 ", "gw_01", "gw-01\n", "ｇw-01", "v2", "Grid", "a-b", "---"),
        OneOf(Kinds),
        Gen.String[Gen.Char["ab0-+#/$\0 \n"], 0, 5],
        Gen.String[Gen.Char["az09-"], 1, 34]);

    private static readonly Gen<string> NearlyOurs = Gen.Select(OneOf("grid", "grid", "grid", "Grid", ""), OneOf("v1", "v1", "v1", "v2"), Level, Gen.OneOf(OneOf(Kinds), Level))
        .Select((root, version, gateway, kind) => $"{root}/{version}/{gateway}/{kind}");

    [Fact]
    public void A_topic_is_ours_exactly_when_its_four_levels_say_so() =>
        Gen.OneOf(NearlyOurs, NearlyOurs, Level.Array[0, 7].Select(levels => string.Join('/', levels)), Gen.String).Sample(
            topic =>
            {
                var expected = Naive(topic);

                var ours = Topics.TryParse(topic, out var gateway, out var kind);

                ours.Should().Be(expected is not null, topic);
                if (expected is var (name, level)) (gateway.Value, Topics.Level(kind)).Should().Be((name, level));
            },
            iter: 20_000);

    [Fact]
    public void Every_topic_that_we_write_is_read_as_it_was_written() =>
        Gen.Select(Gen.String[Gen.Char["az09-"], 3, 32], Gen.Enum<TopicKind>()).Sample((name, kind) =>
            Topics.TryParse(Topics.Of(GatewayName.Parse(name), kind), out var gateway, out var read) && gateway.Value == name && read == kind);

    [Fact]
    public void No_name_that_could_widen_a_filter_is_a_gateways() =>
        Gen.Select(Gen.String[Gen.Char["az09-"], 0, 16], Gen.Char["+#/$\0 .*%\n\r\tA_é"], Gen.String[Gen.Char["az09-"], 0, 16]).Sample((before, bad, after) =>
            !GatewayName.TryParse($"{before}{bad}{after}", out _));

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    // Character by character, with nothing of the product's but the contract's words.
    private static (string Gateway, string Kind)? Naive(string topic)
    {
        List<string> levels = [""];
        foreach (var c in topic)
        {
            if (c == '/') levels.Add("");
            else levels[^1] += c;
        }

        if (levels.Count != 4 || levels[0] != "grid" || levels[1] != "v1" || levels[2].Length < 3 || levels[2].Length > 32) return null;
        foreach (var c in levels[2])
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return null;
        return Kinds.Contains(levels[3]) ? (levels[2], levels[3]) : null;
    }
}
