using Grid.Domain;

namespace Grid.Wire;

/// <summary>One meter and instant while its records come in.</summary>
internal sealed class SenmlReading(MeterName? meter, Instant? at, int from)
{
    private const string TariffPrefix = "tariff/";

    private readonly Dictionary<string, long> _registers = new(StringComparer.Ordinal);
    private double? _powerW;
    private double? _voltageV;

    public MeterName? Meter => meter;

    public Instant? At => at;

    public int From => from;

    /// <summary>From the first byte of its first record to the last of its last; records of others may lie between.</summary>
    public int Length { get; private set; }

    public Fault? Fault { get; set; }

    public static bool Knows(string quantity) =>
        quantity is "import" or "export" or "power" or "voltage" || quantity.StartsWith(TariffPrefix, StringComparison.Ordinal);

    public void Cover(int end) => Length = end - from;

    public void Take(string quantity, string? unit, SenmlNumber value)
    {
        if (unit is null) throw new FaultException(Reason.MissingMember, "u");
        switch (quantity)
        {
            case "power":
                Once(ref _powerW, Real(unit switch { "W" => value.Value, "kW" => value.Value * 1000, _ => null }, -WireLimits.MaxPowerW, WireLimits.MaxPowerW));
                break;
            case "voltage":
                Once(ref _voltageV, Real(unit is "V" ? value.Value : null, 0, WireLimits.MaxVoltageV));
                break;
            default:
                if (quantity.StartsWith(TariffPrefix, StringComparison.Ordinal) && !Identifier.IsValid(quantity.AsSpan(TariffPrefix.Length)))
                    throw new FaultException(Reason.BadValue, "n");
                if (!_registers.TryAdd(quantity, WattHours(unit, value))) throw new FaultException(Reason.DuplicateMember, "n");
                break;
        }
    }

    public (Reading? Reading, Fault? Fault) Finish()
    {
        if (Fault is not null) return (null, Fault);
        if (!_registers.TryGetValue("import", out var import)) return (null, new(Reason.MissingMember, "import"));
        (string Name, long Wh)[] tariffs =
            [.. _registers.Where(r => r.Key.StartsWith(TariffPrefix, StringComparison.Ordinal)).Select(r => (r.Key[TariffPrefix.Length..], r.Value))];
        if (tariffs.Length > TariffRegisters.MaxCount) return (null, new(Reason.BadValue, "over 16 tariffs"));
        var registers = new Registers(import, _registers.TryGetValue("export", out var export) ? export : null, tariffs.Length > 0 ? new(tariffs) : null);
        return (new(meter!.Value, at!.Value, registers, _powerW, _voltageV), null);
    }

    private static long WattHours(string unit, SenmlNumber value)
    {
        var wh = unit switch
        {
            "Wh" => value.Value,
            "kWh" => value.Value * 1000,
            "J" => decimal.Remainder(value.Value, 3600) == 0 ? value.Value / 3600 : null,
            _ => (decimal?)null,
        };
        return value.Exact && wh is >= 0 and <= Registers.MaxWh && decimal.Truncate(wh.Value) == wh ? (long)wh : throw new FaultException(Reason.BadValue, "v");
    }

    private static double Real(decimal? value, double min, double max) =>
        value is { } number && (double)number is var real && real >= min && real <= max ? real : throw new FaultException(Reason.BadValue, "v");

    private static void Once(ref double? slot, double value) => slot = slot is null ? value : throw new FaultException(Reason.DuplicateMember, "n");
}
