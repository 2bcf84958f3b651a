using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grid.Storage;

/// <summary>
/// One statement, prepared once and run for many rows within a transaction. Both providers speak the same
/// <c>INSERT … ON CONFLICT</c>, and tracking tens of thousands of rows would cost more than writing them.
/// </summary>
internal sealed class Upsert : IAsyncDisposable
{
    private readonly DbCommand _command;
    private readonly DbParameter[] _parameters;

    /// <param name="sql">Parameters are <c>@p0</c>, <c>@p1</c>, … in order.</param>
    public Upsert(RegistryContext context, IDbContextTransaction transaction, string sql, int parameters)
    {
        _command = context.Database.GetDbConnection().CreateCommand();
        _command.Transaction = transaction.GetDbTransaction();
        _command.CommandText = sql;
        _parameters = [.. Enumerable.Range(0, parameters).Select(Add)];
    }

    public Task<int> RunAsync(CancellationToken ct, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) _parameters[i].Value = values[i] ?? DBNull.Value;
        return _command.ExecuteNonQueryAsync(ct);
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    private DbParameter Add(int index)
    {
        var parameter = _command.CreateParameter();
        parameter.ParameterName = $"@p{index}";
        _command.Parameters.Add(parameter);
        return parameter;
    }
}
