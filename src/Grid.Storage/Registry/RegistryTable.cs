using System.Buffers;
using System.Data.Common;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grid.Storage;

/// <summary>One table of the registry as rows of JSON: an object a row, its members in the order of their names. EF's model knows how a provider keeps each.</summary>
internal sealed class RegistryTable
{
    private static readonly MethodInfo Rows = typeof(RegistryTable).GetMethod(nameof(RowsOf), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly IEntityType _type;
    private readonly Column[] _columns;

    private RegistryTable(IEntityType type)
    {
        _type = type;
        _columns = [.. type.GetProperties().Select(p => new Column(p)).OrderBy(c => c.Name, StringComparer.Ordinal)];
    }

    public string Name => _type.GetTableName()!;

    /// <summary>All tables, those that others refer to first.</summary>
    public static IReadOnlyList<RegistryTable> AllOf(IModel model)
    {
        var left = model.GetEntityTypes().OrderBy(t => t.GetTableName(), StringComparer.Ordinal).ToList();
        List<RegistryTable> ordered = [];
        while (left.Count > 0)
        {
            var next = left.Find(t => !t.GetForeignKeys().Any(k => k.PrincipalEntityType != t && left.Contains(k.PrincipalEntityType)))
                ?? throw new InvalidOperationException("Tables of the registry refer to each other in a circle.");
            ordered.Add(new(next));
            left.Remove(next);
        }

        return ordered;
    }

    public bool Holds<T>(DbSet<T> set)
        where T : class => set.EntityType == _type;

    public Task<long> CountAsync(RegistryContext registry, CancellationToken ct)
    {
        var sql = $"""SELECT count(*) AS "Value" FROM "{Name}" """;
        return registry.Database.SqlQueryRaw<long>(sql).SingleAsync(ct);
    }

    /// <summary>Each row is overwritten by the next.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> RowsAsync(RegistryContext registry, [EnumeratorCancellation] CancellationToken ct)
    {
        ArrayBufferWriter<byte> line = new();
        await using Utf8JsonWriter json = new(line);
        var rows = (IAsyncEnumerable<object>)Rows.MakeGenericMethod(_type.ClrType).Invoke(null, [registry])!;
        await foreach (var row in rows.WithCancellation(ct))
        {
            line.ResetWrittenCount();
            json.Reset();
            json.WriteStartObject();
            foreach (var column in _columns) column.Write(json, row);
            json.WriteEndObject();
            await json.FlushAsync(ct);
            yield return line.WrittenMemory;
        }
    }

    public async Task InsertAsync(RegistryContext registry, IDbContextTransaction transaction, IAsyncEnumerable<ReadOnlyMemory<byte>> rows, CancellationToken ct)
    {
        await using var insert = registry.Database.GetDbConnection().CreateCommand();
        insert.Transaction = transaction.GetDbTransaction();
        insert.CommandText =
            $"""INSERT INTO "{Name}" ({string.Join(", ", _columns.Select(c => $"\"{c.Name}\""))}) VALUES ({string.Join(", ", _columns.Select((_, i) => $"@p{i}"))})""";
        DbParameter[] values = [.. _columns.Select((c, i) => c.Parameter(insert, $"@p{i}"))];
        insert.Parameters.AddRange(values);
        await foreach (var row in rows.WithCancellation(ct))
        {
            using var json = JsonDocument.Parse(row);
            for (var i = 0; i < values.Length; i++) values[i].Value = _columns[i].Read(json.RootElement) ?? DBNull.Value;
            await insert.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>PostgreSQL goes on counting from what it has given out itself, whatever was inserted.</summary>
    public async Task ContinueNumberingAsync(RegistryContext registry, CancellationToken ct)
    {
        foreach (var column in _columns.Where(c => c.IsNumbered))
        {
            var sql = $"""SELECT setval(pg_get_serial_sequence('"{Name}"', '{column.Name}'), (SELECT max("{column.Name}") FROM "{Name}"))""";
            await registry.Database.ExecuteSqlRawAsync(sql, ct);
        }
    }

    private static IAsyncEnumerable<object> RowsOf<T>(RegistryContext registry)
        where T : class => registry.Set<T>().AsNoTracking().AsAsyncEnumerable();

    private sealed class Column
    {
        private const decimal NoZerosBehind = 1.0000000000000000000000000000m;

        private readonly PropertyInfo _property;
        private readonly RelationalTypeMapping _mapping;
        private readonly Type _kept;

        public Column(IProperty property)
        {
            Name = property.GetColumnName();
            _property = property.PropertyInfo ?? throw new InvalidOperationException($"{property.DeclaringType.DisplayName()}.{property.Name} is no property that could be read.");
            _mapping = property.GetRelationalTypeMapping();
            var kept = _mapping.Converter?.ProviderClrType ?? property.ClrType;
            _kept = Nullable.GetUnderlyingType(kept) ?? kept;
            IsNumbered = property.ValueGenerated is ValueGenerated.OnAdd && (_kept == typeof(int) || _kept == typeof(long));
        }

        public string Name { get; }

        public bool IsNumbered { get; }

        public DbParameter Parameter(DbCommand command, string name) => _mapping.CreateParameter(command, name, value: null, nullable: true);

        public void Write(Utf8JsonWriter json, object row)
        {
            json.WritePropertyName(Name);
            var value = _property.GetValue(row);
            var kept = value is null || _mapping.Converter is not { } converter ? value : converter.ConvertToProvider(value);
            if (kept is DateTimeOffset at) kept = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()); // PostgreSQL keeps microseconds, SQLite ten times as many
            if (kept is decimal amount) kept = amount / NoZerosBehind; // SQLite makes 10 to 10.0
            if (kept is null) json.WriteNullValue();
            else JsonSerializer.Serialize(json, kept, _kept);
        }

        public object? Read(JsonElement row) => !row.TryGetProperty(Name, out var value)
            ? throw new JsonException($"There is no '{Name}'.")
            : value.ValueKind is JsonValueKind.Null ? null : value.Deserialize(_kept);
    }
}
