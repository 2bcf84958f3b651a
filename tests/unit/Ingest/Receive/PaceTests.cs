using System.Net;
using Grid.Domain;
using Grid.Ingest;
using Microsoft.Extensions.Time.Testing;

namespace Grid.UnitTests.Ingest.Receive;

public class PaceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_seconds_worth_goes_at_once_and_then_evenly()
    {
        Pace pace = new(10, _clock);

        Enumerable.Range(0, 10).Select(_ => pace.Next()).ToList().Should().AllBeEquivalentTo(TimeSpan.Zero);
        pace.Next().Should().Be(TimeSpan.FromMilliseconds(100));
        pace.Next().Should().Be(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public void Rest_gives_back_a_seconds_worth_and_no_more()
    {
        Pace pace = new(10, _clock);
        for (var i = 0; i < 10; i++) pace.Next();
        _clock.Advance(TimeSpan.FromHours(1));

        Enumerable.Range(0, 11).Select(_ => pace.Next()).Count(wait => wait == TimeSpan.Zero).Should().Be(10);
    }

    [Fact]
    public void Wrong_secrets_block_one_gateway_from_one_address_for_a_minute()
    {
        WrongSecrets wrong = new(_clock);
        var (ours, theirs, here, there) = (GatewayName.Parse("gw-1"), GatewayName.Parse("gw-2"), IPAddress.Loopback, IPAddress.Parse("192.0.2.1"));
        for (var i = 0; i < 9; i++) wrong.Count(ours, here);
        wrong.IsBlocked(ours, here).Should().BeFalse();

        wrong.Count(ours, here);

        wrong.IsBlocked(ours, here).Should().BeTrue();
        wrong.IsBlocked(ours, there).Should().BeFalse();
        wrong.IsBlocked(theirs, here).Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(60));
        wrong.IsBlocked(ours, here).Should().BeFalse();
    }

    [Fact]
    public void Wrong_secrets_a_while_apart_block_nobody()
    {
        WrongSecrets wrong = new(_clock);
        for (var i = 0; i < 30; i++)
        {
            wrong.Count(GatewayName.Parse("gw-1"), IPAddress.Loopback);
            _clock.Advance(TimeSpan.FromSeconds(7));
        }

        wrong.IsBlocked(GatewayName.Parse("gw-1"), IPAddress.Loopback).Should().BeFalse();
    }
}
