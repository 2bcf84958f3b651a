using System.Buffers;
using System.Text;
using CsCheck;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire;

public class JsonReadingsTests
{
    private const string Good = """{"meter":"issy-0042","at":"2026-11-24T13:20:00Z","importWh":10234567}""";

    [Fact]
    public void The_contracts_own_example_is_read_whole()
    {
        var decoded = Decode(
            """
            { "epoch": 7, "seq": 18231,
              "readings": [ { "meter": "issy-0042", "at": "2026-11-24T13:20:00Z",
                              "importWh": 10234567, "exportWh": 0, "tariffWh": { "hc": 4100200, "hp": 6134367 },
                              "powerW": 1480, "voltageV": 231.4 } ] }
            """);

        decoded.Fault.Should().BeNull();
        decoded.Epoch.Should().Be(7);
        decoded.Seq.Should().Be(18231);
        decoded.Readings.Should().Equal(new Reading(
            MeterName.Parse("issy-0042"), Instant.FromUtc(2026, 11, 24, 13, 20), new(10234567, 0, new([("hp", 6134367), ("hc", 4100200)])), 1480, 231.4));
    }

    [Theory]
    [InlineData("", Reason.Malformed)]
    [InlineData("[]", Reason.Malformed)]
    [InlineData("{", Reason.Malformed)]
    [InlineData("\uFEFF{}", Reason.Malformed)]
    [InlineData("""{"epoch":1,"seq":1,"readings":[]} {}""", Reason.Malformed)]
    [InlineData("""{"epoch":1,"seq":1,"readings":[]}x""", Reason.Malformed)]
    [InlineData("""{"epoch":1,"readings":[]}""", Reason.MissingMember)]
    [InlineData("""{"epoch":1,"seq":1}""", Reason.MissingMember)]
    [InlineData("""{"epoch":0,"seq":1,"readings":[]}""", Reason.BadValue)]
    [InlineData("""{"epoch":1,"seq":1.5,"readings":[]}""", Reason.BadValue)]
    [InlineData("""{"epoch":1,"seq":9223372036854775808,"readings":[]}""", Reason.BadValue)]
    [InlineData("""{"epoch":1,"seq":1,"readings":{}}""", Reason.BadValue)]
    [InlineData("""{"epoch":1,"seq":1,"seq":1,"readings":[]}""", Reason.DuplicateMember)]
    [InlineData("""{"epoch":1,"seq":1,"readings":[],"x":1,"x":2}""", Reason.DuplicateMember)]
    [InlineData("""{"epoch":1,"seq":1,"readings":[],"x":[[[[[[[[1]]]]]]]]}""", Reason.TooDeep)]
    [InlineData("""{"\ud800":1}""", Reason.Malformed)]
    [InlineData("""{"epoch":1,"seq":1,"readings":[{"imp\ud800":1}]}""", Reason.Malformed)]
    public void A_fault_of_the_message_refuses_the_message(string json, Reason reason)
    {
        var decoded = Decode(json);

        decoded.Readings.Should().BeEmpty();
        decoded.Fault!.Reason.Should().Be(reason);
    }

    [Theory]
    [InlineData("""7""", Reason.BadValue)]
    [InlineData("""{}""", Reason.MissingMember)]
    [InlineData("""{"meter":"a b","at":"2026-11-24T13:20:00Z","importWh":1}""", Reason.BadValue)]
    [InlineData("""{"meter":"\ud800","at":"2026-11-24T13:20:00Z","importWh":1}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00+01:00","importWh":1}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-02-30T13:20:00Z","importWh":1}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00.1234Z","importWh":1}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00Z","importWh":-1}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00Z","importWh":1e3}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00Z","importWh":"1"}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00Z","importWh":1,"powerW":1e999}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00Z","importWh":1,"tariffWh":{"a b":1}}""", Reason.BadValue)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00Z","importWh":1,"tariffWh":{"\ud800":1}}""", Reason.Malformed)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00Z","importWh":1,"importWh":1}""", Reason.DuplicateMember)]
    [InlineData("""{"meter":"m","at":"2026-11-24T13:20:00Z","importWh":1,"tariffWh":{"hc":1,"hc":1}}""", Reason.DuplicateMember)]
    public void A_fault_of_one_reading_leaves_its_neighbours_whole(string reading, Reason reason)
    {
        var json = $$"""{"epoch":1,"seq":1,"readings":[{{Good}},{{reading}},{{Good}}]}""";

        var decoded = Decode(json);

        decoded.Readings.Should().HaveCount(2);
        var faulty = decoded.Faulty.Should().ContainSingle().Subject;
        faulty.Index.Should().Be(1);
        faulty.Fault.Reason.Should().Be(reason);
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(json).AsSpan(faulty.From, faulty.Length)).Should().Be(reading);
    }

    [Fact]
    public void Members_that_the_contract_does_not_have_are_counted_and_left_alone()
    {
        var decoded = Decode($$"""{"epoch":1,"seq":1,"site":{"a":[1,{"b":2}]},"readings":[{"extra":null,{{Good[1..]}}]}""");

        decoded.Readings.Should().ContainSingle();
        decoded.UnknownMembers.Should().Be(2);
    }

    [Fact]
    public void Five_hundred_readings_are_read_and_one_more_is_too_many()
    {
        string Message(int count) => $$"""{"epoch":1,"seq":1,"readings":[{{string.Join(',', Enumerable.Repeat(Good, count))}}]}""";

        Decode(Message(500)).Readings.Should().HaveCount(500);
        Decode(Message(501)).Fault!.Reason.Should().Be(Reason.TooManyReadings);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_malformed() =>
        JsonReadings.Decode([0xC3, 0x28]).Fault!.Reason.Should().Be(Reason.Malformed);

    [Fact]
    public void What_is_encoded_is_decoded_the_same() =>
        Gen.Select(Gen.Long[1, long.MaxValue - 1], Gen.Long[1, long.MaxValue - 1], Readings.Any.Array[0, 20]).Sample((epoch, seq, readings) =>
        {
            var bytes = new ArrayBufferWriter<byte>();
            JsonReadings.Encode(new(epoch, seq, readings), bytes);

            var decoded = JsonReadings.Decode(bytes.WrittenSpan);

            decoded.Epoch.Should().Be(epoch);
            decoded.Seq.Should().Be(seq);
            decoded.Readings.Should().Equal(readings);
        });

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 200]).Sample((noise, at) =>
        {
            var bytes = Encoding.UTF8.GetBytes($$"""{"epoch":1,"seq":1,"readings":[{{Good}},{{Good}}]}""");
            noise.CopyTo(bytes.AsSpan(Math.Min(at, bytes.Length - noise.Length)));

            var decoded = JsonReadings.Decode(bytes);

            (decoded.Fault is null || decoded.Readings.Count == 0).Should().BeTrue();
        });

    [Theory]
    [InlineData("""{"epoch":3,"seq":9,"readings":7}""", 9L)]
    [InlineData("""{"epoch":3,"seq":9,"readings":[{"meter":"m-1"},,]}""", 9L)]
    [InlineData("""{"readings":[],"epoch":3,"seq":9}}""", 9L)]
    [InlineData("""{"epoch":3,"seq":9,"seq":10,"readings":[]}""", null)]
    [InlineData("""{"epoch":3,"seq":9x,"readings":[]}""", null)]
    [InlineData("""{"epoch":3,"readings":7,"seq":9}""", null)]
    public void A_message_that_is_refused_keeps_the_number_that_stood_before_the_fault(string json, long? seq)
    {
        var decoded = Decode(json);

        decoded.Fault.Should().NotBeNull();
        decoded.Seq.Should().Be(seq);
        decoded.Epoch.Should().Be(seq is null ? null : 3L);
    }

    private static DecodedReadings Decode(string json) => JsonReadings.Decode(Encoding.UTF8.GetBytes(json));
}
