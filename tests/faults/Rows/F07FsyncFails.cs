namespace Grid.Faults;

internal sealed class F07FsyncFails : Row
{
    public override string Id => "F07";

    public override string Sentence => "fsync of the journal fails with EIO: it stops acknowledging for good and says so, never trying the fsync again as if it could succeed; started again, nothing is lost";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(5);

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/strace")) throw new SkippedException("needs root and strace");
        await using var served = await Served.StartAsync(run);
        await Task.Delay(run.Milliseconds(200, 1_000), run.Stop);
        var journal = Path.Combine(served.Data, "journal.db-wal");
        await using (var trace = ServerProcess.Start(
            "strace",
            "strace",
            ["-f", "-qq", "-o", "/dev/null", "-p", served.Grid.Id.ToString(CultureInfo.InvariantCulture), "-P", journal, "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO"]))
        {
            await Poll.UntilAsync("Grid said that its journal is broken", TimeSpan.FromSeconds(30), async attempt => !await IsReadyAsync(served, attempt), run.Stop);
            await trace.StopAsync();
        }

        // The disk answers again, and still nothing may be acknowledged: what is on it is unknown.
        var acknowledged = served.Gateways.Acknowledged;
        await Task.Delay(TimeSpan.FromSeconds(1), run.Stop);
        run.Check(served.Gateways.Acknowledged == acknowledged, $"{served.Gateways.Acknowledged - acknowledged} messages were acknowledged after the fsync had failed");
        run.Check(!await IsReadyAsync(served, run.Stop), "/health/ready says that all is well");
        await served.LastKillAsync();
        await served.JudgeAsync();
    }

    private static async Task<bool> IsReadyAsync(Served served, CancellationToken ct)
    {
        using HttpClient http = new();
        using var answer = await http.GetAsync(new Uri(served.Grid.Url, "/health/ready"), ct);
        return answer.IsSuccessStatusCode;
    }
}
