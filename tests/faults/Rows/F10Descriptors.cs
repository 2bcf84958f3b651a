using System.Net.Sockets;

namespace Grid.Faults;

internal sealed class F10Descriptors : Row
{
    public override string Id => "F10";

    public override string Sentence => "no file descriptor is left: who is connected goes on, others are let in again once there are some";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(2);

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        if (!File.Exists("/usr/bin/prlimit")) throw new SkippedException("needs prlimit");
        await using var served = await Served.StartAsync(run);
        var open = Directory.GetFiles($"/proc/{served.Grid.Id}/fd").Length;
        await LimitAsync(run, served, open + 10);
        List<TcpClient> strangers = [];
        for (var i = 0; i < 60; i++)
        {
            TcpClient stranger = new();
            strangers.Add(stranger);
            await stranger.ConnectAsync("127.0.0.1", served.Grid.BrokerPort, run.Stop); // the kernel takes it; Grid cannot
        }

        var before = served.Gateways.Acknowledged;
        await Task.Delay(TimeSpan.FromSeconds(2), run.Stop);
        run.Count("acknowledged meanwhile", served.Gateways.Acknowledged - before);
        run.Check(served.Gateways.Acknowledged > before, "who was connected was not served");
        run.Check(served.Gateways.Reconnects == 0, $"{served.Gateways.Reconnects} connections were lost");
        foreach (var stranger in strangers) stranger.Dispose();
        await LimitAsync(run, served, 65_536);
        await Poll.UntilAsync("strangers are answered again", TimeSpan.FromSeconds(30), async attempt =>
        {
            var (id, user, password) = run.Neighbourhood.Access.GatewayLogin(0);
            using TcpClient again = new();
            await again.ConnectAsync("127.0.0.1", served.Grid.BrokerPort, attempt);
            await again.GetStream().WriteAsync(MqttPackets.Connect(id, user, password), attempt);
            return await again.GetStream().ReadAsync(new byte[4], attempt) > 0;
        }, run.Stop);
        await served.JudgeAsync();
    }

    private static async Task LimitAsync(RowRun run, Served served, int descriptors)
    {
        await using var limit = ServerProcess.Start("prlimit", "prlimit", [$"--pid={served.Grid.Id}", $"--nofile={descriptors}:"]);
        if (await limit.EndAsync(run.Stop) != 0) throw new SkippedException($"prlimit: {limit.Output}");
    }
}
