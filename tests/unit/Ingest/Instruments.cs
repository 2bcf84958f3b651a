using System.Diagnostics.Metrics;
using Grid.Ingest;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.UnitTests.Ingest;

/// <summary>Metrics that count for one test alone.</summary>
internal static class Instruments
{
    public static IngestMetrics Metrics() => new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
