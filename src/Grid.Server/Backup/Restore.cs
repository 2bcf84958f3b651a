using System.Globalization;
using Grid.Analytics;
using Grid.Domain;
using Grid.Ingest;
using Grid.Storage;

namespace Grid.Server;

/// <summary>What was restored is not what the backup holds: the message names what differs. Exit code 1.</summary>
internal sealed class RestoreDiffersException(string message) : Exception(message);

/// <summary>
/// Fills an empty installation from a backup, whichever stores either has. The registry comes last and in one transaction: where it is empty, nothing is served from a restore that was
/// cut short.
/// </summary>
internal sealed class Restore(IServiceProvider services, GridOptions options, BackupFolder folder, StageProgress progress)
{
    private const int ReadingsAtOnce = 20_000;
    private const int Named = 5;
    private const string StartOver = "What is there now is a part: empty the target and restore again.";

    private readonly RegistryTables _registry = services.GetRequiredService<RegistryTables>();
    private readonly IReadingStore _store = services.GetRequiredService<IReadingStore>();

    private string Journal => Path.Combine(options.DataDirectory, Backup.JournalName);

    /// <exception cref="UsageException">The backup is not whole or not for this release, or the target is not empty; nothing was changed.</exception>
    /// <exception cref="RestoreDiffersException">What was written is not what the backup holds.</exception>
    public async Task<Manifest> RunAsync(CancellationToken ct)
    {
        var manifest = folder.ReadManifest();
        if (await _registry.SchemaAsync(ct) is var schema && !string.Equals(schema, manifest.Schema, StringComparison.Ordinal))
            throw new UsageException($"The backup's registry has the form '{manifest.Schema}', this release's is '{schema}': restore with a release of that form, then start this one.");
        await folder.CheckAsync(manifest, ct);
        using var node = NodeLock.Take(options.DataDirectory);
        await RequireEmptyAsync(ct);
        await services.MigrateRegistryAsync(ct);
        var touched = await ReadingsAsync(manifest, ct);
        await JournalAsync(manifest, ct);
        await MosquittoAsync(manifest, ct);
        await RegistryAsync(manifest, touched, ct);
        return manifest;
    }

    private async Task RequireEmptyAsync(CancellationToken ct)
    {
        List<string> found = [];
        await _store.CheckAsync(ct);
        if (await _store.MetersAsync(ct) is [var first, ..] meters) found.Add($"the reading store holds readings of {Counted.Of(meters.Count, "meter")}, such as {first}");
        var there = await _registry.SchemaThereAsync(ct);
        if (there is not null && !string.Equals(there, await _registry.SchemaAsync(ct), StringComparison.Ordinal))
            found.Add($"the registry is another release's, of the form '{there}'");
        else if (there is not null && await _registry.FilledAsync(ct) is { Count: > 0 } tables)
            found.Add($"the registry has rows in {string.Join(", ", tables.Take(Named).Select(t => t.Table))}{(tables.Count > Named ? $" and {Counted.Of(tables.Count - Named, "other table")}" : "")}");
        if (File.Exists(Journal)) found.Add($"{Journal} is there");
        var mosquitto = Path.Combine(options.DataDirectory, Backup.MosquittoName);
        if (Directory.Exists(mosquitto) && Directory.EnumerateFileSystemEntries(mosquitto).Any()) found.Add($"{mosquitto} is not empty");
        if (found.Count > 0)
            throw new UsageException($"The target is not empty: {string.Join("; ", found)}. Nothing was restored. Name an empty data directory, and an empty database of InfluxDB and of PostgreSQL where configuration has them.");
    }

    /// <returns>From when to when each meter's days may lack what settled while the backup was taken.</returns>
    private async Task<IReadOnlyDictionary<MeterName, Slot>> ReadingsAsync(Manifest manifest, CancellationToken ct)
    {
        var maxAge = manifest.MaxAge > options.Ingest.MaxAge ? manifest.MaxAge : options.Ingest.MaxAge;
        // A reading as old as may be changes the days of the gap that it falls into.
        var late = Instant.FromDateTimeOffset(manifest.StartedAt) - Duration.FromTimeSpan(maxAge) - Duration.FromDays(FlatGaps.GapDays);
        Dictionary<MeterName, Slot> touched = [];
        List<Reading> batch = [];
        HashSet<MeterName> meters = [];
        var (lines, written) = (0L, 0L);
        await foreach (var line in folder.ReadLinesAsync(Backup.ReadingsName, ct))
        {
            lines++;
            try
            {
                batch.Add(ReadingLine.Parse(line.Span));
            }
            catch (FormatException fault)
            {
                throw new UsageException($"{folder[Backup.ReadingsName]}, line {lines}: {fault.Message}");
            }

            meters.Add(batch[^1].Meter);
            if (batch[^1].At >= late) touched[batch[^1].Meter] = new(touched.TryGetValue(batch[^1].Meter, out var span) ? span.Start : batch[^1].At, batch[^1].At);
            if (batch.Count == ReadingsAtOnce) await WriteAsync();
        }

        await WriteAsync();
        ReadingCount count = new();
        foreach (var (done, meter) in meters.Index())
        {
            progress.Tell("Meters compared", done, meters.Count);
            await foreach (var reading in _store.ReadAsync(meter, Backup.Always.From, Backup.Always.To, ct)) count.Add(reading, ReadingLine.Of(reading));
        }

        if (count.Totals != manifest.Readings) throw Differs("the readings", manifest.Readings, count.Totals);
        return touched;

        async Task WriteAsync()
        {
            if (await _store.WriteAsync(batch, ct) is [var refused, ..] all)
                throw new RestoreDiffersException($"The reading store refuses {all.Count} of {batch.Count} readings, such as {batch[refused.Position].Meter} at {batch[refused.Position].At}: {refused.Why} {StartOver}");
            written += batch.Count;
            batch.Clear();
            progress.Tell("Readings", written, manifest.Readings.Count);
        }
    }

    private async Task JournalAsync(Manifest manifest, CancellationToken ct)
    {
        if (manifest.Journal is not { } journal) return;
        var fresh = Journal + ".new";
        await BackupFolder.CopyAsync(folder[Backup.JournalName], fresh, ct);
        if (JournalCopy.Count(fresh) is var found && found != journal) throw Differs("the journal", journal, found);
        File.Move(fresh, Journal);
    }

    private async Task RegistryAsync(Manifest manifest, IReadOnlyDictionary<MeterName, Slot> touched, CancellationToken ct) =>
        await _registry.WriteAsync(
            table => manifest.Tables.ContainsKey(table) ? folder.ReadLinesAsync(Backup.TableName(table), ct) : AsyncEnumerable.Empty<ReadOnlyMemory<byte>>(),
            async (table, rows) =>
            {
                LineCount count = new();
                await foreach (var row in rows.WithCancellation(ct)) count.Add(row.Span);
                progress.Tell($"Rows of {table}", count.Rows);
                if (manifest.Tables.GetValueOrDefault(table) is { } expected && expected != count.Totals) throw Differs($"the registry's table {table}", expected, count.Totals);
            },
            touched,
            ct);

    private async Task MosquittoAsync(Manifest manifest, CancellationToken ct)
    {
        foreach (var name in manifest.Files.Select(f => f.Name).Where(n => n.StartsWith(Backup.MosquittoName + "/", StringComparison.Ordinal)))
            await BackupFolder.CopyAsync(folder[name], Path.Combine(options.DataDirectory, Backup.MosquittoName, Path.GetFileName(name)), ct);
    }

    private static RestoreDiffersException Differs(string what, object expected, object found) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Of {what} the backup holds {expected}, the target {found}. {StartOver}"));
}
