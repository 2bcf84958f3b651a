using System.Globalization;

using Grid.Domain;

namespace Grid.Wire;

/// <summary>The status register of a Linky in standard mode, STGE: 32 bits, written as eight hex digits, bit 0 the lowest
/// (meter-formats, "STGE bits").</summary>
public readonly record struct TicStatus(uint Bits)
{
    public bool DryContactOpen => Bit(0);

    /// <summary>0 closed; 1 to 7 open, and why.</summary>
    public int Breaker => Field(1, 3);

    public bool CoverOpen => Bit(4);

    public bool Overvoltage => Bit(6);

    public bool OverReferencePower => Bit(7);

    public bool Producer => Bit(8);

    public bool NegativeActiveEnergy => Bit(9);

    /// <summary>The supplier's index that counts now: 1 is EASF01.</summary>
    public int SupplierIndex => Field(10, 4) + 1;

    /// <summary>The distributor's index that counts now: 1 is EASD01.</summary>
    public int DistributorIndex => Field(14, 2) + 1;

    public bool ClockDegraded => Bit(16);

    public bool StandardMode => Bit(17);

    public int Euridis => Field(19, 2);

    public int PowerLineState => Field(21, 2);

    public bool PowerLineSynchronised => Bit(23);

    /// <summary>Null without the offer Tempo, or before the colour is announced.</summary>
    public TempoColour? Today => Colour(24);

    public TempoColour? Tomorrow => Colour(26);

    public int MobilePeakNotice => Field(28, 2);

    public int MobilePeak => Field(30, 2);

    public static bool TryParse(string? text, out TicStatus status)
    {
        var good = uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) && text!.Length == 8;
        status = new(good ? bits : 0);
        return good;
    }

    public override string ToString() => Bits.ToString("X8", CultureInfo.InvariantCulture);

    private TempoColour? Colour(int from) => Field(from, 2) is not 0 and var colour ? (TempoColour)colour : null;

    private bool Bit(int from) => Field(from, 1) == 1;

    private int Field(int from, int width) => (int)((Bits >> from) & ((1u << width) - 1));
}
