using System.Diagnostics.Metrics;

namespace Grid.Jobs;

/// <summary>What the jobs tell the operators' monitoring.</summary>
public sealed class JobMetrics
{
    public const string MeterName = "Grid.Jobs";

    private readonly Meter _meter;
    private readonly Counter<long> _runs;

    public JobMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _runs = _meter.CreateCounter<long>("grid.jobs.runs", description: "Runs of jobs over a period, by job and outcome.");
    }

    public void ObserveBroken(Func<int> count) =>
        _meter.CreateObservableGauge("grid.invariants.broken", count, description: "Household-days whose slots do not add up to their registers.");

    public void ObserveBrokenFeeders(Func<int> count) =>
        _meter.CreateObservableGauge("grid.invariants.feeders_broken", count, description: "Days of feeders that do not add up to the meters behind them within losses.");

    public void Ended(string job, string outcome) => _runs.Add(1, new("job", job), new KeyValuePair<string, object?>("outcome", outcome));
}
