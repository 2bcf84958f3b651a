using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Tic;

public class TicStatusTests
{
    [Fact]
    public void The_specifications_check_value_is_a_producers_blue_day()
    {
        TicStatus.TryParse("013A0501", out var status).Should().BeTrue();

        status.Today.Should().Be(TempoColour.Blue);
        status.Tomorrow.Should().BeNull();
        status.Producer.Should().BeTrue();
        status.SupplierIndex.Should().Be(2);
        status.PowerLineSynchronised.Should().BeFalse();
        status.StandardMode.Should().BeTrue();
        status.ClockDegraded.Should().BeFalse();
        status.ToString().Should().Be("013A0501");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(16)]
    [InlineData(23)]
    public void One_bit_is_one_flag(int bit)
    {
        var status = new TicStatus(1u << bit);

        bool[] flags = [status.DryContactOpen, status.Overvoltage, status.ClockDegraded, status.PowerLineSynchronised];

        flags.Should().Equal(bit == 0, bit == 6, bit == 16, bit == 23);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("13A0501")]
    [InlineData("0013A0501")]
    [InlineData("013A050G")]
    public void Another_text_is_no_register(string? text) => TicStatus.TryParse(text, out _).Should().BeFalse();
}
