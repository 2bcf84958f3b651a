using CsCheck;
using Grid.Domain;

namespace Grid.UnitTests;

/// <summary>Readings for property tests.</summary>
internal static class Readings
{
    public static readonly Gen<Instant> At = Gen.Long[0, 4_102_444_800_000].Select(Instant.FromUnixTimeMilliseconds);

    public static readonly Gen<Registers> Registers = Gen.Select(
        Gen.Long[0, Grid.Domain.Registers.MaxWh],
        Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, Grid.Domain.Registers.MaxWh].Select(wh => (long?)wh)),
        Gen.OneOf(Gen.Const((TariffRegisters?)null), Gen.Long[0, Grid.Domain.Registers.MaxWh].Array[1, 4].Select(whs =>
            (TariffRegisters?)new TariffRegisters(whs.Select((wh, i) => ($"t-{i}", wh))))),
        (import, export, tariffs) => new Registers(import, export, tariffs));

    public static readonly Gen<Reading> Any = Gen.Select(
        Gen.Int[0, 9].Select(i => MeterName.Parse($"m_{i}")),
        At,
        Registers,
        Gen.OneOf(Gen.Const((double?)null), Gen.Double[-1e6, 1e6].Select(w => (double?)w)),
        Gen.OneOf(Gen.Const((double?)null), Gen.Double[0, 400].Select(v => (double?)v)),
        (meter, at, registers, power, voltage) => new Reading(meter, at, registers, power, voltage));
}
