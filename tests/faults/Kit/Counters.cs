using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grid.Ingest;

namespace Grid.Faults;

/// <summary>What ingest counts, for one core alone.</summary>
internal sealed class Counters : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _sums = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public Counters(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name == IngestMetrics.MeterName && instrument is Counter<long>) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }

    /// <param name="name">Without <c>grid.ingest.</c></param>
    public long Of(string name) => _sums.GetValueOrDefault("grid.ingest." + name);

    /// <summary>I2, at quiescence.</summary>
    /// <param name="pendingAtStart">Items that lay in the journal when it was opened.</param>
    public void Conserve(RowRun run, long pendingAtStart)
    {
        string[] ends = ["stored", "duplicate", "quarantined", "withheld", "set_aside"];
        var became = ends.Sum(Of);
        run.Check(Of("received") + pendingAtStart == became, $"received {Of("received")} and {pendingAtStart} before, became {string.Join(", ", ends.Select(e => $"{e} {Of(e)}"))}");
    }

    public void Dispose() => _listener.Dispose();
}
