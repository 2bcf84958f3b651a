using System.Text;
using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Wire;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>What the embedded broker lets a gateway do, and what not.</summary>
public class BrokerRightsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gw-ours", "gw-ours", BrokerBench.Secret, "Success")]
    [InlineData("gw-ours", "gw-ours", "", "BadUserNameOrPassword")]
    [InlineData("gw-ours", "gw-ours", "wrong", "BadUserNameOrPassword")]
    [InlineData("gw-ours", "gw-theirs", BrokerBench.Secret, "BadUserNameOrPassword")]
    [InlineData("gw-theirs", "gw-ours", BrokerBench.Secret, "BadUserNameOrPassword")]
    [InlineData("gw-nobody", "gw-nobody", BrokerBench.Secret, "BadUserNameOrPassword")]
    [InlineData("GW-OURS", "GW-OURS", BrokerBench.Secret, "BadUserNameOrPassword")]
    [InlineData("+", "+", BrokerBench.Secret, "BadUserNameOrPassword")]
    [InlineData("#", "#", BrokerBench.Secret, "BadUserNameOrPassword")]
    [InlineData("gw/ours", "gw/ours", BrokerBench.Secret, "BadUserNameOrPassword")]
    [InlineData("$grid", "$grid", BrokerBench.Secret, "BadUserNameOrPassword")]
    [InlineData("gw-ours", null, null, "BadUserNameOrPassword")]
    public async Task A_gateway_connects_under_its_own_name_with_its_own_secret(string clientId, string? user, string? secret, string answer)
    {
        await using var bench = await BrokerBench.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = BrokerBench.AsOurs(bench.Port).WithClientId(clientId);
        options = user is null ? options.WithCredentials((IMqttClientCredentialsProvider)null!) : options.WithCredentials(user, secret);

        (await client.ConnectAsync(options.Build(), Stop)).ResultCode.ToString().Should().Be(answer);
    }

    [Theory]
    [InlineData("grid/v1/gw-ours/ack", "GrantedQoS1")]
    [InlineData("grid/v1/gw-ours/backfill", "GrantedQoS1")]
    [InlineData("grid/v1/gw-ours/commands", "GrantedQoS1")]
    [InlineData("grid/v1/gw-ours/readings", "NotAuthorized")]
    [InlineData("grid/v1/gw-ours/status", "NotAuthorized")]
    [InlineData("grid/v1/gw-theirs/ack", "NotAuthorized")]
    [InlineData("grid/v1/gw-ours", "NotAuthorized")]
    [InlineData("grid/v1/gw-ours/ack/more", "NotAuthorized")]
    [InlineData("grid/v1/gw-ours/#", "NotAuthorized")]
    [InlineData("grid/v1/gw-ours/+", "NotAuthorized")]
    [InlineData("grid/v1/+/ack", "NotAuthorized")]
    [InlineData("+/v1/gw-ours/ack", "NotAuthorized")]
    [InlineData("+/#", "NotAuthorized")]
    [InlineData("#", "NotAuthorized")]
    [InlineData("/#", "NotAuthorized")]
    [InlineData("$share/g/#", "NotAuthorized")]
    [InlineData("$share/g/grid/v1/gw-ours/ack", "NotAuthorized")]
    [InlineData("$share/g/grid/v1/+/readings", "NotAuthorized")]
    [InlineData("$SYS/#", "NotAuthorized")]
    [InlineData("$CONTROL/#", "NotAuthorized")]
    public async Task A_gateway_hears_what_is_said_to_it_and_nothing_else(string filter, string answer)
    {
        await using var bench = await BrokerBench.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        await bench.ConnectAsync(client);

        var granted = (await client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, Stop)).Items.Single().ResultCode.ToString();

        granted.Should().BeOneOf(answer, answer == "NotAuthorized" && filter.StartsWith("$share", StringComparison.Ordinal) ? "SharedSubscriptionsNotSupported" : answer);
    }

    [Theory]
    [InlineData("grid/v1/gw-ours/readings", 1, true)]
    [InlineData("grid/v1/gw-ours/readings", 2, true)]
    [InlineData("grid/v1/gw-ours/senml", 1, true)]
    [InlineData("grid/v1/gw-ours/status", 1, true)]
    [InlineData("grid/v1/gw-ours/ack", 1, false)]
    [InlineData("grid/v1/gw-ours/commands", 1, false)]
    [InlineData("grid/v1/gw-theirs/readings", 1, false)]
    [InlineData("grid/v1/gw-theirs/status", 1, false)]
    [InlineData("grid/v1/gw-ours/readings/secret", 1, false)]
    [InlineData("grid/v1/gw-ours", 1, false)]
    [InlineData("grid/v2/gw-ours/readings", 1, false)]
    [InlineData("$SYS/broker", 1, false)]
    [InlineData("elsewhere", 1, false)]
    public async Task A_gateway_speaks_for_itself_alone(string topic, int quality, bool allowed)
    {
        await using var bench = await BrokerBench.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        await bench.ConnectAsync(client);

        var result = await client.PublishAsync(Message(topic, (MqttQualityOfServiceLevel)quality), Stop);

        result.IsSuccess.Should().Be(allowed);
        if (!allowed) result.ReasonCode.Should().Be(MqttClientPublishReasonCode.NotAuthorized);
        bench.Metrics.ItemsReceived.Should().Be(allowed && !topic.EndsWith("status", StringComparison.Ordinal) ? 1 : 0);
    }

    [Fact]
    public async Task With_MQTT_3_1_1_a_refusal_closes_the_connection_because_every_PUBACK_is_a_yes()
    {
        await using var bench = await BrokerBench.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        (await bench.ConnectAsync(client, version: MqttProtocolVersion.V311)).Should().Be(MqttClientConnectResultCode.Success);
        (await client.PublishAsync(Message(Topics.Of(BrokerBench.Ours, TopicKind.Readings)), Stop)).IsSuccess.Should().BeTrue();

        await FluentActions.Awaiting(() => client.PublishAsync(Message(Topics.Of(BrokerBench.Theirs, TopicKind.Readings)), Stop)).Should().ThrowAsync<Exception>();

        client.IsConnected.Should().BeFalse();
    }

    [Fact]
    public async Task A_topic_alias_gives_no_more_rights_than_its_topic()
    {
        await using var bench = await BrokerBench.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        await bench.ConnectAsync(client);
        var foreign = Message(Topics.Of(BrokerBench.Theirs, TopicKind.Readings));
        foreign.TopicAlias = 1;
        var aliased = Message("");
        aliased.TopicAlias = 1;

        (await client.PublishAsync(foreign, Stop)).ReasonCode.Should().Be(MqttClientPublishReasonCode.NotAuthorized);
        (await client.PublishAsync(aliased, Stop)).ReasonCode.Should().Be(MqttClientPublishReasonCode.NotAuthorized);
        bench.Metrics.ItemsReceived.Should().Be(0);
    }

    [Fact]
    public async Task No_more_topic_aliases_than_the_broker_said()
    {
        await using var bench = await BrokerBench.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        var answer = await client.ConnectAsync(BrokerBench.AsOurs(bench.Port).Build(), Stop);
        var message = Message(Topics.Of(BrokerBench.Ours, TopicKind.Readings));
        message.TopicAlias = (ushort)(answer.TopicAliasMaximum + 1);

        await FluentActions.Awaiting(() => client.PublishAsync(message, Stop)).Should().ThrowAsync<Exception>();

        answer.TopicAliasMaximum.Should().Be(16);
    }

    [Theory]
    [InlineData("grid/v1/gw-ours/status", true)]
    [InlineData("grid/v1/gw-theirs/status", false)]
    [InlineData("grid/v1/gw-ours/readings", false)]
    public async Task A_last_will_is_a_gateways_own_status_or_is_not_heard(string topic, bool heard)
    {
        await using var bench = await BrokerBench.StartAsync();
        var client = new MqttClientFactory().CreateMqttClient();
        var options = BrokerBench.AsOurs(bench.Port).WithWillTopic(topic).WithWillPayload("""{"state":"lost"}""").WithWillRetain().Build();
        (await client.ConnectAsync(options, Stop)).ResultCode.Should().Be(MqttClientConnectResultCode.Success);

        client.Dispose(); // without a good-bye

        if (heard) await Eventually.BecomesTrueAsync("the will was retained", TimeSpan.FromSeconds(10), async _ => await bench.Broker.RetainedAsync(topic) is not null, Stop);
        else await Eventually.BecomesTrueAsync("the connection was gone", TimeSpan.FromSeconds(10), _ => Task.FromResult(bench.Broker.Connections == 0), Stop);
        (await bench.Broker.RetainedAsync(topic) is not null).Should().Be(heard);
        bench.Metrics.ItemsReceived.Should().Be(0);
    }

    [Theory]
    [InlineData(TopicKind.Status, true)]
    [InlineData(TopicKind.Readings, false)]
    [InlineData(TopicKind.CommandResults, false)]
    public async Task Of_what_a_gateway_says_only_its_status_is_retained(TopicKind kind, bool retained)
    {
        await using var bench = await BrokerBench.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        await bench.ConnectAsync(client);
        var message = Message(Topics.Of(BrokerBench.Ours, kind));
        message.Retain = true;

        (await client.PublishAsync(message, Stop)).IsSuccess.Should().BeTrue();

        (await bench.Broker.RetainedAsync(message.Topic) is not null).Should().Be(retained);
    }

    [Fact]
    public async Task The_newest_connection_of_a_gateway_wins_and_a_wrong_secret_takes_nothing_over()
    {
        await using var bench = await BrokerBench.StartAsync();
        using var first = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);
        using var thief = new MqttClientFactory().CreateMqttClient();
        (await bench.ConnectAsync(thief, secret: "stolen?")).Should().Be(MqttClientConnectResultCode.BadUserNameOrPassword);
        await first.SendAsync([0xC0, 0]);
        (await first.ReceiveAsync()).Should().Equal(0xD0, 0);

        using var second = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);

        (await first.ReceiveAsync()).Should().StartWith([RawGateway.Disconnect]).And.HaveElementAt(2, 0x8E);
        await second.SendAsync([0xC0, 0]);
        (await second.ReceiveAsync()).Should().Equal(0xD0, 0);
    }

    [Fact]
    public async Task After_ten_wrong_secrets_a_gateway_waits_a_minute()
    {
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        await using var bench = await BrokerBench.StartAsync(clock: clock);
        async Task<string> TryAsync(string secret)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            return (await bench.ConnectAsync(client, secret)).ToString();
        }

        for (var i = 0; i < 10; i++) (await TryAsync($"guess {i}")).Should().Be("BadUserNameOrPassword");

        (await TryAsync(BrokerBench.Secret)).Should().Be("ConnectionRateExceeded");
        clock.Advance(TimeSpan.FromSeconds(61));
        (await TryAsync(BrokerBench.Secret)).Should().Be("Success");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another secret")]
    public async Task A_revoked_or_rotated_gateway_is_cut_without_its_saying_anything(string? secret)
    {
        await using var bench = await BrokerBench.StartAsync();
        using var gateway = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);
        using var other = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Theirs.Value, BrokerBench.Secret);
        var cut = gateway.ReceiveAsync();

        await bench.SetSecretAsync(BrokerBench.Ours, secret);

        (await cut.WaitAsync(TimeSpan.FromSeconds(3), Stop)).Should().StartWith([RawGateway.Disconnect]).And.HaveElementAt(2, 0x87);
        await other.SendAsync([0xC0, 0]);
        (await other.ReceiveAsync()).Should().Equal(0xD0, 0);
    }

    private static MqttApplicationMessage Message(string topic, MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtLeastOnce) =>
        new() { Topic = topic, PayloadSegment = Encoding.UTF8.GetBytes("{}"), QualityOfServiceLevel = quality };
}
