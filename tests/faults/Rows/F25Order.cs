namespace Grid.Faults;

internal sealed class F25Order : Row
{
    public override string Id => "F25";

    public override string Sentence => "reordered, 6 8 7 9, late by a day and by 30, and a hole: days marked, holes reported and asked for once, no false one, ack never ahead";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(10);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run);
        FakeGateway shuffled = new(run, oracle, 0), holed = new(run, oracle, 1);
        shuffled.At = holed.At -= Duration.FromDays(11); // its oldest are a month late
        List<Message> messages = [.. Enumerable.Range(0, 60).Select(_ => shuffled.Next())];
        for (var from = 0; from < messages.Count; from += 6) // within a window
            foreach (var message in messages[from..(from + 6)].OrderBy(_ => run.Random.Next())) await shuffled.SendAsync(core, message);
        await core.QuiesceAsync();

        var numbers = Enumerable.Range(0, 12).Select(_ => holed.Next()).ToList();
        var missing = run.Random.Next(4, 10);
        foreach (var message in numbers.Where((_, i) => i != missing)) await holed.SendAsync(core, message);
        await Poll.UntilAsync("the hole was asked for", run.Patience, _ => Task.FromResult(!core.Mail.Backfills.IsEmpty), run.Stop);
        run.Check(core.Mail.StoredThrough(holed.Name) <= missing, $"ack says {core.Mail.StoredThrough(holed.Name)}, number {missing + 1} is missing");
        run.Check(core.Mail.Backfills.All(b => b.Gateway == holed.Name && b.Asked.From == missing + 1 && b.Asked.To == missing + 1), "something was asked for that is not missing");
        var marks = await core.Get<IHouseholdDays>().TouchedAsync(1_000, run.Stop);
        foreach (var gateway in (FakeGateway[])[shuffled, holed])
            run.Check(marks.Any(m => m.Meter == gateway.Meter), $"no day of {gateway.Meter} is marked to be computed again");
        await holed.SendAsync(core, numbers[missing]); // 30 days late
        await Poll.UntilAsync("all was acknowledged", run.Patience, _ => Task.FromResult(core.Mail.StoredThrough(holed.Name) == numbers.Count && core.Mail.StoredThrough(shuffled.Name) == messages.Count), run.Stop);
        await core.JudgeAsync(oracle);
        await Poll.UntilAsync("the gap was noted as filled", run.Patience, async _ => (await GapsAsync(core, run)) is [{ End: GapEnd.Filled }], run.Stop);
    }

    private static async Task<List<Gap>> GapsAsync(Core core, RowRun run)
    {
        List<Gap> gaps = [];
        await foreach (var gap in core.Get<IGatewayReports>().GapsAsync(Instant.MinValue, Instant.MaxValue, openOnly: false, run.Stop)) gaps.Add(gap);
        return gaps;
    }
}
