using System.Text.Json;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Tic;

/// <summary>Frames of real meters that lie beside the checkout: they are others' work, and not copied into it.</summary>
public class TicSampleTests
{
    [Theory]
    [InlineData("enedis-historic-base-mono")]
    [InlineData("captured-historic-tempo-mono")]
    [InlineData("enedis-standard-hphc-mono")]
    public void A_sample_frame_is_read_group_by_group_as_its_description_says(string name)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Checkout.Neighbouring("data", "tic", $"{name}.expected.json")));
        var groups = expected.RootElement.GetProperty("frames")[0].GetProperty("values").EnumerateArray().Select(g => new TicGroup(
            g.GetProperty("label").GetString()!, g.GetProperty("value").GetString()!, g.TryGetProperty("horodate", out var horodate) ? horodate.GetString() : null)).ToList();
        var bytes = Sample(name);
        var framer = new TicFramer();

        bytes.Count(framer.Take).Should().Be(1);

        var frame = TicFrame.Parse(framer.Frame);
        frame.Groups.Should().Equal(groups);
        (frame.BadGroups, frame.UnknownGroups).Should().Be((0, 0));
        TicWriter.Frame(name.Contains("standard") ? TicMode.Standard : TicMode.Historique, frame.Groups).Should().Equal(bytes);
    }

    [Fact]
    public void The_lab_meter_in_BASE_reads_104_watt_hours() =>
        Read("enedis-historic-base-mono").Should().Be(new Reading(MeterName.Parse("812164417227"), Frames.Now, new(104)));

    [Fact]
    public void The_captured_Tempo_meter_reads_the_sum_of_its_six_registers() =>
        Read("captured-historic-tempo-mono").Should().Be(Frames.TempoReading with { Meter = MeterName.Parse("000000000042") });

    [Fact]
    public void The_lab_meter_in_standard_mode_has_its_own_clock_and_voltage() =>
        Read("enedis-standard-hphc-mono").Should().Be(new Reading(MeterName.Parse("031664001115"), Instant.FromUtc(2017, 9, 15, 8, 16, 1), new(0), null, 230));

    [Theory]
    [InlineData("enedis-historic-base-mono")]
    [InlineData("captured-historic-tempo-mono")]
    [InlineData("enedis-standard-hphc-mono")]
    public void No_flipped_bit_of_a_sample_makes_another_value(string name) => Damage.EveryBitFlipKeepsTheTruth(Sample(name));

    private static byte[] Sample(string name) => File.ReadAllBytes(Checkout.Neighbouring("data", "tic", $"{name}.bin"));

    private static Reading Read(string name)
    {
        var decoded = Frames.Decode(Sample(name));

        (decoded.Fault, decoded.Faulty.Count, decoded.DroppedGroups, decoded.UnknownMembers).Should().Be((null, 0, 0, 0));
        (decoded.Epoch, decoded.Seq).Should().Be((3L, 14L));
        return decoded.Readings.Should().ContainSingle().Subject;
    }
}
