using System.Text;
using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.Faults;

internal sealed class F38QuarantineFull : Row
{
    private const int Bound = 50;

    public override string Id => "F38";

    public override string Sentence => "a gateway sends rubbish without end: its quarantine keeps its bound, oldest bodies first to go, their hashes stay; another's is left alone, ingest goes on";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(2);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run);
        FakeGateway rubbish = new(run, oracle, 0), honest = new(run, oracle, 1);
        await SendAsync(core, honest, 5);
        var sent = run.Random.Next(Bound * 2, Bound * 6);
        await SendAsync(core, rubbish, sent);
        await core.QuiesceAsync();
        await core.Get<IQuarantine>().TrimAsync(Bound, long.MaxValue, Bound * 10, run.Stop);
        List<QuarantinedItem> kept = [];
        await foreach (var item in core.Get<IQuarantine>().ReadAsync(new(), run.Stop)) kept.Add(item);
        run.Check(kept.Count(i => i.Gateway == rubbish.Name) == sent, "items went with their bodies");
        run.Check(kept.All(i => i.Sha256.Length == 64), "a hash is missing");
        run.Check(kept.Count(i => i.Gateway == rubbish.Name && i.Body.Length > 0) == Bound, $"{kept.Count(i => i.Gateway == rubbish.Name && i.Body.Length > 0)} bodies are kept of {Bound}");
        run.Check(kept.Count(i => i.Gateway == honest.Name && i.Body.Length > 0) == 5, "another gateway's items were touched");
        run.Check(await honest.SendAsync(core, honest.Next()), "ingest takes no more");
        await core.JudgeAsync(oracle);
    }

    private static async Task SendAsync(Core core, FakeGateway gateway, int messages)
    {
        for (var message = 0; message < messages; message++)
            await gateway.SendAsync(core, gateway.Raw(TopicKind.Readings, seq => Encoding.UTF8.GetBytes($"rubbish {seq}"), Fate.Malformed));
    }
}
