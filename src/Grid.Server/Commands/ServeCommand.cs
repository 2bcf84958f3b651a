namespace Grid.Server;

internal static class ServeCommand
{
    public static async Task<int> RunAsync(CancellationToken ct)
    {
        var builder = GridHost.CreateBuilder(new Dictionary<string, string?>(StringComparer.Ordinal));
        var options = GridOptions.From(builder.Configuration);
        using var node = NodeLock.Take(options.DataDirectory);
        Ports.RequireFree(new Uri(options.Url).Port, "Grid__Url");
        if (options.Has(Role.Broker) && options.Broker.Kind is Ingest.BrokerKind.Embedded) Ports.RequireFree(options.Broker.Port, "Grid__Broker__Port");
        await using var app = GridHost.Build(builder);
        // Where nothing is known of the registry it must answer; a host that fails to start would bury the sentence in its log.
        if (app.Services.GetRequiredService<RegistrySnapshotFile>().Read() is null) await StartUp.PrepareAsync(app.Services, ct);
        await app.RunAsync(ct);
        return 0;
    }
}
