namespace Grid.Domain;

/// <summary>Why something was refused. A closed list: the wire, the metrics and the operators' API use <see cref="ReasonCodes.Code"/>.</summary>
public enum Reason
{
    /// <summary>Not one well-formed JSON document of the contract's shape.</summary>
    Malformed = 1,

    /// <summary>Over 64 KiB.</summary>
    TooLarge = 2,

    /// <summary>Nested deeper than 8.</summary>
    TooDeep = 3,

    /// <summary>A member stands twice in one object.</summary>
    DuplicateMember = 4,
    MissingMember = 5,

    /// <summary>A member of the wrong type, out of range, or no UTC instant.</summary>
    BadValue = 6,

    /// <summary>Over 500 readings in a message.</summary>
    TooManyReadings = 7,

    /// <summary>A topic that the contract does not have, or a payload format that this release does not read.</summary>
    UnsupportedTopic = 8,
    UnknownMeter = 9,

    /// <summary>The meter belongs to another gateway.</summary>
    ForeignMeter = 10,

    /// <summary>The meter did not hang there at that instant.</summary>
    NotInstalled = 11,
    FromTheFuture = 12,
    TooOld = 13,

    /// <summary>Same meter and instant, other registers. The first is kept.</summary>
    Conflict = 14,

    /// <summary>The register stands below an earlier one, or above a later one, without an event that explains it.</summary>
    FallingRegister = 15,

    /// <summary>The reading store will never take it.</summary>
    RefusedByStore = 16,

    /// <summary>The telegram's own checksum does not hold.</summary>
    BadChecksum = 17,

    /// <summary>A meter's frame without a valid name or index.</summary>
    NoIndex = 18,

    /// <summary>The register rose by more than the meter's greatest power allows in that time.</summary>
    ImplausibleRise = 19,
}

public static class ReasonCodes
{
    private static readonly (Reason Reason, string Code)[] All =
    [
        (Reason.Malformed, "malformed"),
        (Reason.TooLarge, "too-large"),
        (Reason.TooDeep, "too-deep"),
        (Reason.DuplicateMember, "duplicate-member"),
        (Reason.MissingMember, "missing-member"),
        (Reason.BadValue, "bad-value"),
        (Reason.TooManyReadings, "too-many-readings"),
        (Reason.UnsupportedTopic, "unsupported-topic"),
        (Reason.UnknownMeter, "unknown-meter"),
        (Reason.ForeignMeter, "foreign-meter"),
        (Reason.NotInstalled, "not-installed"),
        (Reason.FromTheFuture, "from-the-future"),
        (Reason.TooOld, "too-old"),
        (Reason.Conflict, "conflict"),
        (Reason.FallingRegister, "falling-register"),
        (Reason.RefusedByStore, "refused-by-store"),
        (Reason.BadChecksum, "bad-checksum"),
        (Reason.NoIndex, "no-index"),
        (Reason.ImplausibleRise, "implausible-rise"),
    ];

    public static IEnumerable<string> Codes => All.Select(r => r.Code);

    public static string Code(this Reason reason) => All[(int)reason - 1].Code;

    public static Reason? Parse(string? code) =>
        All.Where(r => string.Equals(r.Code, code, StringComparison.Ordinal)).Select(r => (Reason?)r.Reason).FirstOrDefault();
}
