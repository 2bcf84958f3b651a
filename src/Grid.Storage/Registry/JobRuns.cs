using System.Globalization;
using Grid.Domain;
using Microsoft.EntityFrameworkCore;

namespace Grid.Storage;

internal sealed class JobRuns(IDbContextFactory<RegistryContext> contexts, TimeProvider clock) : IJobRuns
{
    // Which process it was, for whoever looks for its log; and never that of another start.
    private readonly string _node = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    public async Task<IReadOnlyDictionary<string, string>> CommittedInputsAsync(string job, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var committed = await registry.JobRuns.AsNoTracking().Where(r => r.Job == job && r.State == RunState.Committed)
            .OrderBy(r => r.Version).Select(r => new { r.Period, r.Inputs }).ToListAsync(ct);
        Dictionary<string, string> newest = new(StringComparer.Ordinal);
        foreach (var run in committed) newest[run.Period] = run.Inputs;
        return newest;
    }

    public async Task<string?> GreatestInputsAsync(string job, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return await registry.JobRuns.Where(r => r.Job == job).MaxAsync(r => r.Inputs, ct);
    }

    public async Task<JobRun> BeginAsync(string job, string period, string inputs, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var newest = await registry.JobRuns.Where(r => r.Job == job && r.Period == period).OrderByDescending(r => r.Version).FirstOrDefaultAsync(ct);
        if (newest is null or { State: RunState.Committed })
        {
            newest = new() { Job = job, Period = period, Version = (newest?.Version ?? 0) + 1, Inputs = inputs, Node = _node };
            registry.JobRuns.Add(newest);
        }

        (newest.State, newest.Node, newest.Inputs, newest.StartedAt) = (RunState.Running, _node, inputs, Now);
        (newest.EndedAt, newest.Done, newest.Total, newest.Outcome) = (null, 0, 0, null);
        await registry.SaveChangesAsync(ct);
        return RunOf(newest) with { KnownReleases = await Releases.NewestAsync(registry, ct) };
    }

    public async Task ProgressAsync(JobRun run, int done, int total, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await Held(registry, run).ExecuteUpdateAsync(r => r.SetProperty(x => x.Done, done).SetProperty(x => x.Total, total), ct);
    }

    public async Task<int?> CommitAsync(JobRun run, IReadOnlyList<ResultDraft> results, IReadOnlyList<ShownGroup> shown, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await registry.Database.BeginTransactionAsync(ct);
        var now = Now;
        var isOurs = await Held(registry, run).ExecuteUpdateAsync(r => r.SetProperty(x => x.State, RunState.Committed).SetProperty(x => x.EndedAt, now), ct);
        if (isOurs == 0) return null;
        var stored = 0;
        foreach (var group in results.GroupBy(r => (r.Key.Kind, r.Key.Period)))
        {
            var newest = (await Results.NewestRowsAsync(registry, group.Key.Kind, group.Key.Period, ct)).ToDictionary(r => r.Subject, StringComparer.Ordinal);
            foreach (var (key, json) in group)
            {
                var before = newest.GetValueOrDefault(ResultRow.SubjectOf(key.Subject));
                if (before is not null && before.Json.AsSpan().SequenceEqual(json)) continue;
                registry.Results.Add(new()
                {
                    Kind = key.Kind, Subject = ResultRow.SubjectOf(key.Subject), Period = key.Period, Version = (before?.Version ?? 0) + 1, CreatedAt = now, Json = json,
                    Changes = before is null ? null : JsonChanges.Between(before.Json, json),
                });
                stored++;
            }
        }

        var outcome = run.Outcome ?? $"{stored} new of {results.Count}";
        await Releases.AddAsync(registry, shown, run.KnownReleases, ct);
        await registry.SaveChangesAsync(ct);
        await Of(registry, run).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.Done, results.Count).SetProperty(x => x.Total, results.Count).SetProperty(x => x.Outcome, outcome), ct);
        await transaction.CommitAsync(ct);
        return stored;
    }

    public async Task FailAsync(JobRun run, string why, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        var now = Now;
        await Held(registry, run).ExecuteUpdateAsync(
            r => r.SetProperty(x => x.State, RunState.Failed).SetProperty(x => x.EndedAt, now).SetProperty(x => x.Outcome, why), ct);
    }

    public async Task<IReadOnlyList<JobRun>> RecentAsync(int limit, CancellationToken ct)
    {
        await using var registry = await contexts.CreateDbContextAsync(ct);
        return [.. (await registry.JobRuns.AsNoTracking().OrderByDescending(r => r.StartedAt).Take(limit).ToListAsync(ct)).Select(RunOf)];
    }

    private static IQueryable<JobRunRow> Of(RegistryContext registry, JobRun run) =>
        registry.JobRuns.Where(r => r.Job == run.Job && r.Period == run.Period && r.Version == run.Version);

    // Whoever began it last holds it.
    private static IQueryable<JobRunRow> Held(RegistryContext registry, JobRun run) =>
        Of(registry, run).Where(r => r.State == RunState.Running && r.Node == run.Node && r.StartedAt == run.StartedAt);

    private static JobRun RunOf(JobRunRow row) => new(
        row.Job, row.Period, row.Version, row.Inputs, row.State, row.Node, row.StartedAt, row.EndedAt, row.Done, row.Total, row.Outcome);
}
