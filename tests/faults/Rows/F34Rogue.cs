using System.Text;
using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.Faults;

internal sealed class F34Rogue : Row
{
    private const int Messages = 400;

    public override string Id => "F34";

    public override string Sentence => "one gateway makes up meters and topics by the thousand: no new series, all quarantined or refused, the others are served";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(2);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run, new() { ByMqtt = true });
        FakeGateway rogue = new(run, oracle, 0), honest = new(run, oracle, 1);
        for (var message = 0; message < Messages; message++)
        {
            ScriptReading[] madeUp = [.. Enumerable.Range(0, 20).Select(i => new ScriptReading(new(MeterName.Parse($"made-up-{run.Random.Next():x8}-{i}"), rogue.At, new(1)), Fate.UnknownMeter))];
            await rogue.SendAsync(core, rogue.Next(madeUp));
            if (message % 20 != 0) continue;
            var topic = $"grid/v1/{(run.Random.Next(2) == 0 ? rogue.Name : honest.Name)}/{run.Random.Next():x}";
            run.Check(!await core.SendAsync(rogue.Name, topic, Encoding.UTF8.GetBytes("{}"), 1), $"{topic} was taken");
            run.Check(await honest.SendAsync(core, honest.Next()), "the honest gateway was not served");
        }

        await core.JudgeAsync(oracle);
        run.Count("made up", Messages * 20);
        run.Check(core.Counters.Of("quarantined") == Messages * 20, $"{core.Counters.Of("quarantined")} quarantined of {Messages * 20}");
        run.Check(await SeriesAsync(core) <= Neighbourhood.Gateways, "there are new series");
    }

    private static async Task<long> SeriesAsync(Core core)
    {
        await using Microsoft.Data.Sqlite.SqliteConnection store = new($"Data Source={Path.Combine(core.Data, "readings.db")};Pooling=False");
        await store.OpenAsync();
        await using var count = store.CreateCommand();
        count.CommandText = "SELECT count(*) FROM meters";
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
