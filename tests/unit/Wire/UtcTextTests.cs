using CsCheck;
using Grid.Wire;

namespace Grid.UnitTests.Wire;

public class UtcTextTests
{
    [Fact]
    public void Every_millisecond_survives_its_text() => Readings.At.Sample(at =>
    {
        UtcText.TryParse(UtcText.Format(at), out var read).Should().BeTrue();
        read.Should().Be(at);
    });

    [Theory]
    [InlineData("2026-11-24T13:20:00")]
    [InlineData("2026-11-24 13:20:00Z")]
    [InlineData("2026-11-24T13:20:60Z")]
    [InlineData("2026-11-24T24:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-11-24T13:20:00.Z")]
    [InlineData("2026-11-24T13:20:00,5Z")]
    [InlineData("2026-11-24T13:20:0٣Z")]
    public void What_is_no_utc_instant_is_refused(string text) => UtcText.TryParse(text, out _).Should().BeFalse();
}
