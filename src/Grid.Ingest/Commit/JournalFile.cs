using System.IO.Hashing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Grid.Ingest;

/// <summary>
/// The journal's SQLite file: one row a commit group, with a running number that is never used again and a checksum.
/// WAL and <c>synchronous=FULL</c>: what a commit has answered for survives a power cut. Two connections, so that one thread may
/// read while another commits; all but <see cref="Read"/> and <see cref="SetAside"/> is the committing thread's.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int EntryWeight = 3;

    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly sqlite3_stmt _insert;

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
        Run(_reader, "PRAGMA busy_timeout = 60000"); // the statements below do not try again by themselves
        Check(raw.sqlite3_prepare_v2(_writer.Handle!, "INSERT INTO groups (committed_at, items, checksum, body) VALUES (?, ?, ?, ?)", out _insert));
    }

    /// <summary>Appends a group and forgets those up to <paramref name="trimThrough"/>, in one fsynced transaction.</summary>
    /// <param name="body">Empty if there is nothing to append.</param>
    /// <returns>The group's number; 0 if there was nothing to append.</returns>
    public long Commit(ReadOnlySpan<byte> body, int items, Instant now, long trimThrough)
    {
        using var transaction = _writer.BeginTransaction();
        if (trimThrough > 0) Run(_writer, "DELETE FROM groups WHERE number <= $through", ("$through", trimThrough));
        var number = body.IsEmpty ? 0 : Insert(body, items, now);
        transaction.Commit();
        return number;
    }

    /// <summary>Groups after a number, in order, until they hold <paramref name="maxItems"/>.</summary>
    /// <param name="damaged">Groups on the way that are not what was committed; see <see cref="SetAside"/>.</param>
    public IReadOnlyList<JournalGroup> Read(long after, int maxItems, List<(long Number, int Items)> damaged)
    {
        Check(raw.sqlite3_prepare_v2(_reader.Handle!, "SELECT number, items, checksum, body FROM groups WHERE number > ? ORDER BY number", out var select));
        using (select)
        {
            Check(raw.sqlite3_bind_int64(select, 1, after));
            List<JournalGroup> groups = [];
            var items = 0;
            while (items < maxItems && StepOrStop(select, groups.Count > 0))
            {
                var (number, held) = (raw.sqlite3_column_int64(select, 0), raw.sqlite3_column_int(select, 1));
                var body = raw.sqlite3_column_blob(select, 3);
                if (Checksum(body) != raw.sqlite3_column_int64(select, 2))
                {
                    damaged.Add((number, held));
                    continue;
                }

                if (!TryDecode(body, out var entries))
                {
                    damaged.Add((number, held));
                    continue;
                }

                items += held + (EntryWeight * entries.Count); // a message costs memory too, however few items it holds
                groups.Add(new(number, entries));
            }

            return groups;
        }
    }

    /// <summary>Moves a damaged group out of the way, for somebody to look at. One row, on the reader's connection.</summary>
    public void SetAside(long number)
    {
        using var transaction = _reader.BeginTransaction();
        Run(_reader, "INSERT OR IGNORE INTO damaged SELECT * FROM groups WHERE number = $number", ("$number", number));
        Run(_reader, "DELETE FROM groups WHERE number = $number", ("$number", number));
        transaction.Commit();
    }

    /// <summary>Puts groups that were set aside whole back in their place, to be tried again; what is damaged stays.</summary>
    public void TakeBack(Instant now)
    {
        List<long> whole = [];
        Check(raw.sqlite3_prepare_v2(_reader.Handle!, "SELECT number, checksum, body FROM damaged", out var select));
        using (select)
            while (Step(_reader, select))
                if (Checksum(raw.sqlite3_column_blob(select, 2)) == raw.sqlite3_column_int64(select, 1)) whole.Add(raw.sqlite3_column_int64(select, 0));
        foreach (var number in whole)
        {
            using var transaction = _writer.BeginTransaction();
            Run(_writer, "INSERT OR IGNORE INTO groups SELECT number, $now, items, checksum, body FROM damaged WHERE number = $number", ("$number", number), ("$now", now.ToUnixTimeMilliseconds())); // its age is not the store's doing
            Run(_writer, "DELETE FROM damaged WHERE number = $number", ("$number", number));
            transaction.Commit();
        }
    }

    /// <summary>As far as it can be read: a page that the disk has lost must not keep Grid from starting.</summary>
    public long CountItems()
    {
        Check(raw.sqlite3_prepare_v2(_reader.Handle!, "SELECT items FROM groups ORDER BY number", out var select));
        long items = 0;
        using (select)
            while (StepOrStop(select, hasSome: true)) items += raw.sqlite3_column_int64(select, 0);
        return items;
    }

    /// <summary>When the oldest group was committed; null if there is none, or its page is lost.</summary>
    public Instant? OldestAt()
    {
        using var select = Command(_writer, "SELECT committed_at FROM groups ORDER BY number LIMIT 1");
        try
        {
            return select.ExecuteScalar() is long at ? Instant.FromUnixTimeMilliseconds(at) : null;
        }
        catch (SqliteException failure) when (IsLost(failure))
        {
            return null;
        }
    }

    /// <summary>Bytes in use, without the pages that trimming freed.</summary>
    public long Bytes()
    {
        using var pragma = Command(_writer, "SELECT (c.page_count - f.freelist_count) * s.page_size FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size s");
        return (long)pragma.ExecuteScalar()!;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _reader.Dispose();
        _writer.Dispose();
    }

    private static long Checksum(ReadOnlySpan<byte> body) => unchecked((long)XxHash3.HashToUInt64(body));

    // Through SQLite's own interface: a parameter of Microsoft.Data.Sqlite wants an array of the body's exact size, and a commit makes one of a megabyte.
    private long Insert(ReadOnlySpan<byte> body, int items, Instant now)
    {
        try
        {
            Check(raw.sqlite3_bind_int64(_insert, 1, now.ToUnixTimeMilliseconds()));
            Check(raw.sqlite3_bind_int(_insert, 2, items));
            Check(raw.sqlite3_bind_int64(_insert, 3, Checksum(body)));
            Check(raw.sqlite3_bind_blob(_insert, 4, body));
            Step(_writer, _insert);
            return raw.sqlite3_last_insert_rowid(_writer.Handle!);
        }
        finally
        {
            raw.sqlite3_reset(_insert);
            raw.sqlite3_clear_bindings(_insert);
        }
    }

    /// <summary>What cannot be read ends the batch; alone it is an error.</summary>
    private bool StepOrStop(sqlite3_stmt select, bool hasSome)
    {
        try
        {
            return Step(_reader, select);
        }
        catch (SqliteException failure) when (hasSome && IsLost(failure))
        {
            return false;
        }
    }

    /// <summary>The disk no longer has what was written, rather than being busy or short of something.</summary>
    public static bool IsLost(SqliteException failure) => failure.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_IOERR;

    // What a newer release wrote is whole, and for that one to read: it takes back what is set aside.
    private static bool TryDecode(ReadOnlySpan<byte> body, out IReadOnlyList<JournalEntry> entries)
    {
        try
        {
            entries = EntryCodec.Decode(body);
            return true;
        }
        catch (InvalidDataException)
        {
            entries = [];
            return false;
        }
    }

    private static bool Step(SqliteConnection connection, sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code is raw.SQLITE_ROW) return true;
        if (code is not raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(code, connection.Handle);
        return false;
    }

    private void Check(int code)
    {
        if (code is not raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, _writer.Handle);
    }

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
