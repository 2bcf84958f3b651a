using System.IO.Hashing;
using Microsoft.Data.Sqlite;

namespace Grid.Ingest;

/// <summary>Copies of the journal for backups.</summary>
public static class JournalCopy
{
    /// <summary>Copies the journal as it stands at one moment, also while ingest writes to it.</summary>
    /// <param name="copy">Empty or not there.</param>
    public static void Make(string journal, string copy)
    {
        using var connection = Open(journal);
        using var vacuum = connection.CreateCommand();
        vacuum.CommandText = "VACUUM INTO $copy"; // one read transaction: it holds up no commit
        vacuum.Parameters.AddWithValue("$copy", copy);
        vacuum.ExecuteNonQuery();
    }

    public static JournalTotals Count(string file)
    {
        using var connection = Open(file);
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT items, body, 0 FROM groups UNION ALL SELECT items, body, 1 FROM damaged";
        using var rows = select.ExecuteReader();
        var (groups, items, setAside, checksum) = (0L, 0L, 0L, 0UL);
        while (rows.Read())
        {
            groups++;
            items += rows.GetInt64(0);
            setAside += rows.GetInt64(2) > 0 ? rows.GetInt64(0) : 0;
            checksum = unchecked(checksum + XxHash3.HashToUInt64(rows.GetFieldValue<byte[]>(1)));
        }

        return new(groups, items, setAside, checksum.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static SqliteConnection Open(string file)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 60 }.ToString());
        connection.Open();
        return connection;
    }
}

/// <summary>What a journal holds: acknowledged, and not settled.</summary>
/// <param name="SetAside">Of the items, those in groups that were set aside.</param>
/// <param name="Checksum">Of the groups' bytes, whatever their order.</param>
public sealed record JournalTotals(long Groups, long Items, long SetAside, string Checksum);
