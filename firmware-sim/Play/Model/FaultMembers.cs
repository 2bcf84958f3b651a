namespace Grid.FirmwareSim;

/// <summary>How each kind of fault is spelt, and which members it takes beside those that all faults have.</summary>
internal static class FaultMembers
{
    public static readonly IReadOnlyList<string> Common = ["kind", "share", "gateways", "fromHour", "toHour"];

    private static readonly (FaultKind Kind, string Name, string[] Members)[] All =
    [
        (FaultKind.Drop, "drop", ["probability"]),
        (FaultKind.Duplicate, "duplicate", ["probability", "times"]),
        (FaultKind.Resend, "resend", []),
        (FaultKind.Delay, "delay", ["probability", "seconds"]),
        (FaultKind.Reorder, "reorder", ["messages"]),
        (FaultKind.ClockSkew, "clock-skew", ["seconds"]),
        (FaultKind.ClockJump, "clock-jump", ["clock"]),
        (FaultKind.ClockStuck, "clock-stuck", []),
        (FaultKind.RegisterReset, "register-reset", ["notice"]),
        (FaultKind.Rollover, "rollover", ["modulusWh"]),
        (FaultKind.MeterSwap, "meter-swap", ["openingWh", "notice"]),
        (FaultKind.StuckRegister, "stuck-register", []),
        (FaultKind.ZeroGlitch, "zero-glitch", ["probability"]),
        (FaultKind.DecimalSlip, "decimal-slip", ["probability"]),
        (FaultKind.Outage, "outage", []),
        (FaultKind.ReconnectStorm, "reconnect-storm", []),
        (FaultKind.BadChecksum, "bad-checksum", ["probability"]),
        (FaultKind.CorruptPayload, "corrupt-payload", ["probability"]),
        (FaultKind.Rogue, "rogue", ["probability"]),
    ];

    public static IEnumerable<string> Names => All.Select(f => f.Name);

    public static FaultKind? Parse(string name) => All.Where(f => string.Equals(f.Name, name, StringComparison.Ordinal)).Select(f => (FaultKind?)f.Kind).FirstOrDefault();

    public static string NameOf(FaultKind kind) => All[(int)kind - 1].Name;

    public static IEnumerable<string> Of(FaultKind kind) => Common.Concat(All[(int)kind - 1].Members);
}
