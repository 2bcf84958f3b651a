using Grid.Domain;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Ingest;

public static class IngestModule
{
    extension(IServiceCollection services)
    {
        /// <summary>The broker or a client of one, the journal, and settling. Needs the Domain's ports and a <see cref="TimeProvider"/>.</summary>
        public IServiceCollection AddIngest(BrokerOptions broker, IngestOptions ingest, string dataDirectory)
        {
            BrokerLink link = new(broker);
            services.AddSingleton(broker);
            services.AddSingleton(link);
            services.AddSingleton(ingest);
            services.AddSingleton<IngestMetrics>();
            services.AddSingleton<BrokerMetrics>();
            services.AddSingleton(p =>
            {
                var presence = new GatewayPresence();
                p.GetRequiredService<IngestMetrics>().ObserveOnline(() => presence.Online);
                p.GetRequiredService<IngestMetrics>().ObserveConnected(() => link.IsUp);
                return presence;
            });
            services.AddSingleton<ReadingRules>();
            services.AddSingleton<EventRules>();
            services.TryAddSingleton<IConsent, EverythingIsLet>();
            services.AddSingleton<Gate>();
            services.AddSingleton<Inbox>();
            services.AddSingleton<Settler>();
            services.AddSingleton(p =>
            {
                var file = Path.Combine(dataDirectory, "journal.db");
                var journal = new Journal(file, ingest, p.GetRequiredService<IngestMetrics>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<Journal>>());
                p.GetRequiredService<IngestMetrics>().ObservePending(() => journal.PendingItems);
                p.GetRequiredService<IngestMetrics>().ObserveUncommitted(() => journal.UncommittedItems);
                return journal;
            });
            services.AddSingleton(p => new IngestState(p.GetRequiredService<Journal>(), link));
            if (broker.Kind is BrokerKind.Embedded)
            {
                services.AddSingleton<EmbeddedBroker>();
                services.AddSingleton<IGatewayMail>(p => p.GetRequiredService<EmbeddedBroker>());
                services.AddHostedService(p => p.GetRequiredService<EmbeddedBroker>());
            }
            else
            {
                services.AddSingleton<IGatewayMail, ExternalMail>();
                services.AddHostedService<ExternalBroker>();
            }

            services.AddSingleton<Correspondence>();
            services.AddHostedService(p => p.GetRequiredService<Correspondence>());
            services.AddHostedService<SettleWorker>();
            services.AddHostedService<QuarantineReplay>();
            services.AddHostedService<QuarantineBounds>();
            return services;
        }
    }
}

/// <summary>How ingest is doing.</summary>
public sealed class IngestState : IHealthCheck
{
    private readonly Journal _journal;
    private readonly BrokerLink _link;

    internal IngestState(Journal journal, BrokerLink link) => (_journal, _link) = (journal, link);

    /// <summary>Items that were acknowledged and are not settled yet.</summary>
    public long PendingItems => _journal.PendingItems;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _journal.Broken is { } broken ? HealthCheckResult.Unhealthy("The journal cannot be written; start Grid again.", broken)
        : _link.CutOff is { } cutOff ? HealthCheckResult.Unhealthy(cutOff)
        : _journal.Unreadable is { } unreadable ? HealthCheckResult.Degraded("The journal takes readings but cannot be read, so none are stored; the log says what to do.", unreadable)
        : HealthCheckResult.Healthy());
}
