namespace Grid.Faults;

/// <summary>A PostgreSQL of its own with the neighbourhood in it, which may be stopped and started again.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly string? Programs = Environment.GetEnvironmentVariable("GRID_FAULTS_POSTGRES");

    private readonly string _directory;
    private readonly int _port = ServerProcess.FreePort();
    private ServerProcess? _process;

    private PostgresServer(string directory) => _directory = directory;

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=grid;Database=postgres";

    private string Data => Path.Combine(_directory, "data");

    public static async Task<PostgresServer> StartAsync(RowRun run)
    {
        if (string.IsNullOrEmpty(Programs)) throw new SkippedException("needs PostgreSQL");
        PostgresServer server = new(run.NewDirectory());
        try
        {
            if (Environment.IsPrivilegedProcess) await EndAsync(ServerProcess.Start("chown", "chown", ["postgres:", server._directory]), run); // it refuses to run as root
            await EndAsync(Run("initdb", "--pgdata", server.Data, "--username=grid", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"), run);
            await server.StartAgainAsync(run);
            await server.RegisterAsync(run);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        return server;
    }

    /// <param name="how"><c>fast</c>, or <c>immediate</c>, which leaves it to recover.</param>
    public async Task StopAsync(string how, RowRun run)
    {
        await EndAsync(Run("pg_ctl", "stop", "--pgdata", Data, "--mode", how, "--wait"), run);
        await _process!.DisposeAsync();
        _process = null;
    }

    public async Task StartAgainAsync(RowRun run)
    {
        _process = Run("postgres", "-D", Data, "-c", "listen_addresses=127.0.0.1", "-c", $"port={_port}", "-c", $"unix_socket_directories={_directory}");
        await _process.WaitUntilAsync("answered", TimeSpan.FromSeconds(30), async attempt =>
        {
            await using var ask = ServerProcess.Start("pg_isready", Path.Combine(Programs!, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{_port}"]);
            return await ask.EndAsync(attempt) == 0;
        }, run.Stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        await using (var stop = Run("pg_ctl", "stop", "--pgdata", Data, "--mode", "immediate", "--wait")) await stop.EndAsync(CancellationToken.None);
        await _process.DisposeAsync();
    }

    private static async Task EndAsync(ServerProcess command, RowRun run)
    {
        await using (command)
            if (await command.EndAsync(run.Stop) is not 0 and var code) throw new InvalidOperationException($"It ended with {code}:\n{command.Output}");
    }

    private async Task RegisterAsync(RowRun run)
    {
        var csv = Path.Combine(run.NewDirectory(), "registry.csv");
        await File.WriteAllTextAsync(csv, Workload.RegistryCsv(Neighbourhood.Gateways), run.Stop);
        await EndAsync(ServerProcess.Start("Grid", GridServer.Program, ["registry", "import", csv], new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Grid__DataDirectory"] = Path.GetDirectoryName(csv)!, ["Grid__Registry__Kind"] = "PostgreSql", ["Grid__Registry__ConnectionString"] = ConnectionString,
        }), run);
    }

    private static ServerProcess Run(string program, params string[] arguments)
    {
        program = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess
            ? ServerProcess.Start("PostgreSQL", "setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments])
            : ServerProcess.Start("PostgreSQL", program, arguments);
    }
}
