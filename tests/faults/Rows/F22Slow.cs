using System.Net.Sockets;

namespace Grid.Faults;

internal sealed class F22Slow : Row
{
    public override string Id => "F22";

    public override string Sentence => "gateways that send a byte now and then, before and after CONNECT: ended at their deadline, all others served meanwhile";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(2);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        SteppedClock clock = new();
        await using var core = await Core.StartAsync(run, new() { ByMqtt = true, Clock = clock });
        FakeGateway honest = new(run, oracle, 0);
        List<TcpClient> slow = [];
        try
        {
            for (var i = 1; i <= 10; i++) slow.Add(await BeginAsync(run, core, i, connects: i % 2 == 0));
            run.Check(await honest.SendAsync(core, honest.Next()), "an honest gateway was not served");
            var broker = core.Get<Ingest.EmbeddedBroker>();
            run.Check(broker.Connections == slow.Count + 1, $"{broker.Connections} connections");
            clock.Pass(TimeSpan.FromSeconds(61)); // past what a CONNECT and a packet may take
            await Poll.UntilAsync("the slow ones were ended", TimeSpan.FromSeconds(15), _ => Task.FromResult(broker.Connections == 1), run.Stop);
            run.Check(await honest.SendAsync(core, honest.Next()), "an honest gateway was cut off with them");
        }
        finally
        {
            foreach (var client in slow) client.Dispose();
        }

        await core.JudgeAsync(oracle);
    }

    private static async Task<TcpClient> BeginAsync(RowRun run, Core core, int gateway, bool connects)
    {
        TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", core.Port, run.Stop);
        var (id, user, password) = run.Neighbourhood.Access.GatewayLogin(gateway);
        var connect = MqttPackets.Connect(id, user, password);
        await client.GetStream().WriteAsync(connects ? connect : connect.AsMemory(0, run.Random.Next(1, connect.Length)), run.Stop);
        if (!connects) return client;
        await client.GetStream().ReadExactlyAsync(new byte[4], run.Stop); // its CONNACK
        await client.GetStream().WriteAsync(new byte[] { 0x32, 0x80, 0x08, 0, 30 }, run.Stop); // a PUBLISH of a kilobyte begins
        return client;
    }
}
