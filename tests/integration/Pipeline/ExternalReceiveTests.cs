using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grid.Ingest;
using Grid.IntegrationTests.Servers;
using Grid.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Ingest as a client of a real Mosquitto of the test's own.</summary>
public sealed class ExternalReceiveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_journal_pushes_back_as_often_as_it_takes_and_nothing_hangs_or_is_lost()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        IngestOptions full = new() { JournalMaxAge = TimeSpan.FromTicks(-1) }; // from the first entry on
        await using var bench = await BrokerBench.StartAsync(ingest: full);
        using var external = Client(Options(mosquitto), bench);
        await external.StartAsync(Stop);
        await SubscribedAsync(mosquitto);
        await PublishAsync(mosquitto, 200);
        await Eventually.BecomesTrueAsync("it pushed back and connected again", Patience, _ => Task.FromResult(Connections(mosquitto) >= 3), Stop);

        full.JournalMaxAge = TimeSpan.FromDays(1);

        await CameAsync(bench, 200);
        await external.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_being_committed_is_acknowledged_before_it_stops_and_does_not_come_again()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        await using var bench = await BrokerBench.StartAsync();
        using var external = Client(Options(mosquitto), bench);
        await external.StartAsync(Stop);
        await SubscribedAsync(mosquitto);
        Task stopping;
        await using (await bench.HoldJournalAsync())
        {
            await PublishAsync(mosquitto, 100);
            await Eventually.BecomesTrueAsync("all wait for their commit", Patience, _ => Task.FromResult(bench.Journal.UncommittedItems == 100), Stop);
            stopping = external.StopAsync(CancellationToken.None);
            stopping.IsCompleted.Should().BeFalse();
        }

        await stopping;
        using var next = Client(Options(mosquitto), bench);
        await next.StartAsync(Stop);
        await Eventually.BecomesTrueAsync("it resumed", Patience, _ => Task.FromResult(Connections(mosquitto) == 2), Stop);
        await PublishAsync(mosquitto, 1);
        await Eventually.BecomesTrueAsync("a new message came", Patience, _ => Task.FromResult(bench.Metrics.ItemsReceived > 100), Stop);
        await next.StopAsync(CancellationToken.None);
        bench.Metrics.ItemsReceived.Should().Be(101);
    }

    [Fact]
    public async Task A_broker_that_was_away_is_found_again_as_often_as_that_happens()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        await using var bench = await BrokerBench.StartAsync();
        using var external = Client(Options(mosquitto), bench);
        await external.StartAsync(Stop);
        await SubscribedAsync(mosquitto);
        for (var round = 1; round <= 3; round++)
        {
            await mosquitto.StopAsync();
            await mosquitto.StartAsync();
            // Not earlier: Mosquitto 2.0.11 restores the session, but queues nothing for its shared subscriptions until they are asked for again.
            await Eventually.BecomesTrueAsync("it subscribed again", Patience, _ => Task.FromResult(Subscriptions(mosquitto) == round + 1), Stop);
            await PublishAsync(mosquitto, 10);
            await CameAsync(bench, 10 * round);
        }

        await external.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Where_the_broker_asks_for_certificates_ingest_shows_its_own_and_trusts_one_authority()
    {
        using TestAuthority authority = new();
        using TestAuthority stranger = new();
        var (certificate, key) = authority.ForServer();
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync($"cafile {authority.File}", $"certfile {certificate}", $"keyfile {key}", "require_certificate true", "tls_version tlsv1.2");
        using var ours = authority.ForClient("ingest");
        using var foreign = stranger.ForClient("ingest");
        using var expired = authority.ForClient("ingest", TimeSpan.FromHours(-1));

        (await ConnectsAsync(mosquitto, authority.File, authority.Write(ours))).Should().BeTrue();
        (await ConnectsAsync(mosquitto, authority.File, authority.Write(foreign))).Should().BeFalse("another authority made it");
        (await ConnectsAsync(mosquitto, authority.File, authority.Write(expired))).Should().BeFalse("its time is over");
        (await ConnectsAsync(mosquitto, authority.File, ("", ""))).Should().BeFalse("it shows none");
        (await ConnectsAsync(mosquitto, stranger.File, authority.Write(ours))).Should().BeFalse("it is not to trust that broker");
        (await ConnectsAsync(mosquitto, null, ("", ""))).Should().BeFalse("it speaks plain MQTT");
    }

    [Fact]
    public async Task A_broker_that_accepts_and_says_nothing_is_tried_again_and_holds_up_no_mail()
    {
        using TcpListener mute = new(IPAddress.Loopback, 0);
        mute.Start();
        List<Socket> accepted = [];
        var accepting = AcceptAsync();
        FakeTimeProvider clock = new();
        await using var bench = await BrokerBench.StartAsync();
        BrokerOptions options = new() { Kind = BrokerKind.External, Host = "127.0.0.1", Port = ((IPEndPoint)mute.LocalEndpoint).Port };
        using ExternalBroker external = new(options, bench.Inbox, new(options), clock, NullLogger<ExternalBroker>.Instance);
        using ExternalMail mail = new(options, clock);
        await external.StartAsync(Stop);
        var letter = mail.SendAsync(BrokerBench.Ours, TopicKind.Ack, "{}"u8.ToArray(), retain: true, Stop);

        await Eventually.BecomesTrueAsync("it was tried three times", Patience, _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            lock (accepted) return Task.FromResult(accepted.Count >= 4);
        }, Stop);

        await FluentActions.Awaiting(() => letter.WaitAsync(Patience, Stop)).Should().ThrowAsync<TimeoutException>().WithMessage("*does not answer within 15 s.");
        await external.StopAsync(CancellationToken.None);
        mute.Stop();
        await accepting;
        accepted.ForEach(s => s.Dispose());

        async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var one = await mute.AcceptSocketAsync(CancellationToken.None);
                    lock (accepted) accepted.Add(one);
                }
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // the test is over
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_connection_that_is_given_up_has_ended_for_its_client_whether_that_waits_for_bytes_or_for_a_place(int places)
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        InFlightAdapter.Factory connections = new(places, TimeProvider.System);
        using var client = new MqttClientFactory().CreateMqttClient(connections);
        client.ApplicationMessageReceivedAsync += e =>
        {
            e.AutoAcknowledge = false;
            return Task.CompletedTask;
        };
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        await client.ConnectAsync(ExternalConnection.Ingest(Options(mosquitto)), Stop);
        await client.SubscribeAsync(Topics.All(TopicKind.Readings), MqttQualityOfServiceLevel.AtLeastOnce, Stop);
        await PublishAsync(mosquitto, 2);
        await Eventually.BecomesTrueAsync("messages are in flight", Patience, _ => Task.FromResult(connections.Newest!.InFlight == Math.Min(2, places)), Stop);

        connections.Newest!.Dispose();

        await ended.Task.WaitAsync(Patience, Stop);
        (await client.ConnectAsync(ExternalConnection.Ingest(Options(mosquitto)), Stop)).IsSessionPresent.Should().BeTrue();
    }

    private static BrokerOptions Options(OwnMosquitto mosquitto) =>
        new() { Kind = BrokerKind.External, Host = mosquitto.Host, Port = mosquitto.Port, User = mosquitto.IngestUser, Password = mosquitto.IngestPassword };

    private static ExternalBroker Client(BrokerOptions options, BrokerBench bench) => new(options, bench.Inbox, new(options), TimeProvider.System, NullLogger<ExternalBroker>.Instance);

    private static int Connections(OwnMosquitto mosquitto) => mosquitto.Output.Split("as grid-ingest-1").Length - 1;

    private static int Subscriptions(OwnMosquitto mosquitto) => mosquitto.Output.Split("grid-ingest-1 1 grid/v1/+/command-results").Length - 1;

    private static Task SubscribedAsync(OwnMosquitto mosquitto) =>
        Eventually.BecomesTrueAsync("it subscribed", Patience, _ => Task.FromResult(Subscriptions(mosquitto) == 1), Stop);

    /// <summary>Counts different ones: what was committed as its connection ended, and not acknowledged, comes again.</summary>
    private static Task CameAsync(BrokerBench bench, int messages) =>
        bench.EntriesAsync(entries => entries.SelectMany(e => e.Refused).Select(r => r.Id).Distinct(StringComparer.Ordinal).Count() == messages).WaitAsync(Patience, Stop);

    /// <summary>As another client of ingest's account, which may write everywhere: each message another one, none readable.</summary>
    private static async Task PublishAsync(OwnMosquitto mosquitto, int messages)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer(mosquitto.Host, mosquitto.Port).WithCredentials(mosquitto.IngestUser, mosquitto.IngestPassword).Build();
        (await client.ConnectAsync(options, Stop)).ResultCode.Should().Be(MqttClientConnectResultCode.Success);
        for (var i = 0; i < messages; i++)
            (await client.PublishStringAsync(Topics.Of(BrokerBench.Ours, TopicKind.Readings), $"{Guid.NewGuid():N}", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: Stop)).IsSuccess.Should().BeTrue();
        await client.DisconnectAsync(cancellationToken: Stop);
    }

    private static async Task<bool> ConnectsAsync(OwnMosquitto mosquitto, string? authority, (string Certificate, string Key) shown)
    {
        var options = Options(mosquitto);
        (options.Tls, options.TrustedAuthority, options.Certificate, options.CertificateKey) = (authority is not null, authority ?? "", shown.Certificate, shown.Key);
        options.Faults().Should().BeEmpty();
        using var client = new MqttClientFactory().CreateMqttClient(new InFlightAdapter.Factory(10, TimeProvider.System));
        try
        {
            return (await client.ConnectAsync(ExternalConnection.Ingest(options), Stop)).ResultCode is MqttClientConnectResultCode.Success;
        }
        catch (Exception) when (!Stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
