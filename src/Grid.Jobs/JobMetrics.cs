using System.Diagnostics.Metrics;

namespace Grid.Jobs;

/// <summary>What the jobs tell the operators' monitoring.</summary>
public sealed class JobMetrics
{
    public const string MeterName = "Grid.Jobs";

    private readonly Counter<long> _runs;

    public JobMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _runs = meter.CreateCounter<long>("grid.jobs.runs", description: "Runs of jobs over a period, by job and outcome.");
        meter.CreateObservableGauge("grid.invariants.broken", () => BrokenDays, description: "Household-days whose slots do not add up to their registers.");
        meter.CreateObservableGauge("grid.invariants.feeders_broken", () => BrokenFeederDays, description: "Days of feeders that do not add up to the meters behind them within losses.");
    }

    public int BrokenDays { get; set; }

    public int BrokenFeederDays { get; set; }

    public void Ended(string job, string outcome) => _runs.Add(1, new("job", job), new KeyValuePair<string, object?>("outcome", outcome));
}
