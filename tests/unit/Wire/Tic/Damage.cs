using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Tic;

internal static class Damage
{
    /// <summary>Every single-bit flip leaves the same reading, or one that lacks what was hit, or none; never another value.</summary>
    public static void EveryBitFlipKeepsTheTruth(byte[] frame)
    {
        var truth = Frames.Decode(frame).Readings.Should().ContainSingle().Subject;
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            var decoded = Frames.Decode(Flipped(frame, bit));

            decoded.Readings.Should().HaveCountLessThanOrEqualTo(1);
            foreach (var reading in decoded.Readings)
                (reading == truth || reading == Without(truth, reading)).Should().BeTrue($"bit {bit % 8} of byte {bit / 8} made {reading}");
            if (bit % 8 == 7) decoded.Readings.Should().Equal([truth], "the parity bit is stripped");
            if (decoded.Readings.Count == 0) (decoded.Fault ?? decoded.Faulty[0].Fault).Should().NotBeNull();
        }
    }

    public static byte[] Flipped(byte[] bytes, int bit)
    {
        byte[] damaged = [.. bytes];
        damaged[bit / 8] ^= (byte)(1 << (bit % 8));
        return damaged;
    }

    private static Reading Without(Reading truth, Reading reading) => truth with
    {
        Registers = new(
            truth.Registers.ImportWh,
            reading.Registers.ExportWh is null ? null : truth.Registers.ExportWh,
            reading.Registers.TariffWh is null ? null : truth.Registers.TariffWh),
        VoltageV = reading.VoltageV is null ? null : truth.VoltageV,
    };
}
