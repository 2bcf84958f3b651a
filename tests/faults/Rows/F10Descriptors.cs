using System.Net.Sockets;

namespace Grid.Faults;

internal sealed class F10Descriptors : Row
{
    private const int Descriptors = 700;

    public override string Id => "F10";

    public override string Sentence => "no file descriptor is left: who is connected goes on, others are let in again once there are some";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(2);

    public override int Sample => 1;

    public override async Task RunAsync(RowRun run)
    {
        if (!File.Exists("/usr/bin/prlimit")) throw new SkippedException("needs prlimit");
        await using var served = await Served.StartAsync(run);
        await served.Grid.KillAsync();
        served.Grid.Launch("prlimit", $"--nofile={Descriptors}", served.Grid.Executable);
        await served.UntilPubackAsync();
        await Poll.UntilAsync("all were connected again", run.Patience, _ => Task.FromResult(served.Gateways.Connected == Neighbourhood.Gateways), run.Stop);
        var (before, reconnects) = (served.Gateways.Acknowledged, served.Gateways.Reconnects);
        List<TcpClient> strangers = [];
        for (var i = 0; i < Descriptors * 2; i++)
        {
            TcpClient stranger = new();
            strangers.Add(stranger);
            await stranger.ConnectAsync("127.0.0.1", served.Grid.BrokerPort, run.Stop); // the kernel takes it, whatever Grid does
        }

        await Poll.UntilAsync("Grid had as many as it may", run.Patience, _ => Task.FromResult(Open(served) > Descriptors / 2), run.Stop);
        await Task.Delay(TimeSpan.FromSeconds(2), run.Stop); // and stays so for a while
        run.Show("open at once", Open(served));
        run.Count("acknowledged meanwhile", served.Gateways.Acknowledged - before);
        run.Check(!served.Grid.HasExited, $"Grid ended: {served.Grid.Output}");
        run.Check(served.Gateways.Acknowledged > before && served.Gateways.Reconnects == reconnects, $"who was connected was not served: {served.Gateways.Reconnects - reconnects} connections were lost");
        foreach (var stranger in strangers) stranger.Dispose();
        await Poll.UntilAsync("a gateway was let in again", run.Patience, async attempt =>
        {
            var (id, user, password) = run.Neighbourhood.Access.GatewayLogin(0);
            using TcpClient again = new();
            await again.ConnectAsync("127.0.0.1", served.Grid.BrokerPort, attempt);
            await again.GetStream().WriteAsync(MqttPackets.Connect(id, user, password), attempt);
            return await again.GetStream().ReadAsync(new byte[4], attempt) > 0;
        }, run.Stop);
        await served.LastKillAsync();
        await served.JudgeAsync();
    }

    private static int Open(Served served) => served.Grid.HasExited ? 0 : Directory.GetFiles($"/proc/{served.Grid.Id}/fd").Length;
}
