using System.Buffers;
using System.Text;
using CsCheck;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Senml;

public class SenmlReadingsTests
{
    private const string Good = """{"n":"m/import","u":"Wh","v":5}""";
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 12, 0);

    [Fact]
    public void A_pack_of_two_instants_is_two_readings()
    {
        var decoded = Decode(
            """
            [ {"bn":"issy-0042/","bt":1795525200,"bu":"Wh","n":"import","v":10234567},
              {"n":"export","v":0}, {"n":"tariff/hc","u":"kWh","v":4100.2}, {"n":"tariff/hp","u":"J","v":2.20837212e10},
              {"n":"power","u":"kW","v":-1.48}, {"n":"voltage","u":"V","v":231.4},
              {"n":"import","t":1800.5,"v":10234600} ]
            """);

        (decoded.Fault, decoded.Faulty.Count, decoded.Epoch, decoded.Seq, decoded.UnknownMembers).Should().Be((null, 0, 3L, 14L, 0));
        var meter = MeterName.Parse("issy-0042");
        decoded.Readings.Should().Equal(
            new Reading(meter, Instant.FromUtc(2026, 11, 24, 13, 0), new(10234567, 0, new([("hp", 6134367), ("hc", 4100200)])), -1480, 231.4),
            new Reading(meter, Instant.FromUtc(2026, 11, 24, 13, 30) + Duration.FromMilliseconds(500), new(10234600)));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData(""","t":0""", 0)]
    [InlineData(""","t":-3600""", -3_600_000)]
    [InlineData(""","t":1.5""", 1_500)]
    [InlineData(""","bt":10,"t":-0.001""", 9_999)]
    [InlineData(""","t":268435455""", 268_435_455_000)]
    public void A_small_time_is_relative_to_when_it_was_read(string time, long ms)
    {
        var json = $$"""[{"n":"m/import","u":"Wh","v":5{{time}}}]""";
        var at = Now - Duration.FromHours(3);

        Decode(json).Readings.Should().ContainSingle().Which.At.Should().Be(Now + Duration.FromMilliseconds(ms));
        SenmlReadings.Decode(Encoding.UTF8.GetBytes(json), new(null, null, at), Now).Readings[0].At.Should().Be(at + Duration.FromMilliseconds(ms));
    }

    [Theory]
    [InlineData("268435456", 268_435_456_000)]
    [InlineData("1.795525200123e9", 1_795_525_200_123)]
    public void A_large_time_is_absolute(string time, long ms) =>
        Decode($$"""[{"n":"m/import","u":"Wh","v":5,"t":{{time}}}]""").Readings.Should().ContainSingle().Which.At.ToUnixTimeMilliseconds().Should().Be(ms);

    [Theory]
    [InlineData("", Reason.Malformed)]
    [InlineData("{}", Reason.Malformed)]
    [InlineData("[", Reason.Malformed)]
    [InlineData("[7]", Reason.Malformed)]
    [InlineData("[{}]x", Reason.Malformed)]
    [InlineData("[{}][{}]", Reason.Malformed)]
    [InlineData("\uFEFF[]", Reason.Malformed)]
    [InlineData("[{},]", Reason.Malformed)]
    [InlineData("""[{"\ud800":1}]""", Reason.Malformed)]
    [InlineData("[[[[[[[[[[", Reason.TooDeep)]
    [InlineData("""[{"x":[[[[[[[1]]]]]]]}]""", Reason.TooDeep)]
    [InlineData("""[{"n":"m/import","n":"m/import"}]""", Reason.DuplicateMember)]
    [InlineData("""[{"x":1,"x":1}]""", Reason.DuplicateMember)]
    [InlineData("""[{"bn":7}]""", Reason.BadValue)]
    [InlineData("""[{"bt":"now"}]""", Reason.BadValue)]
    [InlineData("""[{"bt":1e999}]""", Reason.BadValue)]
    [InlineData("""[{"bv":null}]""", Reason.BadValue)]
    [InlineData("""[{"x_":1}]""", Reason.UnsupportedTopic)]
    [InlineData("""[{"bver":11}]""", Reason.UnsupportedTopic)]
    public void A_fault_that_every_record_leans_on_refuses_the_message(string json, Reason reason)
    {
        var decoded = Decode(json);

        (decoded.Fault?.Reason, decoded.Readings.Count, decoded.Faulty.Count, decoded.Seq).Should().Be((reason, 0, 0, 14L));
    }

    [Theory]
    [InlineData("""{"n":"x/export","u":"Wh","v":5}""", Reason.MissingMember)]
    [InlineData("""{"n":"x/import","u":"Wh"}""", Reason.MissingMember)]
    [InlineData("""{"n":"x/import","v":5}""", Reason.MissingMember)]
    [InlineData("""{"u":"Wh","v":5}""", Reason.MissingMember)]
    [InlineData("""{"n":"x/import","u":"Wh","vs":"5"}""", Reason.MissingMember)]
    [InlineData("""{"n":"x/import","u":"W","v":5}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":5.5}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":-1}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":"5"}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":{"a":[1]}}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":7,"v":5}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":1e999}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":1e-999}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":1.0000000000000000000000000000000001}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":1000000000000001}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"kWh","v":0.0005}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"J","v":3601}""", Reason.BadValue)]
    [InlineData("""{"n":"x/voltage","u":"kV","v":1}""", Reason.BadValue)]
    [InlineData("""{"n":"x/power","u":"W","v":1e12}""", Reason.BadValue)]
    [InlineData("""{"n":"x/tariff/","u":"Wh","v":1}""", Reason.BadValue)]
    [InlineData("""{"n":"x/tariff/a b","u":"Wh","v":1}""", Reason.BadValue)]
    [InlineData("""{"n":"a b/import","u":"Wh","v":5}""", Reason.BadValue)]
    [InlineData("""{"n":"x:import","u":"Wh","v":5}""", Reason.BadValue)]
    [InlineData("""{"n":"/import","u":"Wh","v":5}""", Reason.BadValue)]
    [InlineData("""{"n":"\ud800/import","u":"Wh","v":5}""", Reason.BadValue)]
    [InlineData("""{"n":7,"u":"Wh","v":5}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":5,"t":0.0001}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":5,"t":1e18}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":5,"t":-1e18}""", Reason.BadValue)]
    [InlineData("""{"n":"x/import","u":"Wh","v":5,"t":"0"}""", Reason.BadValue)]
    public void A_fault_of_one_reading_leaves_its_neighbours_whole(string record, Reason reason)
    {
        var json = $$"""[{{Good}},{{record}},{"n":"z/import","u":"Wh","v":6}]""";

        var decoded = Decode(json);

        decoded.Readings.Select(r => (r.Meter.Value, r.Registers.ImportWh)).Should().Equal(("m", 5), ("z", 6));
        var faulty = decoded.Faulty.Should().ContainSingle().Subject;
        (faulty.Index, faulty.Fault.Reason).Should().Be((1, reason));
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(json).AsSpan(faulty.From, faulty.Length)).Should().Be(record);
    }

    [Fact]
    public void A_register_that_stands_twice_at_one_instant_is_no_register()
    {
        var decoded = Decode($$"""[{{Good}},{{Good}},{"n":"m/power","u":"W","v":1}]""");

        decoded.Readings.Should().BeEmpty();
        decoded.Faulty.Should().ContainSingle().Which.Fault.Reason.Should().Be(Reason.DuplicateMember);
    }

    [Fact]
    public void Names_and_fields_that_are_not_ours_are_counted_and_left_alone()
    {
        var decoded = Decode("""[{"bn":"m/","bver":10,"x":{"a":[1]},"n":"import","u":"Wh","v":5},{"n":"temperature","u":"Cel","v":20},{"n":"door","vb":true},{"n":"power","u":"W","v":1,"s":7,"ut":9}]""");

        decoded.Readings.Should().Equal(new Reading(MeterName.Parse("m"), Now, new(5), 1));
        decoded.UnknownMembers.Should().Be(3);
    }

    [Fact]
    public void A_base_value_is_added_exactly() =>
        Decode("""[{"bn":"m/","bu":"kWh","bv":1000.001,"n":"import","v":0.999},{"n":"export","v":-1000}]""").Readings
            .Should().Equal(new Reading(MeterName.Parse("m"), Now, new(1_001_000, 1)));

    [Fact]
    public void Five_hundred_readings_are_read_and_one_more_is_too_many()
    {
        string Pack(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"n":"m-{{i}}/import","u":"Wh","v":5}"""))}]";

        Decode(Pack(500)).Readings.Should().HaveCount(500);
        Decode(Pack(501)).Fault!.Reason.Should().Be(Reason.TooManyReadings);
        Decode($"[{string.Join(',', Enumerable.Repeat("""{"v":1}""", 501))}]").Fault!.Reason.Should().Be(Reason.TooManyReadings);
    }

    [Fact]
    public void Seventeen_tariffs_are_too_many()
    {
        string Pack(int count) => $"[{Good},{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"n":"m/tariff/{{i}}","u":"Wh","v":5}"""))}]";

        Decode(Pack(16)).Readings.Should().ContainSingle();
        Decode(Pack(17)).Faulty.Should().ContainSingle().Which.Fault.Reason.Should().Be(Reason.BadValue);
    }

    [Theory]
    [InlineData(SenmlFormat.Json)]
    [InlineData(SenmlFormat.Cbor)]
    public void What_is_encoded_is_decoded_the_same(SenmlFormat format)
    {
        var real = Gen.Int[-1_000_000_000, 1_000_000_000].Select(n => n / 1000.0).Nullable();
        var reading = Gen.Select(
            Gen.Int[0, 9].Select(i => MeterName.Parse($"m_{i}")), Gen.Long[268_435_456_000, 4_102_444_800_000].Select(Instant.FromUnixTimeMilliseconds), Readings.Registers, real, real,
            (meter, at, registers, power, voltage) => new Reading(meter, at, registers, power, Math.Abs(voltage ?? 0)));
        reading.Array[0, 20].Sample(readings =>
        {
            readings = [.. readings.DistinctBy(r => (r.Meter, r.At))];
            var bytes = new ArrayBufferWriter<byte>();
            SenmlReadings.Encode(readings, format, bytes);

            var decoded = SenmlReadings.Decode(bytes.WrittenSpan, new(3, 14, null), Now);

            (decoded.Fault, decoded.Faulty.Count, decoded.Epoch, decoded.Seq).Should().Be((null, 0, 3L, 14L));
            decoded.Readings.Should().Equal(readings);
        });
    }

    [Fact]
    public void A_reading_before_1978_cannot_be_said() =>
        FluentActions.Invoking(() => SenmlReadings.Encode([new(MeterName.Parse("m"), Instant.FromUnixTimeSeconds(1), new(1))], SenmlFormat.Json, new ArrayBufferWriter<byte>()))
            .Should().Throw<ArgumentException>();

    private static DecodedReadings Decode(string json) => SenmlReadings.Decode(Encoding.UTF8.GetBytes(json), new(3, 14, null), Now);
}
