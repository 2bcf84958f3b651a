namespace Grid.Faults;

internal sealed class F37Credentials : Row
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public override string Id => "F37";

    public override string Sentence => "a gateway is revoked in mid-stream: cut within 5 s, and no one else; rotated: it comes back with its new secret and has lost nothing";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(5);

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run, new() { ByMqtt = true });
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(run.Stop);
        var refreshing = RefreshAsync(core, done.Token);
        FakeGateway honest = new(run, oracle, 0), cut = new(run, oracle, run.Random.Next(1, Neighbourhood.Gateways));
        var editor = core.Get<Storage.RegistryEditor>();
        for (var message = 0; message < 10; message++)
            foreach (var gateway in (FakeGateway[])[honest, cut]) await gateway.SendAsync(core, gateway.Next());

        var rotates = run.Seed % 2 == 0;
        await editor.SetSecretsAsync([(cut.Name, rotates ? GatewaySecret.Hash("a new secret of the suite's own") : null)], run.Stop);
        var began = Stopwatch.GetTimestamp();
        Message? kept = null;
        while (Stopwatch.GetElapsedTime(began) < Deadline * 2)
        {
            kept = cut.Next();
            if (!await TrySendAsync(core, cut, kept)) break; // connected with the old secret, or connecting with it
            await Task.Delay(20, run.Stop);
        }

        var took = Stopwatch.GetElapsedTime(began);
        run.Show("s until cut", took.TotalSeconds);
        run.Check(took <= Deadline, $"{took.TotalSeconds:0.0} s until it was cut");
        run.Check(await honest.SendAsync(core, honest.Next()), "an honest gateway was cut too");
        await editor.SetSecretsAsync([(cut.Name, GatewaySecret.Hash(run.Neighbourhood.Access.GatewayLogin(int.Parse(cut.Name.Value.AsSpan(^5), CultureInfo.InvariantCulture)).Password))], run.Stop);
        await core.Get<CurrentRegistry>().RefreshAsync(run.Stop); // with ten wrong secrets meanwhile it would have silenced itself
        await Poll.UntilAsync("it was let in again", TimeSpan.FromSeconds(15), async _ => await TrySendAsync(core, cut, kept!), run.Stop);
        await core.JudgeAsync(oracle);
        await done.CancelAsync();
        await refreshing;
    }

    // As the server does every two seconds.
    private static async Task RefreshAsync(Core core, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(2), ct);
                await core.Get<CurrentRegistry>().RefreshAsync(ct);
            }
        }
        catch (OperationCanceledException)
        {
            // Done.
        }
    }

    private static async Task<bool> TrySendAsync(Core core, FakeGateway gateway, Message message)
    {
        try
        {
            return await gateway.SendAsync(core, message);
        }
        catch (Exception refused) when (refused is MQTTnet.Adapter.MqttConnectingFailedException or MQTTnet.Exceptions.MqttClientNotConnectedException or MQTTnet.Exceptions.MqttClientUnexpectedDisconnectReceivedException)
        {
            return false;
        }
    }
}
