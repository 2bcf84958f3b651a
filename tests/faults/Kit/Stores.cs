using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Faults;

/// <summary>What a Grid process has stored, read beside it.</summary>
internal sealed class Stores(string directory, StoreOptions store) : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
        .AddStorage(store, new RegistryOptions(), directory).BuildServiceProvider();

    public IReadingStore Readings => _services.GetRequiredService<IReadingStore>();

    public IQuarantine Quarantine => _services.GetRequiredService<IQuarantine>();

    public IGatewayReports Reports => _services.GetRequiredService<IGatewayReports>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
