using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

/// <summary>
/// Brings the registry database to the present schema. EF Core's own lock in a SQLite file is a row: a process that was killed while it held
/// it would keep every later one waiting for ever. Here the kernel's lock on a file beside it comes first, and ends with its holder.
/// </summary>
internal static class Migrating
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(RegistryContext registry, CancellationToken ct)
    {
        // Without a write-ahead log a commit is the removal of a file, which a power cut may undo: the ledger would forget what the journal no longer has.
        if (registry.Database.IsSqlite()) await registry.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", ct);
        if (!(await registry.Database.GetPendingMigrationsAsync(ct)).Any()) return;
        if (!registry.Database.IsSqlite())
        {
            await registry.Database.MigrateAsync(ct); // PostgreSQL's lock ends with its connection
            return;
        }

        await using (await LockAsync(registry, ct))
        {
            await ForgetLockAsync(registry, ct);
            await registry.Database.MigrateAsync(ct);
        }
    }

    private static async Task<FileStream> LockAsync(RegistryContext registry, CancellationToken ct)
    {
        var file = new SqliteConnectionStringBuilder(registry.Database.GetConnectionString()).DataSource + ".migrating";
        while (true)
        {
            try
            {
                return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); // never deleted: two could then hold it
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(Pause, ct);
            }
        }
    }

    /// <summary>Whoever took it is dead, for we hold the file.</summary>
    private static async Task ForgetLockAsync(RegistryContext registry, CancellationToken ct)
    {
        var held = await registry.Database.SqlQueryRaw<int>("""SELECT count(*) AS "Value" FROM sqlite_master WHERE name = '__EFMigrationsLock'""").SingleAsync(ct);
        if (held > 0) await registry.Database.ExecuteSqlRawAsync("""DELETE FROM "__EFMigrationsLock" """, ct);
    }
}
