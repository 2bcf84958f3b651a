using Grid.FirmwareSim;
using Microsoft.Extensions.Time.Testing;

namespace Grid.UnitTests.FirmwareSim;

public class LiveClockTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private Instant Real => Instant.FromDateTimeOffset(_time.GetUtcNow());

    [Fact]
    public void Faster_time_catches_up_with_the_clock_and_never_passes_it()
    {
        var clock = new LiveClock(_time, Real - Duration.FromHours(10), speed: 60);

        _time.Advance(TimeSpan.FromMinutes(5));
        clock.Now.Should().Be(Real - Duration.FromMinutes(305));

        _time.Advance(TimeSpan.FromMinutes(20));
        clock.Now.Should().Be(Real);
    }

    [Fact]
    public async Task Waiting_takes_the_simulated_time_divided_by_the_speed()
    {
        var clock = new LiveClock(_time, Real - Duration.FromHours(10), speed: 60);

        var waiting = clock.UntilAsync(Real - Duration.FromHours(9), TestContext.Current.CancellationToken);

        waiting.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(59));
        waiting.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        await waiting;
    }
}
