using System.Text;
using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.Faults;

internal sealed class F20Poison : Row
{
    private static readonly (string Text, Fate Expected)[] Poison =
    [
        ("{\"epoch\":1,\"seq\":SEQ,\"readings\":", Fate.Malformed), ("not json", Fate.Malformed), ("[]", Fate.Malformed), ("", Fate.Malformed),
        ("{\"epoch\":1,\"seq\":SEQ,\"readings\":7}", Fate.BadValue), ("{\"epoch\":-1,\"seq\":SEQ,\"readings\":[]}", Fate.BadValue),
    ];

    public override string Id => "F20";

    public override string Sentence => "far more poison than may be in flight: every message gets its PUBACK and is quarantined, good ones behind it are stored";

    public override IReadOnlyList<(Pair Pair, int N)> On => Both(5, 2);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run, new() { ByMqtt = true });
        var gateways = FakeGateway.Many(run, oracle, 8);
        List<Task> sending = [];
        foreach (var gateway in gateways)
        {
            var messages = Enumerable.Range(0, 250).Select(m => m % 50 == 49 ? gateway.Next() : Bad(run, gateway)).ToList();
            sending.Add(Task.Run(async () =>
            {
                foreach (var message in messages)
                    if (!await gateway.SendAsync(core, message)) throw new InvalidOperationException($"no PUBACK for {Encoding.UTF8.GetString(message.Payload)}");
            }));
        }

        await Task.WhenAll(sending);
        await core.JudgeAsync(oracle);
        run.Count("poison", core.Counters.Of("quarantined"));
    }

    private static Message Bad(RowRun run, FakeGateway gateway)
    {
        var (text, expected) = Poison[run.Random.Next(Poison.Length)];
        // Each its own, or the same rubbish twice would be one item.
        return gateway.Raw(TopicKind.Readings, seq => Encoding.UTF8.GetBytes(text.Replace("SEQ", $"{seq}", StringComparison.Ordinal) + new string(' ', (int)seq)), expected);
    }
}
