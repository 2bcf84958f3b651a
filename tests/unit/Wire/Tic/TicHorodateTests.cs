using CsCheck;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Tic;

public class TicHorodateTests
{
    [Theory]
    [InlineData("E170915101601", 2017, 9, 15, 8, 16, 1)]
    [InlineData("H200213085118", 2020, 2, 13, 7, 51, 18)]
    [InlineData("e260701000000", 2026, 6, 30, 22, 0, 0)]
    [InlineData("h261231235959", 2026, 12, 31, 22, 59, 59)]
    [InlineData("E261025023000", 2026, 10, 25, 0, 30, 0)]
    [InlineData("H261025023000", 2026, 10, 25, 1, 30, 0)]
    public void A_horodate_is_an_instant(string text, int year, int month, int day, int hour, int minute, int second)
    {
        TicHorodate.TryParse(text, out var horodate).Should().BeTrue();

        horodate.ToInstant().Should().Be(Instant.FromUtc(year, month, day, hour, minute, second));
        horodate.Degraded.Should().Be(char.IsAsciiLetterLower(text[0]));
        horodate.ToString().Should().Be(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("E17091510160")]
    [InlineData("E1709151016011")]
    [InlineData(" 170915101601")]
    [InlineData("S170915101601")]
    [InlineData("E171315101601")]
    [InlineData("E170230101601")]
    [InlineData("E170015101601")]
    [InlineData("E170915241601")]
    [InlineData("E170915106001")]
    [InlineData("E170915101660")]
    [InlineData("E1709151016 1")]
    [InlineData("E-70915101601")]
    public void Another_text_is_none(string text) => TicHorodate.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Every_second_of_the_night_that_has_25_hours_has_a_horodate_of_its_own()
    {
        var midnight = Instant.FromUtc(2026, 10, 24, 22, 0);
        var seconds = Enumerable.Range(0, 6 * 3600).Select(s => midnight + Duration.FromSeconds(s)).ToList();

        var texts = seconds.Select(at => TicHorodate.Of(at).ToString()).ToList();

        texts.Should().OnlyHaveUniqueItems();
        texts.Select(t => TicHorodate.TryParse(t, out var horodate) ? horodate.ToInstant() : default).Should().Equal(seconds);
    }

    [Fact]
    public void Any_second_of_the_century_comes_back() =>
        Gen.Long[946_684_800, 4_102_441_199 - 3600].Select(Instant.FromUnixTimeSeconds).Sample(at =>
            TicHorodate.TryParse(TicHorodate.Of(at).ToString(), out var horodate) && horodate.ToInstant() == at);

    [Fact]
    public void No_text_makes_it_throw() => Gen.String[Gen.Char["EHeh 0123456789x\0"], 0, 15].Sample(text => TicHorodate.TryParse(text, out var read) == (read.ToString() == text));
}
