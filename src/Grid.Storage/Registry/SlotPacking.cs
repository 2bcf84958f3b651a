using System.Collections.Immutable;
using Grid.Domain;

namespace Grid.Storage;

/// <summary>
/// A day's slots in a few hundred bytes: a version, the number of slots, then for each a byte (quality, which values follow)
/// and the values as 7-bit groups.
/// </summary>
internal static class SlotPacking
{
    private const byte Version = 1;
    private const byte HasImport = 0x40;
    private const byte HasExport = 0x80;

    public static byte[] Pack(ImmutableArray<SlotEnergy> slots)
    {
        using var bytes = new MemoryStream(slots.Length * 4);
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        writer.Write((byte)slots.Length);
        foreach (var slot in slots)
        {
            writer.Write((byte)((int)slot.Quality | (slot.ImportWh is null ? 0 : HasImport) | (slot.ExportWh is null ? 0 : HasExport)));
            if (slot.ImportWh is { } import) writer.Write7BitEncodedInt64(import);
            if (slot.ExportWh is { } export) writer.Write7BitEncodedInt64(export);
        }

        return bytes.ToArray();
    }

    public static ImmutableArray<SlotEnergy> Unpack(byte[] packed)
    {
        using var reader = new BinaryReader(new MemoryStream(packed));
        if (reader.ReadByte() is var version && version != Version) throw new InvalidDataException($"A household-day is packed in version {version}.");
        var slots = ImmutableArray.CreateBuilder<SlotEnergy>(reader.ReadByte());
        for (var i = 0; i < slots.Capacity; i++)
        {
            var head = reader.ReadByte();
            long? import = (head & HasImport) != 0 ? reader.Read7BitEncodedInt64() : null;
            long? export = (head & HasExport) != 0 ? reader.Read7BitEncodedInt64() : null;
            slots.Add(new(import, export, (Quality)(head & 0x3F)));
        }

        return slots.MoveToImmutable();
    }
}
