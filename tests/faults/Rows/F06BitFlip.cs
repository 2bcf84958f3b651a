namespace Grid.Faults;

internal sealed class F06BitFlip : Row
{
    public override string Id => "F06";

    public override string Sentence => "one bit of an acknowledged record flips on disk, where the row's checksum can tell: that group is set aside and counted, all others are stored";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(20);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        FakeGateway gateway = new(run, oracle, run.Random.Next(Neighbourhood.Gateways));
        string image;
        await using (var core = await Core.StartAsync(run, new() { Settles = false }))
        {
            for (var message = 0; message < 12; message++) await gateway.SendAsync(core, gateway.Next(20));
            image = JournalImage.Copy(core.Data, Path.Combine(run.NewDirectory(), "image"));
        }

        JournalImage.Checkpoint(image);
        var groups = JournalImage.Groups(image);
        var (_, items, body) = groups[run.Random.Next(groups.Count)];
        Flip(run, Path.Combine(image, "journal.db"), body);

        await using var again = await Core.StartAsync(run, new() { Data = image });
        await again.QuiesceAsync();
        again.Counters.Conserve(run, again.PendingAtStart);
        run.Check(again.Counters.Of("set_aside") == items, $"{again.Counters.Of("set_aside")} items set aside, {items} were damaged");
        run.Check(again.Counters.Of("stored") == oracle.AcknowledgedItems - items, $"{again.Counters.Of("stored")} stored of {oracle.AcknowledgedItems - items} whole ones");
        run.Check(await gateway.SendAsync(again, gateway.Next()), "it takes no more");
        await again.QuiesceAsync();
        // What is missing is asked for again: the hole in the gateway's numbers tells.
        await Poll.UntilAsync("what was damaged was asked for", run.Patience, _ => Task.FromResult(!again.Mail.Backfills.IsEmpty), run.Stop);
        run.Count("set aside", again.Counters.Of("set_aside"));
    }

    private static void Flip(RowRun run, string file, byte[] body)
    {
        var bytes = File.ReadAllBytes(file);
        var position = run.Random.Next(body.Length - 24);
        var at = bytes.AsSpan().IndexOf(body.AsSpan(position, 24));
        if (at < 0) at = bytes.AsSpan().IndexOf(body.AsSpan(0, 24)); // that piece lies across two pages
        bytes[at] ^= (byte)(1 << run.Random.Next(8));
        File.WriteAllBytes(file, bytes);
    }
}
