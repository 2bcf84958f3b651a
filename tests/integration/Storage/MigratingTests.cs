using Grid.Domain;
using Grid.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Storage;

/// <summary>A process that was killed while it held EF Core's lock on a SQLite registry must keep no later one waiting.</summary>
public sealed class MigratingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("grid-migrating-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lock_of_the_dead_is_forgotten(bool isMigrated)
    {
        await using var services = Services();
        if (isMigrated) await services.MigrateRegistryAsync(Stop);
        await DieWithTheLockAsync();

        await services.MigrateRegistryAsync(Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);

        (await services.GetRequiredService<IRegistry>().ReadAsync(Stop)).Meters.Should().BeEmpty();
    }

    [Fact]
    public async Task Many_that_start_at_once_migrate_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(MigrateAsync, Stop)));

        await using var services = Services();
        (await services.GetRequiredService<IRegistry>().ReadAsync(Stop)).Meters.Should().BeEmpty();

        async Task MigrateAsync()
        {
            await using var one = Services();
            await one.MigrateRegistryAsync(Stop).WaitAsync(TimeSpan.FromSeconds(30), Stop);
        }
    }

    [Fact]
    public async Task It_commits_to_a_write_ahead_log_also_where_it_did_not_before()
    {
        await using var services = Services();
        await services.MigrateRegistryAsync(Stop);
        (await SqlAsync("PRAGMA journal_mode")).Should().Be("wal");
        SqliteConnection.ClearAllPools();
        (await SqlAsync("PRAGMA journal_mode = DELETE")).Should().Be("delete");

        await services.MigrateRegistryAsync(Stop);

        (await SqlAsync("PRAGMA journal_mode")).Should().Be("wal");
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    private ServiceProvider Services() =>
        new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddStorage(new(), new(), _folder.FullName).BuildServiceProvider();

    private Task DieWithTheLockAsync() => SqlAsync(
        """
        CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL);
        INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-24 12:00:00');
        """);

    private async Task<object?> SqlAsync(string sql)
    {
        await using SqliteConnection connection = new($"Data Source={Path.Combine(_folder.FullName, "registry.db")};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Stop);
    }
}
