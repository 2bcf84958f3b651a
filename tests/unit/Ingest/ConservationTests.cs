using Grid.Domain;
using Grid.Ingest;

namespace Grid.UnitTests.Ingest;

/// <summary>Everything that came in has an outcome or is pending: at every look, whatever was pending at the start.</summary>
public class ConservationTests
{
    private static readonly QuarantinedItem Refused =
        new("id", Instant.MinValue, GatewayName.Parse("gw-1"), "t", null, null, Reason.Conflict, "", "", []);

    private readonly IngestMetrics _metrics = Instruments.Metrics();
    private long _pending = 10; // left by the process before

    public ConservationTests() => _metrics.ObservePending(() => _pending);

    private long Unaccounted => _metrics.Unaccounted(() => _pending);

    [Fact]
    public void Nothing_is_unaccounted_for_at_any_step()
    {
        Unaccounted.Should().Be(0);
        Receive(5);
        Unaccounted.Should().Be(0);

        _metrics.Settled(7, 2, [Refused]);
        Unaccounted.Should().Be(0, "the journal is about to hear of it");
        Settled(10);
        Unaccounted.Should().Be(0);

        _pending -= 5;
        _metrics.SetAside(5);
        Unaccounted.Should().Be(0);
    }

    [Fact]
    public void An_item_without_an_outcome_shows_and_stays()
    {
        Receive(5);
        _metrics.Settled(13, 0, [Refused]);
        Settled(15);

        Unaccounted.Should().Be(1);
        Receive(3);
        Unaccounted.Should().Be(1);
    }

    [Fact]
    public void An_item_with_two_outcomes_shows_as_negative()
    {
        _metrics.Settled(10, 1, []);
        Settled(10);

        Unaccounted.Should().Be(-1);
    }

    private void Receive(int items)
    {
        _pending += items;
        _metrics.Received([new(Refused.Gateway, Instant.MinValue, 1, 1, [], null, [.. Enumerable.Repeat(Refused, items)], Withheld: 2)]);
    }

    private void Settled(int items)
    {
        _pending -= items;
        _metrics.Trimmed();
    }
}
