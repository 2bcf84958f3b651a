using Grid.Ingest;
using Grid.IntegrationTests.Servers;
using Grid.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>A real Mosquitto that no longer delivers on a connection that lives: by its rules here, by a fault of its own in 2.0.11.</summary>
public sealed class SessionWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingest_connects_again_when_its_letter_to_itself_does_not_come()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        await using var bench = await BrokerBench.StartAsync();
        using ExternalBroker ingest = new(Options(mosquitto), bench.Inbox, new(Options(mosquitto)), _clock, NullLogger<ExternalBroker>.Instance);
        await ingest.StartAsync(Stop);
        await SubscribedAsync(mosquitto, 1);
        await mosquitto.LetIngestAsync("write");

        await SubscribedAsync(mosquitto, 2);

        Letters(mosquitto).Should().BePositive();
        await ingest.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Only_after_a_silence_is_a_letter_written_and_it_comes_where_messages_come()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        using var client = await ClientAsync(mosquitto);
        SessionWatch watch = new(client, "ours", _clock);
        client.ApplicationMessageReceivedAsync += _ =>
        {
            watch.Hear();
            return Task.CompletedTask;
        };
        await client.SubscribeAsync(watch.Topic, MqttQualityOfServiceLevel.AtLeastOnce, Stop);

        _clock.Advance(SessionWatch.Silence - TimeSpan.FromTicks(1));
        (await watch.HearsAsync(excused: false, Stop)).Should().BeTrue();
        Letters(mosquitto).Should().Be(0);
        _clock.Advance(TimeSpan.FromTicks(1));
        (await watch.HearsAsync(excused: false, Stop)).Should().BeTrue();
        Letters(mosquitto).Should().Be(1);
        (await watch.HearsAsync(excused: false, Stop)).Should().BeTrue();
        Letters(mosquitto).Should().Be(1, "the silence begins anew");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_came_and_what_we_do_not_read_ourselves_end_the_silence(bool excused)
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        using var client = await ClientAsync(mosquitto);
        SessionWatch watch = new(client, "ours", _clock);
        _clock.Advance(SessionWatch.Silence);
        if (!excused) watch.Hear();

        (await watch.HearsAsync(excused, Stop)).Should().BeTrue();

        Letters(mosquitto).Should().Be(0);
    }

    [Fact]
    public async Task A_letter_that_does_not_come_is_waited_for_no_longer_than_the_silence()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        using var client = await ClientAsync(mosquitto);
        SessionWatch watch = new(client, "ours", _clock);
        _clock.Advance(SessionWatch.Silence);

        var hears = watch.HearsAsync(excused: false, Stop); // it did not subscribe

        await Eventually.BecomesTrueAsync("the letter was written", Patience, _ => Task.FromResult(Letters(mosquitto) == 1), Stop);
        hears.IsCompleted.Should().BeFalse();
        _clock.Advance(SessionWatch.Silence);
        (await hears.WaitAsync(Patience, Stop)).Should().BeFalse();
    }

    [Fact]
    public async Task A_broker_that_does_not_take_the_letter_is_told_apart_from_one_that_keeps_it()
    {
        await using var mosquitto = await OwnMosquitto.StartOrSkipAsync();
        using var client = await ClientAsync(mosquitto);
        SessionWatch watch = new(client, "ours", _clock);
        await mosquitto.LetIngestAsync("read");
        _clock.Advance(SessionWatch.Silence);

        await FluentActions.Awaiting(() => watch.HearsAsync(excused: false, Stop)).Should().ThrowAsync<InvalidOperationException>().WithMessage("*its acl must let ingest*");
    }

    private static BrokerOptions Options(OwnMosquitto mosquitto) =>
        new() { Kind = BrokerKind.External, Host = mosquitto.Host, Port = mosquitto.Port, User = mosquitto.IngestUser, Password = mosquitto.IngestPassword };

    private static async Task<IMqttClient> ClientAsync(OwnMosquitto mosquitto)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        (await client.ConnectAsync(ExternalConnection.Ingest(Options(mosquitto)), Stop)).ResultCode.Should().Be(MqttClientConnectResultCode.Success);
        return client;
    }

    private static int Letters(OwnMosquitto mosquitto) => mosquitto.Output.Split('\n').Count(l => l.Contains("Received PUBLISH", StringComparison.Ordinal) && l.Contains("/watch/", StringComparison.Ordinal));

    private Task SubscribedAsync(OwnMosquitto mosquitto, int times) => Eventually.BecomesTrueAsync($"it subscribed {times} times", Patience, _ =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(mosquitto.Output.Split($"grid-ingest-1 1 {Topics.All(TopicKind.CommandResults)}").Length - 1 >= times);
    }, Stop);
}
