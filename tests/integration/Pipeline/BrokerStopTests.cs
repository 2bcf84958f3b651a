using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Wire;

namespace Grid.IntegrationTests.Pipeline;

public class BrokerStopTests
{
    private static readonly string Readings = Topics.Of(BrokerBench.Ours, TopicKind.Readings);

    [Fact]
    public async Task What_is_being_committed_has_its_PUBACK_before_the_connection_closes_and_nothing_new_is_taken()
    {
        await using var bench = await BrokerBench.StartAsync();
        using var gateway = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);
        Task stopping;
        await using (await bench.HoldJournalAsync())
        {
            await gateway.SendAsync(RawGateway.PublishPacket(Readings, 7, "{}"u8));
            await Eventually.BecomesTrueAsync("it waits for its commit", TimeSpan.FromSeconds(10), _ => Task.FromResult(bench.Journal.UncommittedItems == 1), BrokerBench.Stop);
            stopping = bench.Broker.StopAsync(CancellationToken.None);
            await gateway.SendAsync(RawGateway.PublishPacket(Readings, 8, "{}"u8));
            stopping.IsCompleted.Should().BeFalse();
        }

        (await gateway.ReceiveAsync()).Should().StartWith([RawGateway.Puback, 2, 0, 7]);
        await stopping;
        (await gateway.ReceiveAsync()).Should().StartWith([RawGateway.Disconnect]).And.HaveElementAt(2, 0x8B);
        bench.Metrics.ItemsReceived.Should().Be(1);
    }

    [Fact]
    public async Task The_PUBACK_of_an_earlier_connection_never_goes_to_the_next_which_may_mean_another_message_by_its_number()
    {
        await using var bench = await BrokerBench.StartAsync();
        using var first = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret, cleanStart: false);
        RawGateway second;
        await using (await bench.HoldJournalAsync())
        {
            await first.SendAsync(RawGateway.PublishPacket(Readings, 7, "{}"u8));
            await Eventually.BecomesTrueAsync("it waits for its commit", TimeSpan.FromSeconds(10), _ => Task.FromResult(bench.Journal.UncommittedItems == 1), BrokerBench.Stop);
            second = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret, cleanStart: false);
        }

        await bench.EntriesAsync(1);
        await second.SendAsync(RawGateway.PublishPacket(Readings, 9, "[]"u8));
        (await second.ReceiveAsync()).Should().StartWith([RawGateway.Puback, 2, 0, 9]);
        second.Dispose();
    }

    [Fact]
    public async Task A_full_journal_tells_a_gateway_that_the_server_is_busy_and_acknowledges_nothing()
    {
        await using var bench = await BrokerBench.StartAsync(ingest: new() { JournalMaxAge = TimeSpan.FromTicks(-1) });
        using var gateway = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);
        await gateway.SendAsync(RawGateway.PublishPacket(Readings, 1, "{}"u8));
        (await gateway.ReceiveAsync()).Should().StartWith([RawGateway.Puback]);

        await gateway.SendAsync(RawGateway.PublishPacket(Readings, 2, "{}"u8));

        (await gateway.ReceiveAsync()).Should().StartWith([RawGateway.Disconnect]).And.HaveElementAt(2, 0x89);
        (await gateway.ReceiveAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_gateway_that_sends_faster_than_it_may_waits_and_loses_nothing()
    {
        await using var bench = await BrokerBench.StartAsync(new() { MaxPacketsPerSecond = 20 });
        using var gateway = await RawGateway.ConnectAsync(bench.Port, BrokerBench.Ours.Value, BrokerBench.Secret);
        var began = TimeProvider.System.GetTimestamp();

        await gateway.SendAsync([.. Enumerable.Range(1, 60).SelectMany(i => RawGateway.PublishPacket(Readings, (ushort)i, "{}"u8))]);
        for (var i = 1; i <= 60; i++) (await gateway.ReceiveAsync()).Should().StartWith([RawGateway.Puback, 2, 0, (byte)i]);

        TimeProvider.System.GetElapsedTime(began).Should().BeGreaterThan(TimeSpan.FromSeconds(1.8)).And.BeLessThan(TimeSpan.FromSeconds(10));
        bench.Metrics.ItemsReceived.Should().Be(60);
    }
}
