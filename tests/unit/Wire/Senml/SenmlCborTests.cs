using System.Buffers;
using System.Formats.Cbor;
using CsCheck;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Senml;

public class SenmlCborTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 12, 0);

    public static TheoryData<string, long?> Numbers => new()
    {
        { "05", 5 }, // 5
        { "1B00038D7EA4C68000", 1_000_000_000_000_000 }, // the greatest register
        { "1B00038D7EA4C68001", null },
        { "1BFFFFFFFFFFFFFFFF", null },
        { "20", null }, // -1
        { "3BFFFFFFFFFFFFFFFF", null }, // -2^64
        { "F94500", 5 }, // half 5.0
        { "F97E00", null }, // half NaN
        { "F97C00", null }, // half infinity
        { "FA40A00000", 5 }, // single 5.0
        { "FA7F800000", null },
        { "FB4014000000000000", 5 }, // double 5.0
        { "FB4016000000000000", null }, // 5.5
        { "FB7FF0000000000000", null },
        { "FB7FF8000000000000", null },
        { "FB0000000000000001", null }, // the smallest double
        { "C48220193A98", 1500 }, // 15000 x 10^-1
        { "C482000A", 10 },
        { "C4820105", 50 },
        { "C48221193A99", null }, // 150.01
        { "C4821B7FFFFFFFFFFFFFFF01", null },
        { "C4813A", null },
        { "C44105", null }, // tag 4 on bytes
        { "C24105", null }, // bignum
        { "6135", null }, // "5"
        { "F5", null }, // true
        { "F6", null }, // null
        { "80", null },
        { "A0", null },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_is_a_register_if_it_is_whole_and_in_range(string hex, long? wh)
    {
        // Where the hand-written bytes are no whole item the message is at fault, otherwise the reading alone.
        byte[] payload = [0x81, 0xA3, 0x00, 0x68, .. "m/import"u8, 0x01, 0x62, .. "Wh"u8, 0x02, .. Convert.FromHexString(hex)];

        var decoded = Decode(payload);

        decoded.Readings.Select(r => r.Registers.ImportWh).Should().Equal(wh is null ? [] : [wh.Value]);
        if (wh is null) (decoded.Fault ?? decoded.Faulty[0].Fault).Reason.Should().Be(hex is "C4813A" ? Reason.Malformed : Reason.BadValue);
    }

    [Fact]
    public void A_double_stands_for_its_shortest_spelling() => Decode(Double(4100.2)).Readings[0].Registers.ImportWh.Should().Be(4_100_200);

    [Fact]
    public void A_shorter_float_stands_for_the_double_that_it_was_before()
    {
        Decode(Cbor.Import(w => w.WriteSingle(986_898.125f), "kWh")).Readings[0].Registers.ImportWh.Should().Be(986_898_125);
        Decode(Cbor.Import(w => w.WriteSingle(4100.2f), "kWh")).Faulty.Should().ContainSingle("24 bits do not hold this register, and nothing is guessed").Which.Fault.Reason.Should().Be(Reason.BadValue);
        Decode(Cbor.Import(w => w.WriteHalf((Half)0.1), "kWh")).Faulty.Should().ContainSingle().Which.Fault.Reason.Should().Be(Reason.BadValue);
    }

    [Fact]
    public void Lengths_may_be_indefinite_and_labels_may_be_text() => Decode(Cbor.Of(w =>
    {
        w.WriteStartArray(null);
        w.WriteStartMap(null);
        w.WriteTextString("n");
        w.WriteStartIndefiniteLengthTextString();
        w.WriteTextString("m/im");
        w.WriteTextString("port");
        w.WriteEndIndefiniteLengthTextString();
        w.WriteInt32(1);
        w.WriteTextString("Wh");
        w.WriteInt32(2);
        w.WriteInt32(5);
        w.WriteEndMap();
        w.WriteEndArray();
    })).Readings.Should().Equal(new Reading(MeterName.Parse("m"), Now, new(5)));

    [Theory]
    [InlineData("A0", Reason.Malformed)] // a map
    [InlineData("F6", Reason.Malformed)]
    [InlineData("FF", Reason.Malformed)]
    [InlineData("81", Reason.Malformed)]
    [InlineData("8101", Reason.Malformed)]
    [InlineData("8080", Reason.Malformed)] // two documents
    [InlineData("9BFFFFFFFFFFFFFFFF", Reason.Malformed)] // an array of 2^64 items
    [InlineData("9A7FFFFFFFA0", Reason.Malformed)]
    [InlineData("81BBFFFFFFFFFFFFFFFF", Reason.Malformed)]
    [InlineData("81A1007BFFFFFFFFFFFFFFFF", Reason.Malformed)] // a name of 2^64 bytes
    [InlineData("81A1007A7FFFFFFF6D", Reason.Malformed)]
    [InlineData("81A1F601", Reason.Malformed)] // null as a label
    [InlineData("81A11BFFFFFFFFFFFFFFFF01", Reason.Malformed)] // a label beyond all integers
    [InlineData("81BF00FF", Reason.Malformed)] // a label without a value
    [InlineData("81A20061610061", Reason.DuplicateMember)]
    [InlineData("81A200616161610061", Reason.Malformed)]
    [InlineData("81A20061616E6161", Reason.Malformed)]
    [InlineData("81A2006161616E6161", Reason.DuplicateMember)] // 0 and "n" are one field
    [InlineData("81A2186301186301", Reason.DuplicateMember)]
    [InlineData("81A162785F01", Reason.UnsupportedTopic)] // "x_"
    [InlineData("81A1200B", Reason.UnsupportedTopic)] // version 11
    [InlineData("81A12101", Reason.BadValue)] // a base name that is a number
    [InlineData("81A122F97E00", Reason.BadValue)] // base time NaN
    [InlineData("81818181818181818180", Reason.TooDeep)]
    [InlineData("81A1186381818181818180", Reason.TooDeep)]
    [InlineData("81A11863818181818180", null)]
    public void A_fault_of_the_message_refuses_the_message(string hex, Reason? reason) =>
        (Decode(Convert.FromHexString(hex)).Fault?.Reason).Should().Be(reason);

    [Fact]
    public void An_empty_pack_holds_nothing() => Decode([0x80]).Should().BeEquivalentTo(new DecodedReadings(null, null, [], null, []));

    [Fact]
    public void Ten_thousand_levels_cost_no_stack()
    {
        byte[] label = [0x81, 0xA1, 0x18, 0x63];

        Decode([.. label, .. Enumerable.Repeat((byte)0x9F, 60_000)]).Fault!.Reason.Should().Be(Reason.TooDeep);
        Decode([.. label, .. Enumerable.Repeat((byte)0xC1, 60_000)]).Fault!.Reason.Should().Be(Reason.Malformed);
        Decode([.. Enumerable.Repeat((byte)0x9F, 60_000)]).Fault!.Reason.Should().Be(Reason.TooDeep);
    }

    [Fact]
    public void A_declared_length_allocates_nothing()
    {
        byte[] payload = [0x81, 0xA1, 0x00, 0x7A, 0x7F, 0xFF, 0xFF, 0xFF, (byte)'m'];
        Decode(payload);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++) Decode(payload);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(100 * 20_000);
    }

    [Fact]
    public void A_pack_cut_anywhere_is_refused()
    {
        var whole = Whole();
        for (var length = 0; length < whole.Length; length++) Decode(whole[..length]).Fault!.Reason.Should().Be(Reason.Malformed);
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 200]).Sample((noise, at) =>
    {
        var mutated = Whole();
        noise.AsSpan(0, Math.Min(noise.Length, mutated.Length - Math.Min(at, mutated.Length))).CopyTo(mutated.AsSpan(Math.Min(at, mutated.Length)));
        byte[] json = [.. "[{\"n\":\"m/import\",\"u\":\"Wh\",\"v\":5},{\"n\":\""u8, .. noise, .. "\"}]"u8];

        foreach (var payload in (byte[][])[noise, mutated, [0x81, 0xA3, .. noise], json])
        {
            var decoded = Decode(payload);
            (decoded.Fault is null || decoded.Readings.Count + decoded.Faulty.Count == 0).Should().BeTrue();
            decoded.Faulty.Should().OnlyContain(f => f.From >= 0 && f.Length > 0 && f.From + f.Length <= payload.Length);
        }
    });

    private static byte[] Whole()
    {
        var bytes = new ArrayBufferWriter<byte>();
        SenmlReadings.Encode(
            [new(MeterName.Parse("m-1"), Now, new(1, 2, new([("hc", 1)])), 1.5, 230), new(MeterName.Parse("m-1"), Now + Duration.FromMilliseconds(1), new(2))], SenmlFormat.Cbor, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private static byte[] Double(double value) => Cbor.Import(w => w.WriteDouble(value), "kWh");

    private static DecodedReadings Decode(byte[] payload) => SenmlReadings.Decode(payload, default, Now);
}
