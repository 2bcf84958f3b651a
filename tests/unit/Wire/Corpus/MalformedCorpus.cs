using System.Text;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Corpus;

/// <summary>The corpus of malformed inputs: as many as are asked for, of every class in turn; the same seed makes the same bytes.</summary>
internal static class MalformedCorpus
{
    public const string Gateway = "gw-1";

    public static List<MalformedInput> Make(int seed, int count)
    {
        var chance = new Random(seed);
        List<MalformedInput> inputs = [.. Cut(chance)];
        MalformedClass[] classes = [.. JsonFaults.All(), .. SenmlFaults.All(), .. MeterFaults.All(), StrangeTopic()];
        for (var i = 0; inputs.Count < count; i++)
        {
            var kind = classes[i % classes.Length];
            var payload = kind.Make(chance);
            inputs.Add(Input(chance, kind.Name, kind.Level.Length > 0 ? kind.Level : JsonFaults.Pick(chance, StrangeLevels), payload, kind.Expected));
        }

        return inputs;
    }

    private static readonly string[] StrangeLevels =
        ["", "Readings", "readings/", "readings/x", "readings ", "+", "#", "$share", "readings\n", "readings\0", "reading", "sen ml", "p2", "ｔic", "ack", "commands", "backfill"];

    private static MalformedClass StrangeTopic() => MalformedClass.Text("topic", "", Reason.UnsupportedTopic, JsonFaults.Good);

    // A payload of each format, cut at every byte.
    private static IEnumerable<MalformedInput> Cut(Random chance)
    {
        var telegram = MeterFaults.GoodP1(chance);
        var end = telegram.AsSpan().IndexOf((byte)'!');
        return [
            .. Every("json-cut", "readings", Encoding.UTF8.GetBytes(JsonFaults.Good(chance)), _ => Reason.Malformed),
            .. Every("cbor-cut", "senml", SenmlFaults.GoodCbor(chance), _ => Reason.Malformed),
            .. Every("tic-cut", "tic", MeterFaults.GoodTic(chance), _ => Reason.Malformed),
            .. Every("p1-cut", "p1", telegram[..^2], length => length <= end ? Reason.Malformed : Reason.BadChecksum),
        ];

        IEnumerable<MalformedInput> Every(string name, string level, byte[] whole, Func<int, Reason> expected) =>
            Enumerable.Range(0, whole.Length).Select(length => Input(chance, name, level, whole[..length], expected(length)));
    }

    private static MalformedInput Input(Random chance, string name, string level, byte[] payload, Reason expected)
    {
        long? number = chance.Next(2) == 0 ? null : chance.Next(1, 999_999);
        return new(name, $"{Topics.Root}/{Gateway}/{level}", new(number, number, null), payload, expected);
    }
}
