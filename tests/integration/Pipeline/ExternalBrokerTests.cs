using System.Net;
using System.Net.Sockets;
using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Ingest;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.IntegrationTests.Pipeline;

public class ExternalBrokerTests
{
    [Fact]
    public async Task A_subscription_that_failed_is_tried_again_on_a_new_connection()
    {
        var ct = TestContext.Current.CancellationToken;
        using var broker = new TcpListener(IPAddress.Loopback, 0);
        broker.Start();
        var subscribes = 0;
        _ = AcceptAsync();
        await using var bench = await SettlingBench.StartAsync();
        await using var journal = new Journal(Path.Combine(bench.Folder, "journal.db"), new(), bench.Get<IngestMetrics>(), TimeProvider.System, NullLogger<Journal>.Instance);
        var inbox = new Inbox(new Gate(bench.Get<CurrentRegistry>(), new EverythingIsLet(), new(new()), new(new())), journal, new(), TimeProvider.System);
        var options = new BrokerOptions { Kind = BrokerKind.External, Port = ((IPEndPoint)broker.LocalEndpoint).Port, User = "u", Password = "p" };
        using var external = new ExternalBroker(options, inbox, new(options), TimeProvider.System, NullLogger<ExternalBroker>.Instance);

        await external.StartAsync(ct);

        await Eventually.BecomesTrueAsync("it subscribed again", TimeSpan.FromSeconds(30), _ => Task.FromResult(Volatile.Read(ref subscribes) > 1), ct);
        await external.StopAsync(CancellationToken.None);

        async Task AcceptAsync()
        {
            while (true) _ = AnswerAsync(await broker.AcceptTcpClientAsync(ct));
        }

        // Welcomes whoever comes, and answers a subscription of seven filters for one: no broker that the standard allows.
        async Task AnswerAsync(TcpClient client)
        {
            var (stream, buffer) = (client.GetStream(), new byte[4096]);
            while (await stream.ReadAsync(buffer, ct) > 0)
            {
                if (buffer[0] == 0x10) await stream.WriteAsync(new byte[] { 0x20, 3, 0, 0, 0 }, ct);
                if (buffer[0] != 0x82) continue;
                Interlocked.Increment(ref subscribes);
                var packet = buffer[1] > 127 ? 3 : 2;
                await stream.WriteAsync(new byte[] { 0x90, 4, buffer[packet], buffer[packet + 1], 0, 1 }, ct);
            }
        }
    }
}
