using Grid.Server;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.UnitTests.Server;

public sealed class FileCheckTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("grid-files-").FullName;

    [Fact]
    public async Task A_damaged_database_file_is_named_and_a_sound_one_is_not()
    {
        Make("sound.db");
        Make("damaged.db");
        await using (var file = File.OpenWrite(Path.Combine(_directory, "damaged.db")))
        {
            file.Position = 5 * 4096; // the middle of the table
            await file.WriteAsync(new byte[8 * 4096], TestContext.Current.CancellationToken);
        }

        using var check = new FileCheck(new() { DataDirectory = _directory }, NullLogger<FileCheck>.Instance);
        await check.StartAsync(TestContext.Current.CancellationToken);
        await check.ExecuteTask!;

        var health = await check.CheckHealthAsync(new(), TestContext.Current.CancellationToken);
        health.Status.Should().Be(HealthStatus.Degraded);
        health.Description.Should().Contain("damaged.db").And.NotContain("sound.db");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Make(string name)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, name)};Pooling=False");
        connection.Open();
        using var fill = connection.CreateCommand();
        fill.CommandText = "CREATE TABLE t (n INTEGER PRIMARY KEY, body BLOB); INSERT INTO t(body) SELECT randomblob(1000) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 200) SELECT x FROM c)";
        fill.ExecuteNonQuery();
    }
}
