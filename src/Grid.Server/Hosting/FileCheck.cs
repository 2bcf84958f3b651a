using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grid.Server;

/// <summary>
/// Holds this node's database files to SQLite's own check, once at every start and in the background: a large one takes minutes, and gateways
/// are not to wait for it. What is damaged is said; nothing is mended behind the operator's back.
/// </summary>
internal sealed partial class FileCheck(GridOptions options, ILogger<FileCheck> logger) : BackgroundService, IHealthCheck
{
    private readonly List<string> _damaged = [];

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_damaged)
            return Task.FromResult(_damaged.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded($"Damaged, restore from a backup or copy what can be read: {string.Join(", ", _damaged)}"));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() =>
    {
        foreach (var file in Directory.EnumerateFiles(options.DataDirectory, "*.db").Order(StringComparer.Ordinal))
            if (!stoppingToken.IsCancellationRequested) Check(file, stoppingToken);
    }, stoppingToken);

    private void Check(string file, CancellationToken ct)
    {
        string found;
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            connection.Open();
            using var stop = ct.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle!));
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            found = (string)check.ExecuteScalar()!;
        }
        catch (SqliteException failure)
        {
            if (ct.IsCancellationRequested) return;
            found = failure.Message;
        }

        if (string.Equals(found, "ok", StringComparison.Ordinal)) return;
        Log.Damaged(logger, file, found);
        lock (_damaged) _damaged.Add(Path.GetFileName(file));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "{File} is damaged ({Found}): restore it from a backup, or copy what can be read, before it is written to much longer.")]
        public static partial void Damaged(ILogger logger, string file, string found);
    }
}
