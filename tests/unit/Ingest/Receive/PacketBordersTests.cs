using Grid.Ingest;

namespace Grid.UnitTests.Ingest.Receive;

public class PacketBordersTests
{
    private readonly PacketBorders _borders = new();

    [Theory]
    [InlineData(new byte[] { 0xC0, 0 }, 12, 0)]
    [InlineData(new byte[] { 0x32, 127 }, 3, 127)]
    [InlineData(new byte[] { 0x32, 0x80, 1 }, 3, 128)]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F }, 1, 268_435_455)]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF }, 1, int.MaxValue)]
    public void A_header_says_kind_and_length_with_its_last_byte(byte[] header, int kind, int length)
    {
        _borders.Follow(header.AsSpan(0, header.Length - 1)).Should().BeFalse();
        _borders.Follow(header.AsSpan(header.Length - 1)).Should().BeTrue();

        _borders.Kind.Should().Be(kind);
        _borders.RemainingBytes.Should().Be(length);
    }

    [Fact]
    public void A_border_is_where_a_body_ends_however_it_is_cut()
    {
        _borders.Follow([0x32, 5, 1, 2]).Should().BeTrue();
        _borders.AtBorder.Should().BeFalse();
        _borders.Follow([3, 4]).Should().BeFalse();
        _borders.Follow([5]);

        _borders.AtBorder.Should().BeTrue();
        _borders.Follow([0xC0, 0]).Should().BeTrue();
        _borders.AtBorder.Should().BeTrue();
    }
}
