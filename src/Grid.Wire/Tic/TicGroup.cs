using System.Text;

namespace Grid.Wire;

/// <summary>The two forms of the Linky TIC.</summary>
public enum TicMode
{
    /// <summary>1,200 baud, groups parted by spaces; it has no clock.</summary>
    Historique = 1,

    /// <summary>9,600 baud, groups parted by tabs.</summary>
    Standard = 2,
}

/// <summary>One group of a TIC frame, as it stood there: nothing is trimmed, spaces are data.</summary>
/// <param name="Horodate">13 characters where the label has one, otherwise null. See <see cref="TicHorodate"/>.</param>
public sealed record TicGroup(string Label, string Value, string? Horodate = null)
{
    private const byte Tab = 0x09;
    private const byte Space = 0x20;

    /// <summary>The sum of the bytes in six bits, moved into printable ASCII. It may be a space itself.</summary>
    public static byte Checksum(ReadOnlySpan<byte> summed)
    {
        var sum = 0;
        foreach (var b in summed) sum += b;
        return (byte)((sum & 0x3F) + 0x20);
    }

    /// <summary>Reads what stands between LF and CR: null unless checksum and form both hold.</summary>
    internal static (TicGroup Group, TicMode Mode)? Read(ReadOnlySpan<byte> text)
    {
        if (text.Length < 4) return null;
        foreach (var b in text)
            if (b is (< 0x20 or > 0x7E) and not Tab) return null;
        var mode = text[^2] switch { Tab => TicMode.Standard, Space => TicMode.Historique, _ => (TicMode?)null };
        // The last separator is summed in standard mode and not in historique.
        var group = mode is null || text[^1] != Checksum(mode == TicMode.Standard ? text[..^1] : text[..^2]) ? null
            : mode == TicMode.Standard ? Tabbed(Encoding.ASCII.GetString(text[..^2]).Split('\t'))
            : Spaced(Encoding.ASCII.GetString(text[..^2]));
        return group is null ? null : (group, mode!.Value);
    }

    /// <summary>From LF to CR, with its checksum.</summary>
    public byte[] ToBytes(TicMode mode)
    {
        var part = mode == TicMode.Standard ? '\t' : ' ';
        var text = Encoding.ASCII.GetBytes(Horodate is null ? $"{Label}{part}{Value}{part}" : $"{Label}{part}{Horodate}{part}{Value}{part}");
        return [(byte)'\n', .. text, Checksum(mode == TicMode.Standard ? text : text.AsSpan(..^1)), (byte)'\r'];
    }

    private static TicGroup? Tabbed(string[] fields) => fields switch
    {
        [var label, var value] => new(label, value),
        [var label, var horodate, var value] => new(label, value, horodate),
        _ => null,
    };

    private static TicGroup? Spaced(string text) =>
        text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at && !text.Contains('\t', StringComparison.Ordinal)
            ? new(text[..at], text[(at + 1)..])
            : null;
}
