using Grid.Domain;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Storage;

public static class StorageModule
{
    extension(IServiceCollection services)
    {
        /// <summary>The registry database, the reading store and the ports that stand on them.</summary>
        public IServiceCollection AddStorage(StoreOptions store, RegistryOptions registry, string dataDirectory)
        {
            services.AddRegistry(registry, dataDirectory);
            if (store.Kind is StoreKind.InfluxDb)
            {
                services.AddSingleton(_ => new InfluxClient(new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = TimeSpan.FromSeconds(60) }, store));
                services.AddSingleton<IReadingStore, InfluxReadingStore>();
                services.AddSingleton<IAggregateCopy, InfluxAggregateCopy>();
            }
            else services.AddSingleton<IReadingStore>(_ => new SqliteReadingStore(Path.Combine(dataDirectory, "readings.db")));

            return services;
        }

        private void AddRegistry(RegistryOptions options, string dataDirectory)
        {
            if (options.Kind is RegistryKind.PostgreSql)
            {
                services.AddDbContextFactory<PostgresRegistryContext>(o => o.UseNpgsql(options.ConnectionString));
                services.AddSingleton<IDbContextFactory<RegistryContext>, Contexts<PostgresRegistryContext>>();
                services.AddSingleton<IGatewayLocks, GatewayLocks>();
            }
            else
            {
                var file = options.ConnectionString.Length > 0 ? options.ConnectionString : $"Data Source={Path.Combine(dataDirectory, "registry.db")}";
                services.AddDbContextFactory<SqliteRegistryContext>(o => o.UseSqlite(file, s => s.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter)));
                services.AddSingleton<IDbContextFactory<RegistryContext>, Contexts<SqliteRegistryContext>>();
                services.AddSingleton<IGatewayLocks, NoOtherNodes>();
            }

            services.AddScoped(p => p.GetRequiredService<IDbContextFactory<RegistryContext>>().CreateDbContext());
            services.AddDataProtection().SetApplicationName("Grid").PersistKeysToDbContext<RegistryContext>();
            services.AddSingleton<IRegistry, RegistryReader>();
            services.AddSingleton<CurrentRegistry>();
            services.AddSingleton<RegistryEditor>();
            services.AddSingleton<RegistryTables>();
            services.AddSingleton<ILedger, Ledger>();
            services.AddSingleton<IGatewayReports, GatewayReports>();
            services.AddSingleton<IQuarantine, Quarantine>();
            services.AddSingleton<ICorrections, Corrections>();
            services.AddSingleton<IHouseholdDays, HouseholdDays>();
            services.AddSingleton<IFeederDays, FeederDays>();
            services.AddSingleton<IResults, Results>();
            services.AddSingleton<IJobRuns, JobRuns>();
            services.AddSingleton<IReleases, Releases>();
            services.AddSingleton<ITemperatures, Temperatures>();
            services.AddSingleton<IPrices, Prices>();
            services.AddSingleton<ICarbonIntensities, CarbonIntensities>();
            services.AddSingleton<ITenancies, Tenancies>();
            services.AddSingleton<IAccesses, Accesses>();
        }
    }

    /// <summary>Keeps accounts and roles in the registry database.</summary>
    public static IdentityBuilder AddRegistryStores(this IdentityBuilder identity) => identity.AddEntityFrameworkStores<RegistryContext>();

    /// <summary>Brings the registry database to the present schema.</summary>
    public static async Task MigrateRegistryAsync(this IServiceProvider services, CancellationToken ct)
    {
        await using var registry = await services.GetRequiredService<IDbContextFactory<RegistryContext>>().CreateDbContextAsync(ct);
        await Migrating.RunAsync(registry, ct);
    }

    /// <summary>Makes sure that these roles exist, whichever nodes start at once.</summary>
    public static async Task EnsureRolesAsync(this IServiceProvider services, IEnumerable<string> names, CancellationToken ct)
    {
        await using var registry = await services.GetRequiredService<IDbContextFactory<RegistryContext>>().CreateDbContextAsync(ct);
        foreach (var name in names)
        {
            var (id, stamp, normalized) = (Guid.NewGuid(), Guid.NewGuid().ToString(), name.ToUpperInvariant());
            await registry.Database.ExecuteSqlAsync(
                $"""INSERT INTO "AspNetRoles" ("Id", "Name", "NormalizedName", "ConcurrencyStamp") VALUES ({id}, {name}, {normalized}, {stamp}) ON CONFLICT ("NormalizedName") DO NOTHING""", ct);
        }
    }

    private sealed class Contexts<T>(IDbContextFactory<T> factory) : IDbContextFactory<RegistryContext>
        where T : RegistryContext
    {
        public RegistryContext CreateDbContext() => factory.CreateDbContext();

        public async Task<RegistryContext> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
            await factory.CreateDbContextAsync(cancellationToken);
    }
}
