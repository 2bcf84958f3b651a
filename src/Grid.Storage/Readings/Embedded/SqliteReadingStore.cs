using System.Runtime.CompilerServices;
using Grid.Domain;
using Microsoft.Data.Sqlite;

namespace Grid.Storage;

/// <summary>
/// Readings in one SQLite file, clustered by (meter, at). <c>synchronous=FULL</c>: ingest forgets its journal once a write
/// has returned, so what is written here must survive a power cut.
/// </summary>
public sealed class SqliteReadingStore : IReadingStore, IDisposable
{
    private const int RowsForgottenAtOnce = 20_000; // settling waits meanwhile

    private readonly string _connectionString;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Dictionary<MeterName, long> _ids = [];
    private SqliteConnection? _writer;

    public SqliteReadingStore(string file) =>
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, DefaultTimeout = 60 }.ToString();

    public async Task<IReadOnlyList<RefusedReading>> WriteAsync(IReadOnlyList<Reading> readings, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            var writer = _writer ??= SqliteSchema.Open(_connectionString);
            using var transaction = writer.BeginTransaction();
            using var insert = new InsertReading(writer, transaction);
            foreach (var reading in readings) insert.Run(IdOf(writer, transaction, reading.Meter), reading);
            transaction.Commit();
            return [];
        }
        catch
        {
            _ids.Clear(); // ids given within the transaction that failed
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<IReadOnlyList<Reading>> ReadAroundAsync(MeterName meter, Instant from, Instant to, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        List<Reading> found = [];
        foreach (var (where, order) in ((string, string)[])[("at < $from", "at DESC LIMIT 1"), ("at >= $from AND at < $to", "at"), ("at >= $to", "at LIMIT 1")])
        {
            await using var select = Select(connection, meter, where, order, from, to);
            await using var rows = await select.ExecuteReaderAsync(ct);
            while (rows.Read()) found.Add(ReadingOf(meter, rows));
        }

        return found;
    }

    public async IAsyncEnumerable<Reading> ReadAsync(MeterName meter, Instant from, Instant to, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var select = Select(connection, meter, "at >= $from AND at < $to", "at", from, to);
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) yield return ReadingOf(meter, rows);
    }

    public async Task<IReadOnlyDictionary<MeterName, Reading>> LatestAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        Dictionary<MeterName, Reading> latest = [];
        foreach (var meter in meters)
        {
            // One index seek a meter; grouping over the whole table costs seconds.
            await using var select = Select(connection, meter, "TRUE", "at DESC LIMIT 1", default, default);
            await using var rows = await select.ExecuteReaderAsync(ct);
            if (rows.Read()) latest[meter] = ReadingOf(meter, rows);
        }

        return latest;
    }

    public async Task<IReadOnlyList<MeterName>> MetersAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var select = connection.CreateCommand();
        select.CommandText = "SELECT name FROM meters ORDER BY name";
        await using var rows = await select.ExecuteReaderAsync(ct);
        List<MeterName> meters = [];
        while (rows.Read()) meters.Add(MeterName.Parse(rows.GetString(0)));
        return meters;
    }

    public async Task ForgetAsync(Instant before, CancellationToken ct)
    {
        foreach (var meter in await MetersAsync(ct))
            while (await ForgetSomeAsync(meter, before, ct) == RowsForgottenAtOnce) ct.ThrowIfCancellationRequested();
    }

    public async Task CheckAsync(CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            _writer ??= SqliteSchema.Open(_connectionString);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writing.Dispose();
        using var any = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(any);
    }

    private static SqliteCommand Select(SqliteConnection connection, MeterName meter, string where, string order, Instant from, Instant to)
    {
        var select = connection.CreateCommand();
        select.CommandText =
            "SELECT at, import_wh, export_wh, tariff_wh, power_w, voltage_v FROM readings " +
            $"WHERE meter = (SELECT id FROM meters WHERE name = $meter) AND {where} ORDER BY {order}";
        select.Parameters.AddWithValue("$meter", meter.Value);
        select.Parameters.AddWithValue("$from", from.ToUnixTimeMilliseconds());
        select.Parameters.AddWithValue("$to", to.ToUnixTimeMilliseconds());
        return select;
    }

    private static Reading ReadingOf(MeterName meter, SqliteDataReader row) => new(
        meter,
        Instant.FromUnixTimeMilliseconds(row.GetInt64(0)),
        new(row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.IsDBNull(3) ? null : TariffRegisters.Parse(row.GetString(3))),
        row.IsDBNull(4) ? null : row.GetDouble(4),
        row.IsDBNull(5) ? null : row.GetDouble(5));

    private async Task<int> ForgetSomeAsync(MeterName meter, Instant before, CancellationToken ct)
    {
        await _writing.WaitAsync(ct);
        try
        {
            await using var delete = _writer!.CreateCommand();
            delete.CommandText =
                """
                DELETE FROM readings WHERE (meter, at) IN (
                    SELECT meter, at FROM readings
                    WHERE meter = (SELECT id FROM meters WHERE name = $meter) AND at < $before AND at < (
                        SELECT max(at) FROM readings WHERE meter = (SELECT id FROM meters WHERE name = $meter))
                    ORDER BY at LIMIT $most)
                """;
            delete.Parameters.AddWithValue("$meter", meter.Value);
            delete.Parameters.AddWithValue("$before", before.ToUnixTimeMilliseconds());
            delete.Parameters.AddWithValue("$most", RowsForgottenAtOnce);
            return await delete.ExecuteNonQueryAsync(ct);
        }
        finally
        {
            _writing.Release();
        }
    }

    private long IdOf(SqliteConnection writer, SqliteTransaction transaction, MeterName meter)
    {
        if (_ids.TryGetValue(meter, out var known)) return known;
        using var command = writer.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO meters(name) VALUES ($name) ON CONFLICT(name) DO UPDATE SET name = excluded.name RETURNING id";
        command.Parameters.AddWithValue("$name", meter.Value);
        return _ids[meter] = (long)command.ExecuteScalar()!;
    }

    private async Task<SqliteConnection> OpenAsync(CancellationToken ct)
    {
        if (_writer is null) await CheckAsync(ct);
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(ct);
        return connection;
    }
}
