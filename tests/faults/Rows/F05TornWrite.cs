namespace Grid.Faults;

internal sealed class F05TornWrite : Row
{
    public override string Id => "F05";

    public override string Sentence => "the last, unacknowledged write is cut short, zeroed or garbage: only it is missing";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(50);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        string image;
        List<Message> messages = [];
        FakeGateway gateway = new(run, oracle, run.Random.Next(Neighbourhood.Gateways));
        await using (var core = await Core.StartAsync(run, new() { Settles = false }))
        {
            for (var message = run.Random.Next(1, 8); message > 0; message--) await gateway.SendAsync(core, gateway.Next());
            var end = JournalImage.EndOfLog(core.Data);
            await core.SendAsync(gateway.Name, Wire.Topics.Of(gateway.Name, Wire.TopicKind.Readings), gateway.Next().Payload, 3); // nobody hears of its PUBACK: torn on its way to the disk
            image = JournalImage.Copy(core.Data, Path.Combine(run.NewDirectory(), "image"));
            Tear(run, JournalImage.Wal(image), end);
        }

        await using var again = await Core.StartAsync(run, new() { Data = image });
        await again.QuiesceAsync();
        again.Counters.Conserve(run, again.PendingAtStart);
        List<Reading> stored = [];
        await foreach (var reading in again.Store.ReadAsync(gateway.Meter, Instant.MinValue, Instant.MaxValue, run.Stop)) stored.Add(reading);
        run.Check(stored.Count == oracle.AcknowledgedItems || stored.Count == oracle.AcknowledgedItems + 3, $"{stored.Count} stored, {oracle.AcknowledgedItems} were acknowledged");
        run.Count("acknowledged", oracle.AcknowledgedItems);
        run.Count("torn writes seen", stored.Count == oracle.AcknowledgedItems ? 1 : 0);
    }

    private static void Tear(RowRun run, string wal, long end)
    {
        using var file = File.Open(wal, FileMode.Open, FileAccess.ReadWrite);
        var at = end + run.Random.NextInt64(0, file.Length - end);
        switch (run.Random.Next(3))
        {
            case 0:
                file.SetLength(at);
                break;
            case 1:
                file.Position = at;
                file.Write(new byte[file.Length - at]);
                break;
            default:
                file.Position = at;
                var garbage = new byte[Math.Min(512, file.Length - at)];
                run.Random.NextBytes(garbage);
                file.Write(garbage);
                break;
        }
    }
}
