using System.Data;
using Grid.Domain;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Grid.Storage;

/// <summary>The whole registry database as rows of JSON, the same in SQLite and PostgreSQL: for backups.</summary>
public sealed class RegistryTables(IDbContextFactory<RegistryContext> contexts)
{
    /// <summary>The newest migration's name in this release, which both providers share.</summary>
    public async Task<string> SchemaAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return NameOf(registry.Database.GetMigrations().Last());
    }

    /// <summary>The same of the database; null if there is none.</summary>
    public async Task<string?> SchemaThereAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return (await registry.Database.GetAppliedMigrationsAsync(ct)).LastOrDefault() is { } last ? NameOf(last) : null;
    }

    /// <summary>The tables that have rows, without what every start makes.</summary>
    public async Task<IReadOnlyList<(string Table, long Rows)>> FilledAsync(CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        List<(string, long)> filled = [];
        foreach (var table in RegistryTable.AllOf(registry.Model).Where(t => !t.Holds(registry.Roles)))
            if (await table.CountAsync(registry, ct) is > 0 and var rows) filled.Add((table.Name, rows));
        return filled;
    }

    /// <summary>Hands over every table as it stands at one moment, those that others refer to first.</summary>
    /// <param name="take">Gets a table's name and rows; a row is overwritten by the next. Answers how many there were.</param>
    public async Task ReadAsync(Func<string, IAsyncEnumerable<ReadOnlyMemory<byte>>, Task<long>> take, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var moment = await MomentAsync(registry, ct);
        foreach (var table in RegistryTable.AllOf(registry.Model))
        {
            var (taken, there) = (await take(table.Name, table.RowsAsync(registry, ct)), await table.CountAsync(registry, ct));
            if (taken != there) throw new InvalidOperationException($"Of the registry's table {table.Name} {taken} rows were read where there are {there}.");
        }
    }

    /// <summary>
    /// Fills an empty database in one transaction: all of it, or nothing. Every household-day is to be published anew.
    /// </summary>
    /// <param name="rowsOf">A table's rows, as <see cref="ReadAsync"/> gave them.</param>
    /// <param name="check">Gets what a table holds now; throws if that is not what it should be.</param>
    /// <param name="touched">Of these meters, what was computed of these times is to be computed again.</param>
    public async Task WriteAsync(
        Func<string, IAsyncEnumerable<ReadOnlyMemory<byte>>> rowsOf,
        Func<string, IAsyncEnumerable<ReadOnlyMemory<byte>>, Task> check,
        IReadOnlyDictionary<MeterName, Slot> touched,
        CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        await registry.Roles.ExecuteDeleteAsync(ct); // every start makes them
        var tables = RegistryTable.AllOf(registry.Model);
        foreach (var table in tables) await table.InsertAsync(registry, transaction, rowsOf(table.Name), ct);
        foreach (var table in tables) await check(table.Name, table.RowsAsync(registry, ct));
        if (!registry.Database.IsSqlite())
            foreach (var table in tables) await table.ContinueNumberingAsync(registry, ct);
        await registry.HouseholdDays.ExecuteUpdateAsync(d => d.SetProperty(x => x.Published, false), ct);
        await MarkAsync(registry, transaction, touched, ct);
        await transaction.CommitAsync(ct);
    }

    private static string NameOf(string migration) => migration[(migration.IndexOf('_', StringComparison.Ordinal) + 1)..];

    private static async Task<IDbContextTransaction> MomentAsync(RegistryContext registry, CancellationToken ct)
    {
        if (!registry.Database.IsSqlite()) return await registry.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await registry.Database.OpenConnectionAsync(ct);
        // Deferred: it only reads, and holds up nobody who writes.
        return (await registry.Database.UseTransactionAsync(((SqliteConnection)registry.Database.GetDbConnection()).BeginTransaction(deferred: true), ct))!;
    }

    private static async Task MarkAsync(RegistryContext registry, IDbContextTransaction transaction, IReadOnlyDictionary<MeterName, Slot> touched, CancellationToken ct)
    {
        if (await registry.Neighbourhoods.AsNoTracking().SingleOrDefaultAsync(ct) is not { } neighbourhood) return;
        var calendar = LocalCalendar.For(neighbourhood.TimeZone);
        await using var mark = Ledger.Marks(registry, transaction);
        foreach (var (meter, span) in touched)
        foreach (var day in calendar.DaysFrom(span.Start, span.End))
            await mark.AddAsync(ct, meter.Value, day.ToDateOnly(), 1L);
        await mark.EndAsync(ct);
    }
}
