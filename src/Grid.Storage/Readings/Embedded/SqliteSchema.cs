using Microsoft.Data.Sqlite;

namespace Grid.Storage;

internal static class SqliteSchema
{
    /// <summary>Opens the file for writing and makes its tables if they are not there.</summary>
    public static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 4000;
            PRAGMA cache_size = -49152;
            CREATE TABLE IF NOT EXISTS meters (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
            CREATE TABLE IF NOT EXISTS readings (
                meter INTEGER NOT NULL REFERENCES meters(id),
                at INTEGER NOT NULL, -- milliseconds since 1970, UTC
                import_wh INTEGER NOT NULL,
                export_wh INTEGER,
                tariff_wh TEXT,
                power_w REAL,
                voltage_v REAL,
                PRIMARY KEY (meter, at)) STRICT, WITHOUT ROWID;
            """;
        command.ExecuteNonQuery();
        return connection;
    }
}
