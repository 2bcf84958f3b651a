using Microsoft.Data.Sqlite;

namespace Grid.Faults;

/// <summary>The files of a journal as a crash would leave them.</summary>
internal static class JournalImage
{
    private const int WalHeaderBytes = 32;
    private const int PageBytes = 16_384;
    private const int FrameBytes = 24 + PageBytes;

    /// <summary>Copies a data directory whose journal is open, without closing it first.</summary>
    public static string Copy(string data, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(data).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal))) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        return to;
    }

    public static string Wal(string data) => Path.Combine(data, "journal.db-wal");

    /// <summary>Where the valid frames of the write-ahead log end: behind the last whole commit.</summary>
    public static long EndOfLog(string data)
    {
        var wal = File.ReadAllBytes(Wal(data));
        long end = WalHeaderBytes;
        for (var at = WalHeaderBytes; at + FrameBytes <= wal.Length; at += FrameBytes)
        {
            if (!wal.AsSpan(at + 8, 8).SequenceEqual(wal.AsSpan(16, 8))) break; // another salt: a frame of before the last checkpoint
            if (System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(wal.AsSpan(at + 4)) != 0) end = at + FrameBytes; // ends a commit
        }

        return end;
    }

    /// <summary>Everything into the database file, as after a clean stop.</summary>
    public static void Checkpoint(string data)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(data, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }

    /// <summary>The bodies of the groups, as they lie in the file.</summary>
    public static IReadOnlyList<(long Number, long Items, byte[] Body)> Groups(string data)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(data, "journal.db")};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT number, items, body FROM groups ORDER BY number";
        using var rows = select.ExecuteReader();
        List<(long, long, byte[])> groups = [];
        while (rows.Read()) groups.Add((rows.GetInt64(0), rows.GetInt64(1), rows.GetFieldValue<byte[]>(2)));
        return groups;
    }
}
