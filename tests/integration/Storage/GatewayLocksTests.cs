using Grid.Domain;
using Grid.IntegrationTests.Servers;
using Grid.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.IntegrationTests.Storage;

public class GatewayLocksTests
{
    private static readonly GatewayName[] Gateways = [.. Enumerable.Range(1, 200).Select(i => GatewayName.Parse($"gw-{i:0000}"))];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_nodes_one_settles_a_gateway_at_a_time_and_learns_when_the_other_has_been_there()
    {
        await using var postgres = await RealPostgres.StartAsync();
        await using var one = Node(postgres);
        await using var other = Node(postgres);
        await one.MigrateRegistryAsync(Stop);
        var (ours, theirs) = (one.GetRequiredService<IGatewayLocks>(), other.GetRequiredService<IGatewayLocks>());

        var held = await ours.TakeAsync(Gateways, Stop);
        var waiting = theirs.TakeAsync(Gateways, Stop);
        await FluentActions.Awaiting(() => waiting.WaitAsync(TimeSpan.FromMilliseconds(300), Stop)).Should().ThrowAsync<TimeoutException>();
        await held.DisposeAsync();
        var handed = await waiting;
        handed.ChangedHands.Should().BeTrue();
        await handed.DisposeAsync();

        await using (var again = await theirs.TakeAsync(Gateways, Stop)) again.ChangedHands.Should().BeFalse();
        await using (var back = await ours.TakeAsync([Gateways[7]], Stop)) back.ChangedHands.Should().BeTrue();
    }

    [Fact]
    public async Task A_lock_whose_connection_went_is_known_to_be_lost()
    {
        await using var postgres = await RealPostgres.StartAsync();
        await using var node = Node(postgres);
        await node.MigrateRegistryAsync(Stop);
        await using var held = await node.GetRequiredService<IGatewayLocks>().TakeAsync(Gateways, Stop);
        await held.EnsureHeldAsync(Stop);

        await using (var killer = new Npgsql.NpgsqlConnection(postgres.ConnectionString))
        {
            await killer.OpenAsync(Stop);
            await using var kill = new Npgsql.NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", killer);
            await kill.ExecuteNonQueryAsync(Stop);
        }

        await FluentActions.Awaiting(() => held.EnsureHeldAsync(Stop)).Should().ThrowAsync<Exception>();
    }

    private static ServiceProvider Node(RealPostgres postgres) => new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
        .AddStorage(new StoreOptions(), new RegistryOptions { Kind = RegistryKind.PostgreSql, ConnectionString = postgres.ConnectionString }, Path.GetTempPath()).BuildServiceProvider();
}
