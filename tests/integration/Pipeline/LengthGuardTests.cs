using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Grid.IntegrationTests.Pipeline;

[Collection(nameof(Alone))]
public class LengthGuardTests
{
    private const int LongestPossible = 268_435_455;

    [Fact]
    public async Task Two_hundred_strangers_who_announce_256_MB_cost_nothing_and_are_shut_out()
    {
        await using var bench = await BrokerBench.StartAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var strangers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            var stranger = await RawGateway.OpenAsync(bench.Port);
            await stranger.SendAsync([0x10, .. RawGateway.Length(LongestPossible), 0, 4, (byte)'M', (byte)'Q']);
            return stranger;
        }));

        foreach (var stranger in strangers)
        {
            (await stranger.ReceiveAsync()).Should().BeEmpty("it was closed");
            stranger.Dispose();
        }

        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(64 << 20);
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(LongestPossible)]
    public async Task A_message_that_says_it_is_too_large_is_noted_unread_and_the_connection_ended(int announced)
    {
        await using var bench = await BrokerBench.StartAsync();
        using var gateway = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await gateway.SendAsync(RawGateway.PublishHeader(Topics.Of(BrokerBench.Ours, TopicKind.Readings), announced));

        (await gateway.ReceiveAsync()).Should().StartWith([RawGateway.Disconnect]).And.HaveElementAt(2, 0x95);
        var item = (await bench.EntriesAsync(1)).Should().ContainSingle().Which.Refused.Should().ContainSingle().Subject;
        item.Reason.Should().Be(Reason.TooLarge);
        item.Gateway.Should().Be(BrokerBench.Ours);
        item.Topic.Should().Be("grid/v1/gw-ours/readings");
        item.Body.Should().BeEmpty();
        item.Detail.Should().Contain($"{announced} bytes");
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(4 << 20);
    }

    [Fact]
    public async Task Whoever_is_told_why_may_still_be_writing()
    {
        await using var bench = await BrokerBench.StartAsync();
        using var gateway = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);

        await gateway.SendAsync([.. RawGateway.PublishHeader(Topics.Of(BrokerBench.Ours, TopicKind.Readings), 1_000_000), .. new byte[900_000]]);

        (await gateway.ReceiveAsync()).Should().StartWith([RawGateway.Disconnect]).And.HaveElementAt(2, 0x95);
    }

    [Fact]
    public async Task Nothing_but_a_connect_is_read_from_a_stranger()
    {
        await using var bench = await BrokerBench.StartAsync();
        using var stranger = await RawGateway.OpenAsync(bench.Port);

        await stranger.SendAsync(RawGateway.PublishPacket(Topics.Of(BrokerBench.Ours, TopicKind.Readings), 1, "{}"u8));

        (await stranger.ReceiveAsync()).Should().BeEmpty();
        bench.Metrics.ItemsReceived.Should().Be(0);
    }

    [Fact]
    public async Task Whoever_takes_too_long_to_say_who_it_is_or_what_it_has_is_shut_out_and_others_are_not()
    {
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
        await using var bench = await BrokerBench.StartAsync(clock: clock);
        using var silent = await RawGateway.OpenAsync(bench.Port);
        using var slow = await RawGateway.OpenAsync(bench.Port);
        await slow.SendAsync(RawGateway.ConnectPacket(BrokerBench.Ours.Value, BrokerBench.Secret)[..5]);
        using var idle = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Theirs.Value, BrokerBench.Secret);
        using var stuck = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);
        await stuck.SendAsync(RawGateway.PublishHeader(Topics.Of(BrokerBench.Ours, TopicKind.Readings), 1_000));
        var ended = Task.WhenAll(silent.ReceiveAsync(), slow.ReceiveAsync(), stuck.ReceiveAsync());

        await Eventually.BecomesTrueAsync("all three were shut out", TimeSpan.FromSeconds(20), _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(ended.IsCompleted);
        }, BrokerBench.Stop);

        (await ended)[0].Should().BeEmpty();
        (await ended)[1].Should().BeEmpty();
        await idle.SendAsync([0xC0, 0]);
        (await idle.ReceiveAsync()).Should().Equal(0xD0, 0);
    }

    [Fact]
    public async Task One_more_than_may_connect_is_closed_and_the_others_stay()
    {
        await using var bench = await BrokerBench.StartAsync(new() { MaxConnections = 1 });
        using var first = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);
        using var second = await RawGateway.OpenAsync(bench.Port);

        (await second.ReceiveAsync()).Should().BeEmpty();
        await first.SendAsync([0xC0, 0]);
        (await first.ReceiveAsync()).Should().Equal(0xD0, 0);
    }
}
