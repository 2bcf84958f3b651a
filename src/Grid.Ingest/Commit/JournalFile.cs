using System.IO.Hashing;
using Microsoft.Data.Sqlite;

namespace Grid.Ingest;

/// <summary>
/// The journal's SQLite file: one row a commit group, with a running number that is never used again and a checksum.
/// WAL and <c>synchronous=FULL</c>: what a commit has answered for survives a power cut. Two connections, so that one thread may
/// read while another commits; all but <see cref="Read"/> and <see cref="SetAside"/> is the committing thread's.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;

    public JournalFile(string file)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 60 }.ToString();
        _writer = new(connectionString);
        _writer.Open();
        Run(
            _writer,
            """
            PRAGMA page_size = 16384;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS groups (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                committed_at INTEGER NOT NULL, -- milliseconds since 1970, UTC
                items INTEGER NOT NULL,
                checksum INTEGER NOT NULL,
                body BLOB NOT NULL) STRICT;
            CREATE TABLE IF NOT EXISTS damaged (
                number INTEGER PRIMARY KEY, committed_at INTEGER NOT NULL, items INTEGER NOT NULL, checksum INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
            """);
        _reader = new(connectionString);
        _reader.Open();
    }

    /// <summary>Appends a group and forgets those up to <paramref name="trimThrough"/>, in one fsynced transaction.</summary>
    /// <returns>The group's number; 0 if there was nothing to append.</returns>
    public long Commit(byte[]? body, int items, Instant now, long trimThrough)
    {
        using var transaction = _writer.BeginTransaction();
        if (trimThrough > 0) Run(_writer, "DELETE FROM groups WHERE number <= $through", ("$through", trimThrough));
        long number = 0;
        if (body is not null)
        {
            using var insert = Command(
                _writer,
                "INSERT INTO groups (committed_at, items, checksum, body) VALUES ($at, $items, $checksum, $body) RETURNING number",
                ("$at", now.ToUnixTimeMilliseconds()),
                ("$items", items),
                ("$checksum", Checksum(body)),
                ("$body", body));
            number = (long)insert.ExecuteScalar()!;
        }

        transaction.Commit();
        return number;
    }

    /// <summary>Groups after a number, in order, until they hold <paramref name="maxItems"/>.</summary>
    /// <param name="damaged">Groups on the way that are not what was committed; see <see cref="SetAside"/>.</param>
    public IReadOnlyList<JournalGroup> Read(long after, int maxItems, List<(long Number, int Items)> damaged)
    {
        using var select = Command(_reader, "SELECT number, items, checksum, body FROM groups WHERE number > $after ORDER BY number", ("$after", after));
        using var rows = select.ExecuteReader();
        List<JournalGroup> groups = [];
        var items = 0;
        while (items < maxItems && rows.Read())
        {
            var (number, body) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(3));
            if (Checksum(body) != rows.GetInt64(2))
            {
                damaged.Add((number, rows.GetInt32(1)));
                continue;
            }

            var entries = EntryCodec.Decode(body);
            items += Math.Max(entries.Count, rows.GetInt32(1)); // events and empty messages hold no item, and still cost
            groups.Add(new(number, entries));
        }

        return groups;
    }

    /// <summary>Moves a damaged group out of the way, for somebody to look at. One row, on the reader's connection.</summary>
    public void SetAside(long number)
    {
        using var transaction = _reader.BeginTransaction();
        Run(_reader, "INSERT OR IGNORE INTO damaged SELECT * FROM groups WHERE number = $number", ("$number", number));
        Run(_reader, "DELETE FROM groups WHERE number = $number", ("$number", number));
        transaction.Commit();
    }

    public long CountItems()
    {
        using var select = Command(_writer, "SELECT coalesce(sum(items), 0) FROM groups");
        return (long)select.ExecuteScalar()!;
    }

    /// <summary>When the oldest group was committed; null if there is none.</summary>
    public Instant? OldestAt()
    {
        using var select = Command(_writer, "SELECT committed_at FROM groups ORDER BY number LIMIT 1");
        return select.ExecuteScalar() is long at ? Instant.FromUnixTimeMilliseconds(at) : null;
    }

    /// <summary>Bytes in use, without the pages that trimming freed.</summary>
    public long Bytes()
    {
        using var pragma = Command(_writer, "SELECT (c.page_count - f.freelist_count) * s.page_size FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size s");
        return (long)pragma.ExecuteScalar()!;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
    }

    private static long Checksum(byte[] body) => unchecked((long)XxHash3.HashToUInt64(body));

    private static void Run(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = Command(connection, sql, parameters);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
