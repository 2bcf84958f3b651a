using Grid.Domain;
using Microsoft.Data.Sqlite;

namespace Grid.Storage;

/// <summary>One prepared statement for a whole batch: preparing it again a row would cost more than the row.</summary>
internal sealed class InsertReading : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter[] _values;

    public InsertReading(SqliteConnection connection, SqliteTransaction transaction)
    {
        _command = connection.CreateCommand();
        _command.Transaction = transaction;
        _command.CommandText =
            "INSERT INTO readings (meter, at, import_wh, export_wh, tariff_wh, power_w, voltage_v) " +
            "VALUES ($0, $1, $2, $3, $4, $5, $6) ON CONFLICT (meter, at) DO UPDATE SET import_wh = excluded.import_wh, " +
            "export_wh = excluded.export_wh, tariff_wh = excluded.tariff_wh, power_w = excluded.power_w, voltage_v = excluded.voltage_v";
        _values = [.. Enumerable.Range(0, 7).Select(i => _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" }))];
        foreach (var value in _values) value.Value = DBNull.Value;
        _command.Prepare();
    }

    public void Run(long meter, Reading reading)
    {
        _values[0].Value = meter;
        _values[1].Value = reading.At.ToUnixTimeMilliseconds();
        _values[2].Value = reading.Registers.ImportWh;
        _values[3].Value = (object?)reading.Registers.ExportWh ?? DBNull.Value;
        _values[4].Value = (object?)reading.Registers.TariffWh?.ToString() ?? DBNull.Value;
        _values[5].Value = (object?)reading.PowerW ?? DBNull.Value;
        _values[6].Value = (object?)reading.VoltageV ?? DBNull.Value;
        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
