using System.Buffers;
using System.Text;
using CsCheck;
using Grid.Storage;

namespace Grid.UnitTests.Storage;

public class LineProtocolTests
{
    private static readonly Instant At = Instant.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Fact]
    public void A_line_has_a_tag_fields_and_milliseconds() =>
        Line(l => l.Start("reading", "meter", "m-1").Field("import_wh", 12L).Field("export_wh", (long?)null).Field("power_w", 1.5).Field("quality", "measured").End(At))
            .Should().Be("reading,meter=m-1 import_wh=12i,power_w=1.5,quality=\"measured\" 1700000000123\n");

    [Theory]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("a=b")]
    [InlineData("a\nreading,meter=x import_wh=1i")]
    [InlineData("a\\")]
    [InlineData("")]
    public void A_tag_value_that_could_end_its_place_is_refused(string value)
    {
        var act = () => Line(l => l.Start("reading", "meter", value).Field("import_wh", 1L).End(At));

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Whatever_text_a_field_is_given_the_line_stays_one() => Gen.String.Sample(text =>
    {
        string line;
        try
        {
            line = Line(l => l.Start("reading", "meter", "m").Field("text", text).End(At));
        }
        catch (ArgumentException)
        {
            return;
        }

        line.Count(c => c == '\n').Should().Be(1);
        var quoted = line["reading,meter=m text=\"".Length..^" 1700000000123\n".Length];
        quoted[..^1].Replace("\\\\", "", StringComparison.Ordinal).Replace("\\\"", "", StringComparison.Ordinal).Should().NotContain("\"");
    });

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_that_InfluxDB_does_not_have_is_refused(double value)
    {
        var act = () => Line(l => l.Start("reading", "meter", "m").Field("power_w", value).End(At));

        act.Should().Throw<ArgumentException>();
    }

    private static string Line(Action<LineProtocol> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
