using System.Buffers;
using System.Text;
using CsCheck;
using Grid.Domain;
using Grid.Storage;

namespace Grid.UnitTests.Storage;

public class LineProtocolRoundTripTests
{
    private static readonly Gen<double?> AnyReal = Gen.OneOf(Gen.Double, Gen.Double[-1e9, 1e9], Gen.Const(-0.0), Gen.Const(double.Epsilon), Gen.Const(double.MaxValue))
        .Where(double.IsFinite).Nullable();

    private static readonly Gen<string> AnyName = Gen.String[Gen.Char["abzAZ09_-"], 1, Identifier.MaxLength];

    private static readonly Gen<Reading> AnyReading = Gen.Select(
        AnyName, Readings.At, Readings.Registers, AnyReal, AnyReal,
        (name, at, registers, power, voltage) => new Reading(MeterName.Parse(name), at, registers, power, voltage));

    [Fact]
    public void Every_reading_is_exactly_one_point_with_the_same_values() => AnyReading.Array[0, 20].Sample(readings =>
    {
        var points = LinePoint.ParseAll(Written(protocol =>
        {
            foreach (var reading in readings) InfluxReadingStore.Encode(protocol, reading);
        }));

        points.Select(ReadBack).Should().Equal(readings);
    });

    [Fact]
    public void Whatever_text_is_offered_as_a_tag_or_a_field_the_line_is_one_point_with_that_text_or_is_refused() =>
        Gen.Select(Gen.OneOf(Gen.String, Gen.String[Gen.Char["ab \n\r,=\"\\"], 0, 8], AnyName), Gen.OneOf(Gen.String, Gen.String[Gen.Char["ab \n\r,=\"\\"], 0, 8])).Sample((tag, text) =>
        {
            string line;
            try
            {
                line = Written(p => p.Start("reading", "meter", tag).Field("text", text).Field("n", 7L).End(Instant.FromUnixTimeMilliseconds(-5)));
            }
            catch (ArgumentException)
            {
                (Identifier.IsValid(tag) && text.All(c => c is >= ' ' and <= '~')).Should().BeFalse();
                return;
            }

            var point = LinePoint.ParseAll(line).Should().ContainSingle().Subject;
            (point.Measurement, point.Stamp).Should().Be(("reading", -5));
            point.Tags.Should().Equal(new Dictionary<string, string>(StringComparer.Ordinal) { ["meter"] = tag });
            point.Fields.Should().Equal(new Dictionary<string, object>(StringComparer.Ordinal) { ["text"] = text, ["n"] = 7L });
        });

    [Theory]
    [InlineData("reading,meter=m import_wh=1i")]
    [InlineData("reading,meter=m\nx import_wh=1i 5\n")]
    [InlineData("reading,meter= import_wh=1i 5\n")]
    [InlineData("reading,meter=m 5\n")]
    [InlineData("reading,meter=m text=\"a 5\n")]
    [InlineData("reading,meter=m import_wh=i 5\n")]
    public void The_parser_itself_is_strict(string line) => FluentActions.Invoking(() => LinePoint.ParseAll(line)).Should().Throw<FormatException>();

    private static Reading ReadBack(LinePoint point)
    {
        point.Measurement.Should().Be(InfluxSchema.Reading);
        return new(
            MeterName.Parse(point.Tags.Should().ContainSingle().Which.Value),
            Instant.FromUnixTimeMilliseconds(point.Stamp),
            new(
                (long)point.Fields[InfluxSchema.ImportWh],
                (long?)point.Fields.GetValueOrDefault(InfluxSchema.ExportWh),
                point.Fields.GetValueOrDefault(InfluxSchema.TariffWh) is string tariffs ? TariffRegisters.Parse(tariffs) : null),
            (double?)point.Fields.GetValueOrDefault(InfluxSchema.PowerW),
            (double?)point.Fields.GetValueOrDefault(InfluxSchema.VoltageV));
    }

    private static string Written(Action<LineProtocol> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
