using Grid.Ingest;
using Grid.Jobs;
using Grid.Portal;
using Grid.Storage;
using Microsoft.Extensions.Configuration.Memory;
using OpenTelemetry.Metrics;

namespace Grid.Server;

/// <summary>Puts the parts together. Tests build the same host with a configuration and a clock of their own.</summary>
public static class GridHost
{
    public const string ReadyTag = "ready";

    // What libraries say of every query and request hides what Grid says; configuration may ask for it again.
    private static readonly KeyValuePair<string, string?>[] QuietLibraries =
    [
        new("Logging:LogLevel:Default", "Information"),
        new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
        new("Logging:LogLevel:Microsoft.AspNetCore.DataProtection", "Error"), // its key ring lies in the registry database, as readable as the rest
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Warning"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Migrations", "Error"),
        new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database", "Critical"), // whoever asked gets the exception, and says it; an empty PostgreSQL has no table of migrations yet
        new("Logging:LogLevel:Quartz", "Warning"),
    ];

    /// <param name="settings">Configuration keys that go before files and environment.</param>
    public static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(GridHost).Assembly.GetName().Name });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietLibraries });
        builder.WebHost.UseStaticWebAssets(); // the manifest of a build; a publish needs none
        return builder;
    }

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var options = GridOptions.From(builder.Configuration);
        PrivateFile.CreateDirectory(options.DataDirectory);
        builder.WebHost.UseUrls(options.Url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(9));
        builder.Services.AddSingleton(options);
        builder.Services.AddHostedService<StartUp>(); // first: the schema and the registry before anything that reads them
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStorage(options.Store, options.Registry, options.DataDirectory);
        builder.Services.AddPortal(accounts => accounts.AddRegistryStores());

        builder.Services.AddSingleton<RegistrySnapshotFile>();
        builder.Services.AddHostedService<RegistryRefresh>();
        builder.Services.AddSingleton<FileCheck>();
        builder.Services.AddHostedService(p => p.GetRequiredService<FileCheck>());
        var health = builder.Services.AddHealthChecks()
            .AddCheck<StoreHealth>("store", tags: [ReadyTag])
            .AddCheck<RegistryHealth>("registry", tags: [ReadyTag])
            .AddCheck<FileCheck>("files", tags: [ReadyTag]);
        if (options.Has(Role.Ingest))
        {
            builder.Services.AddIngest(options.Broker, options.Ingest, options.DataDirectory);
            health.AddCheck<IngestState>("ingest", tags: [ReadyTag]);
        }

        if (options.Has(Role.Jobs)) builder.Services.AddJobs(options.Jobs, options.Weather, options.JobStore, options.Ingest.MaxAge);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(IngestMetrics.MeterName, JobMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "System.Runtime").AddPrometheusExporter());

        var app = builder.Build();
        app.UsePortal();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
        if (options.Has(Role.Portal))
        {
            app.MapStaticAssets().AllowAnonymous();
            app.MapPortal();
        }
        else app.MapFallback("{**path}", () => Results.Text("This node has no portal: its Grid:Roles leave it out. Ask the node that has it.\n", statusCode: StatusCodes.Status404NotFound)).AllowAnonymous();

        return app;
    }
}
