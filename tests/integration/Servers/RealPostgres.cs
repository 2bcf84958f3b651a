using Npgsql;

namespace Grid.IntegrationTests.Servers;

/// <summary>A database of its own on the PostgreSQL of tests/run, dropped in the end. Skips the test where there is none.</summary>
public sealed class RealPostgres : IAsyncDisposable
{
    private readonly string server;
    private readonly string database = $"grid_{Guid.NewGuid():N}";

    private RealPostgres(string server) => this.server = server;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;

    public static async Task<RealPostgres> StartAsync()
    {
        var postgres = new RealPostgres(Setting.OrSkip("GRID_TEST_POSTGRES", "PostgreSQL"));
        await postgres.OnServerAsync($"CREATE DATABASE {postgres.database}");
        return postgres;
    }

    public async ValueTask DisposeAsync()
    {
        await using (var mine = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(mine);
        await OnServerAsync($"DROP DATABASE {database} WITH (FORCE)");
    }

    private async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
