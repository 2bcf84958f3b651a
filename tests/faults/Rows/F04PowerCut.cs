using Microsoft.Data.Sqlite;

namespace Grid.Faults;

internal sealed class F04PowerCut : Row
{
    public override string Id => "F04";

    public override string Sentence => "the power is cut under load: whatever no fsync had covered is there, not there, or there in some of its sectors; nothing acknowledged is lost";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(20);

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/strace")) throw new SkippedException("needs root and strace");
        Random random = new(run.Seed); // the line draws from the row's own
        await using var served = await Served.StartAsync(run, overLine: true);
        await served.Grid.StopAsync();
        CutDisk disk = new(served.Data);
        WriteTrace trace = new(Path.Combine(run.NewDirectory(), "trace"));
        served.Grid.Launch("strace", trace.Of(served.Grid.Executable));
        await served.UntilPubackAsync();
        var before = served.Gateways.Acknowledged;
        await Task.Delay(random.Next(1_500), run.Stop);
        using var store = random.Next(2) == 0 ? Hold(Path.Combine(served.Data, "readings.db")) : null; // else the journal has next to nothing that is not stored too
        await Task.Delay(random.Next(1_500), run.Stop);
        // No gateway hears of what is acknowledged from here on: the power may be cut at any call that follows.
        served.Line!.IsMute = true;
        var heard = TimeProvider.System.GetUtcNow();
        await Task.Delay(random.Next(20, 400), run.Stop);
        var process = served.Grid.Id;
        await served.KillAsync(async () =>
        {
            served.Line.CutAll();
            served.Line.IsMute = false;
            store?.Dispose();
            await trace.EndAsync(process, run);
            Cut(run, trace, disk, heard, random);
        });
        run.Count("messages acknowledged under strace", served.Gateways.Acknowledged - before);
        run.Count("pages checkpointed", disk.Checkpointed);
        run.Count("readings left in the journal", served.PendingAtStart);
        run.Show("MB of trace", trace.Megabytes);
        run.Show("s to first PUBACK", (await served.RestartAsync()).TotalSeconds);
        await served.JudgeAsync();
    }

    private static void Cut(RowRun run, WriteTrace trace, CutDisk disk, DateTimeOffset heard, Random random)
    {
        var (must, all) = (trace.Read().Count(c => c.At <= heard), trace.Read().Count());
        run.Check(all > must, "nothing was written after the last PUBACK that was heard");
        foreach (var call in trace.Read().Take(random.Next(must, all + 1))) disk.Take(call);
        run.Count("calls it could be cut at", all - must);
        run.Count("writes without fsync", disk.Uncovered);
        disk.Cut(random);
    }

    /// <summary>Nothing can be written to it until this is disposed.</summary>
    private static SqliteConnection Hold(string database)
    {
        SqliteConnection holder = new($"Data Source={database};Pooling=False");
        holder.Open();
        using var begin = holder.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return holder;
    }
}
