using System.Globalization;
using CsCheck;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Tic;

public class TicReadingsTests
{
    private static readonly Gen<long> Index = Gen.Long[0, 99_999_999];
    private static readonly Gen<MeterName> Meter = Gen.Long[0, 999_999_999_999].Select(n => MeterName.Parse(n.ToString("000000000000", CultureInfo.InvariantCulture)));
    private static readonly string[][] Offers = [["hc", "hp"], ["ejp-hn", "ejp-pm"], ["hc-blue", "hp-blue", "hc-white", "hp-white", "hc-red", "hp-red"]];

    [Fact]
    public void Our_frames_say_what_they_say()
    {
        Frames.Decode(Frames.Tempo).Readings.Should().Equal(Frames.TempoReading);
        Frames.Decode(Frames.Base).Readings.Should().Equal(Frames.BaseReading);
        Frames.Decode(Frames.Producer).Readings.Should().Equal(Frames.ProducerReading);
    }

    [Fact]
    public void Each_frame_of_a_payload_is_a_reading()
    {
        var decoded = Frames.Decode([.. "x\0"u8, .. Frames.Tempo, .. Frames.Base, .. Frames.Producer, .. Frames.Base[..40]]);

        decoded.Readings.Should().Equal(Frames.TempoReading, Frames.BaseReading, Frames.ProducerReading);
        decoded.DroppedGroups.Should().Be(2, "what came before the first frame and the frame that was cut are counted");
    }

    [Fact]
    public void A_port_opened_with_eight_bits_reads_the_same() =>
        Frames.Decode([.. Frames.Producer.Select(b => (byte)(int.IsOddInteger(System.Numerics.BitOperations.PopCount(b)) ? b | 0x80 : b))]).Readings
            .Should().Equal(Frames.ProducerReading);

    [Fact]
    public void A_frame_that_is_aborted_is_dropped_and_the_next_one_read()
    {
        var decoded = Frames.Decode([.. Frames.Tempo[..100], 0x04, .. Frames.Tempo[100..], .. Frames.Base]);

        decoded.Readings.Should().Equal(Frames.BaseReading);
        decoded.DroppedGroups.Should().Be(1);
    }

    [Fact]
    public void A_frame_without_an_end_does_not_grow_for_ever()
    {
        var decoded = Frames.Decode([0x02, .. Enumerable.Repeat((byte)'x', 60_000), 0x03, .. Frames.Base]);

        decoded.Readings.Should().Equal(Frames.BaseReading);
        decoded.DroppedGroups.Should().Be(1);
    }

    [Fact]
    public void A_frame_without_a_clock_was_read_when_the_envelope_says_or_when_it_came()
    {
        var at = Instant.FromUnixTimeMilliseconds(1_700_000_000_123);

        TicReadings.Decode(Frames.Base, new(null, null, at), Frames.Now).Readings[0].At.Should().Be(at);
        TicReadings.Decode(Frames.Base, default, at + Duration.FromNanoseconds(999_999)).Readings[0].At.Should().Be(at);
        TicReadings.Decode(Frames.Producer, new(null, null, at), Frames.Now).Readings[0].At.Should().Be(Frames.ProducerReading.At);
    }

    [Theory]
    [InlineData("BBRHPJW", Reason.NoIndex)]
    [InlineData("BBRHCJB", Reason.NoIndex)]
    [InlineData("ADCO", Reason.NoIndex)]
    [InlineData("OPTARIF", null)]
    [InlineData("PAPP", null)]
    public void A_frame_without_its_name_or_one_of_its_registers_is_no_reading(string broken, Reason? reason)
    {
        byte[] frame = [.. Frames.Tempo];
        frame[frame.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes($"\n{broken} ")) + broken.Length + 2]++;

        var decoded = Frames.Decode([.. Frames.Base, .. frame]);

        decoded.DroppedGroups.Should().Be(1);
        decoded.Readings.Should().Equal(reason is null ? [Frames.BaseReading, Frames.TempoReading] : [Frames.BaseReading]);
        if (reason is null) return;
        var faulty = decoded.Faulty.Should().ContainSingle().Subject;
        (faulty.Index, faulty.Fault.Reason, faulty.From, faulty.Length).Should().Be((1, reason.Value, Frames.Base.Length, frame.Length));
        faulty.Meter.Should().Be(broken is "ADCO" ? null : Frames.TempoReading.Meter);
    }

    [Fact]
    public void The_offer_that_a_frame_names_is_the_one_that_is_read() =>
        FaultOf(TicMode.Historique, new("ADCO", "020000000001"), new("OPTARIF", "BASE"), new("HCHC", "000000001"), new("HCHP", "000000002")).Should().Be(Reason.NoIndex);

    [Fact]
    public void Two_offers_at_once_and_none_named_is_no_index() =>
        FaultOf(TicMode.Historique, new("ADCO", "020000000001"), new("BASE", "000000009"), new("HCHC", "000000001"), new("HCHP", "000000002")).Should().Be(Reason.NoIndex);

    [Fact]
    public void A_short_frame_of_a_three_phase_meter_has_no_index() =>
        FaultOf(TicMode.Historique, new("ADIR1", "031"), new("ADCO", "020000000001"), new("IINST1", "031"), new("IINST2", "001"), new("IINST3", "001")).Should().Be(Reason.NoIndex);

    [Fact]
    public void A_standard_frame_needs_its_index() =>
        FaultOf(TicMode.Standard, new("ADSC", "020000000001"), new("DATE", "", "H261124125958")).Should().Be(Reason.NoIndex);

    [Fact]
    public void A_standard_frame_needs_its_date() =>
        FaultOf(TicMode.Standard, new("ADSC", "020000000001"), new("EAST", "000000001")).Should().Be(Reason.MissingMember);

    [Fact]
    public void A_degraded_clock_is_taken_as_it_is() =>
        Frames.Decode(TicWriter.Frame(TicMode.Standard, new("ADSC", "020000000001"), new("DATE", "", "h261124125958"), new("EAST", "000000001"))).Readings
            .Should().ContainSingle().Which.At.Should().Be(Instant.FromUtc(2026, 11, 24, 11, 59, 58));

    [Fact]
    public void Tariffs_are_whole_or_not_there()
    {
        byte[] frame = [.. Frames.Producer];
        frame[frame.AsSpan().IndexOf("EASF07"u8) + 8]++;

        Frames.Decode(frame).Readings.Should().Equal(Frames.ProducerReading with { Registers = new(12_345_678, 4_321) });
    }

    [Fact]
    public void Five_hundred_frames_are_read_and_one_more_is_too_many()
    {
        var shortest = TicReadings.Encode(Frames.BaseReading, TicMode.Historique);
        byte[] Payload(int count) => [.. Enumerable.Repeat(shortest, count).SelectMany(f => f)];

        Frames.Decode(Payload(500)).Readings.Should().HaveCount(500);
        Frames.Decode(Payload(501)).Fault!.Reason.Should().Be(Reason.TooManyReadings);
    }

    [Fact]
    public void What_is_written_in_historique_mode_is_read_the_same() => Gen.Select(Meter, Gen.Int[-1, 2], Index.Array[6]).Sample((meter, offer, whs) =>
    {
        var tariffs = offer < 0 ? null : new TariffRegisters(Offers[offer].Select((name, i) => (name, whs[i])));
        var reading = new Reading(meter, Frames.Now, new(tariffs?.ByName.Sum(r => r.Wh) ?? whs[0], null, tariffs));

        Frames.Decode(TicReadings.Encode(reading, TicMode.Historique)).Readings.Should().Equal(reading);
    });

    [Fact]
    public void What_is_written_in_standard_mode_is_read_the_same() =>
        Gen.Select(Meter, Gen.Long[946_684_800, 4_102_000_000], Index, Index.Nullable(), Gen.Long[1, 9_999_999].Array[0, 10], Gen.Int[0, 999].Nullable()).Sample((meter, at, import, export, whs, volts) =>
        {
            var tariffs = whs.Length == 0 ? null : new TariffRegisters(whs.Select((wh, i) => ($"easf{i + 1:00}", wh)));
            var reading = new Reading(meter, Instant.FromUnixTimeSeconds(at), new(import, export, tariffs), null, volts);

            Frames.Decode(TicReadings.Encode(reading, TicMode.Standard)).Readings.Should().Equal(reading);
        });

    [Fact]
    public void What_a_frame_cannot_say_is_not_written()
    {
        Reading[] historique = [Frames.ProducerReading, Frames.BaseReading with { PowerW = 1 }, Frames.BaseReading with { Registers = new(1_000_000_000) }, Frames.BaseReading with { Meter = MeterName.Parse("m-1") }];
        Reading[] standard = [Frames.TempoReading, Frames.ProducerReading with { VoltageV = 230.5 }, Frames.ProducerReading with { At = Instant.FromUnixTimeMilliseconds(1_700_000_000_123) }];

        foreach (var (reading, mode) in historique.Select(r => (r, TicMode.Historique)).Concat(standard.Select(r => (r, TicMode.Standard))))
            FluentActions.Invoking(() => TicReadings.Encode(reading, mode)).Should().Throw<ArgumentException>();
    }

    private static Reason FaultOf(TicMode mode, params IReadOnlyList<TicGroup> groups)
    {
        var decoded = Frames.Decode(TicWriter.Frame(mode, groups));

        decoded.Readings.Should().BeEmpty();
        return decoded.Faulty.Should().ContainSingle().Subject.Fault.Reason;
    }
}
