using Grid.Domain;
using Grid.Ingest;

namespace Grid.UnitTests.Ingest;

public class ClockWatchTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 24, 12, 0);
    private static readonly GatewayName Gateway = GatewayName.Parse("gw-1");

    private readonly ClockWatch _watch = new();

    [Fact]
    public void A_right_clock_is_never_reported() => Live(count: 100, ahead: Duration.FromMilliseconds(-300)).Should().BeEmpty();

    [Theory]
    [InlineData(10)]
    [InlineData(280)]
    [InlineData(3_600)]
    public void A_clock_that_is_ahead_is_reported_once(int seconds)
    {
        var skew = Live(count: 50, ahead: Duration.FromSeconds(seconds)).Should().ContainSingle().Subject;

        skew.AheadMs.Should().Be(seconds * 1_000);
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(86_400)]
    public void A_clock_that_is_behind_is_reported_by_live_messages(int seconds) =>
        Live(count: 50, ahead: Duration.FromSeconds(-seconds)).Should().ContainSingle().Which.AheadMs.Should().Be(-seconds * 1_000L);

    [Fact]
    public void A_history_that_is_filled_in_is_no_clock_that_is_behind()
    {
        // Half-hours of a month, ten messages a second.
        var news = Enumerable.Range(0, 1_440).SelectMany(i => Note(Noon - Duration.FromDays(30) + Duration.FromMinutes(30 * i), Noon + Duration.FromMilliseconds(100 * i)));

        news.Should().BeEmpty();
    }

    [Fact]
    public void A_clock_that_was_set_right_ends_its_report()
    {
        Live(count: 20, ahead: Duration.FromSeconds(60));

        var news = Live(count: 20, ahead: Duration.Zero, from: Noon + Duration.FromHours(1));

        news.Should().ContainSingle().Which.EndedAt.Should().NotBeNull();
    }

    [Fact]
    public void A_stamp_that_was_refused_for_lying_ahead_tells_of_the_clock()
    {
        var refused = new QuarantinedItem("id", Noon, Gateway, "t", null, Noon + Duration.FromDays(1), Reason.FromTheFuture, "", "", []);

        _watch.Note([new(Gateway, Noon, 1, 1, [], null, [refused])]).Should().ContainSingle().Which.AheadMs.Should().Be(86_400_000);
    }

    private List<ClockSkew> Live(int count, Duration ahead, Instant? from = null) =>
        [.. Enumerable.Range(0, count).Select(i => (from ?? Noon) + Duration.FromMinutes(i)).SelectMany(arrival => Note(arrival + ahead, arrival))];

    private IReadOnlyList<ClockSkew> Note(Instant stamp, Instant arrival) =>
        _watch.Note([new(Gateway, arrival, 1, 1, [new(MeterName.Parse("m-1"), stamp, new(1))], null, [])]);
}
