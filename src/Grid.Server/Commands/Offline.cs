using Grid.Ingest;

namespace Grid.Server;

/// <summary>The parts without the running server, for commands that change the registry beside it.</summary>
internal static class Offline
{
    /// <param name="prepare">Brings the registry to its present form first.</param>
    public static async Task<int> RunAsync(Func<IServiceProvider, GridOptions, Task<int>> command, CancellationToken ct, bool prepare = true)
    {
        var builder = GridHost.CreateBuilder(new Dictionary<string, string?>(StringComparer.Ordinal));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        await using var app = GridHost.Build(builder);
        if (prepare) await StartUp.PrepareAsync(app.Services, ct);
        return await command(app.Services, app.Services.GetRequiredService<GridOptions>());
    }
}
