using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>What may become of something sent. More than one where the contract leaves it to the order of arrival.</summary>
[Flags]
public enum Fate
{
    None = 0,

    /// <summary>Stored, or known already.</summary>
    Stored = 1 << 0,

    /// <summary>The broker refuses the message: it is nobody's business on that topic.</summary>
    NotAuthorized = 1 << 1,
    Conflict = 1 << 2,
    FallingRegister = 1 << 3,
    ImplausibleRise = 1 << 4,
    FromTheFuture = 1 << 5,
    TooOld = 1 << 6,
    NotInstalled = 1 << 7,
    ForeignMeter = 1 << 8,
    UnknownMeter = 1 << 9,
    Malformed = 1 << 10,
    BadValue = 1 << 11,
    BadChecksum = 1 << 12,
    UnsupportedTopic = 1 << 13,
}

public static class Fates
{
    /// <summary>A clock that is wrong by little writes over its own past: which of two comes first is the store's to say.</summary>
    internal const Fate WrongClock = Fate.Stored | Fate.Conflict | Fate.FallingRegister | Fate.ImplausibleRise | Fate.FromTheFuture | Fate.TooOld | Fate.NotInstalled;

    /// <summary>A register at fault whose readings also arrive out of order.</summary>
    internal const Fate WrongRegister = Fate.Stored | Fate.FallingRegister | Fate.ImplausibleRise;

    private static readonly (Fate Fate, string Code)[] All =
    [
        (Fate.Stored, "stored"),
        (Fate.NotAuthorized, "not-authorized"),
        (Fate.Conflict, Reason.Conflict.Code()),
        (Fate.FallingRegister, Reason.FallingRegister.Code()),
        (Fate.ImplausibleRise, Reason.ImplausibleRise.Code()),
        (Fate.FromTheFuture, Reason.FromTheFuture.Code()),
        (Fate.TooOld, Reason.TooOld.Code()),
        (Fate.NotInstalled, Reason.NotInstalled.Code()),
        (Fate.ForeignMeter, Reason.ForeignMeter.Code()),
        (Fate.UnknownMeter, Reason.UnknownMeter.Code()),
        (Fate.Malformed, Reason.Malformed.Code()),
        (Fate.BadValue, Reason.BadValue.Code()),
        (Fate.BadChecksum, Reason.BadChecksum.Code()),
        (Fate.UnsupportedTopic, Reason.UnsupportedTopic.Code()),
    ];

    /// <summary><c>stored|falling-register</c>.</summary>
    public static string Code(this Fate fates) => string.Join('|', All.Where(f => fates.HasFlag(f.Fate)).Select(f => f.Code));

    /// <exception cref="FormatException">A word that is none.</exception>
    public static Fate Parse(string text) => text.Split('|').Aggregate(Fate.None, (fates, word) => fates | One(word));

    /// <summary>None for a reason that no fault of ours leads to.</summary>
    public static Fate Of(string reason) => All.Where(f => string.Equals(f.Code, reason, StringComparison.Ordinal)).Select(f => f.Fate).FirstOrDefault();

    private static Fate One(string word) => Of(word) is var fate and not Fate.None ? fate : throw new FormatException($"'{word}' is no fate.");
}
