using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grid.Storage;

/// <summary>
/// <c>INSERT … VALUES (…), (…), … ON CONFLICT …</c> within a transaction: many rows a statement, because each statement is a round trip to
/// PostgreSQL.
/// </summary>
internal sealed class ManyRows : IAsyncDisposable
{
    private const int RowsAtOnce = 16; // SQLite looks each parameter up by its name, one after another

    private readonly DbConnection _connection;
    private readonly DbTransaction _transaction;
    private readonly string _insert;
    private readonly string _onConflict;
    private readonly int _columns;
    private readonly List<object?> _values;
    private DbCommand? _whole; // for as many rows as are sent at once

    /// <param name="insert">Up to and without <c>VALUES</c>.</param>
    public ManyRows(RegistryContext context, IDbContextTransaction transaction, string insert, int columns, string onConflict)
    {
        (_connection, _transaction) = (context.Database.GetDbConnection(), transaction.GetDbTransaction());
        (_insert, _columns, _onConflict) = (insert, columns, onConflict);
        _values = new(columns * RowsAtOnce);
    }

    /// <summary>Sends a row, with others.</summary>
    public Task AddAsync(CancellationToken ct, params ReadOnlySpan<object?> row)
    {
        _values.AddRange(row);
        return _values.Count == _columns * RowsAtOnce ? SendAsync(_whole ??= Command(RowsAtOnce), ct) : Task.CompletedTask;
    }

    /// <summary>Sends what is left.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        if (_values.Count == 0) return;
        await using var rest = Command(_values.Count / _columns);
        await SendAsync(rest, ct);
    }

    public ValueTask DisposeAsync() => _whole?.DisposeAsync() ?? default;

    private async Task SendAsync(DbCommand command, CancellationToken ct)
    {
        for (var i = 0; i < _values.Count; i++) command.Parameters[i].Value = _values[i] ?? DBNull.Value;
        await command.ExecuteNonQueryAsync(ct);
        _values.Clear();
    }

    private DbCommand Command(int rows)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _transaction;
        var sql = new StringBuilder(_insert).Append(" VALUES ");
        for (var row = 0; row < rows; row++)
        {
            sql.Append(row == 0 ? "(" : ", (");
            for (var column = 0; column < _columns; column++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{(row * _columns) + column}");
                command.Parameters.Add(parameter);
                sql.Append(column == 0 ? "" : ", ").Append(parameter.ParameterName);
            }

            sql.Append(')');
        }

        command.CommandText = sql.Append(' ').Append(_onConflict).ToString();
        return command;
    }
}
