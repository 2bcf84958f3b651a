using System.Runtime.CompilerServices;
using Grid.Domain;
using Grid.Ingest;
using Grid.Storage;

namespace Grid.Server;

/// <summary>Copies journal, registry and readings into a folder, whichever stores they are in, while the server goes on.</summary>
internal sealed class Backup(IServiceProvider services, GridOptions options, BackupFolder folder, StageProgress progress)
{
    public const string ReadingsName = "readings.ndjson.gz";
    public const string JournalName = "journal.db";
    public const string MosquittoName = "mosquitto";

    /// <summary>Before and after all that a meter can have told.</summary>
    public static readonly (Instant From, Instant To) Always = (Instant.FromUtc(1700, 1, 1, 0, 0), Instant.FromUtc(2200, 1, 1, 0, 0));

    private readonly RegistryTables _registry = services.GetRequiredService<RegistryTables>();
    private readonly IReadingStore _store = services.GetRequiredService<IReadingStore>();
    private readonly TimeProvider _clock = services.GetRequiredService<TimeProvider>();

    public static string TableName(string table) => $"registry/{table}.ndjson.gz";

    /// <exception cref="UsageException">The folder is not empty, or there is nothing to back up.</exception>
    public async Task<Manifest> RunAsync(CancellationToken ct)
    {
        var schema = await _registry.SchemaAsync(ct);
        if (await _registry.SchemaThereAsync(ct) is var there && !string.Equals(there, schema, StringComparison.Ordinal))
            throw new UsageException(there is null
                ? $"There is no registry in {options.DataDirectory} or where Grid:Registry points: nothing to back up. Is the configuration the server's?"
                : $"The registry's form is '{there}', this release's is '{schema}': back up with the release that serves it.");
        await _store.CheckAsync(ct);
        folder.Create();
        var startedAt = _clock.GetUtcNow();
        // Readings go from the journal to the store, then into the ledger, and only then out of the journal. Copied in the order journal, registry, readings, what had left the journal is in
        // both others, and what the ledger's copy calls stored is among the readings.
        var journal = CopyJournal();
        var tables = await CopyRegistryAsync(ct);
        var (meters, readings) = await CopyReadingsAsync(ct);
        await CopyMosquittoAsync(ct);
        await ReadBackAsync(tables, readings, journal, ct);
        List<FileMark> files = [];
        foreach (var name in folder.Files()) files.Add(await folder.MarkOfAsync(name, ct));
        Manifest manifest = new(Manifest.PresentFormat, schema, startedAt, _clock.GetUtcNow(), options.Ingest.MaxAge, meters, readings, tables, files, journal);
        folder.Finish(manifest);
        return manifest;
    }

    private JournalTotals? CopyJournal()
    {
        var journal = Path.Combine(options.DataDirectory, JournalName);
        if (!File.Exists(journal)) return null;
        folder.CreateFile(JournalName).Dispose(); // private before anything is in it
        JournalCopy.Make(journal, folder[JournalName]);
        using (var copy = File.OpenWrite(folder[JournalName])) copy.Flush(flushToDisk: true);
        return JournalCopy.Count(folder[JournalName]);
    }

    private async Task<IReadOnlyDictionary<string, LineTotals>> CopyRegistryAsync(CancellationToken ct)
    {
        SortedDictionary<string, LineTotals> tables = new(StringComparer.Ordinal);
        await _registry.ReadAsync(async (table, rows) =>
        {
            LineCount count = new();
            await folder.WriteLinesAsync(TableName(table), Counted(table, rows, count, ct), ct);
            tables[table] = count.Totals;
            return count.Rows;
        }, ct);
        return tables;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> Counted(string table, IAsyncEnumerable<ReadOnlyMemory<byte>> rows, LineCount count, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in rows.WithCancellation(ct))
        {
            count.Add(row.Span);
            progress.Tell($"Rows of {table}", count.Rows);
            yield return row;
        }
    }

    private async Task<(int Meters, ReadingTotals Readings)> CopyReadingsAsync(CancellationToken ct)
    {
        var meters = await _store.MetersAsync(ct);
        ReadingCount count = new();
        var withReadings = 0;
        await folder.WriteLinesAsync(ReadingsName, LinesAsync(), ct);
        return (withReadings, count.Totals);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync()
        {
            foreach (var (done, meter) in meters.Index())
            {
                progress.Tell("Meters", done, meters.Count);
                var before = count.Count;
                await foreach (var reading in _store.ReadAsync(meter, Always.From, Always.To, ct))
                {
                    var line = ReadingLine.Of(reading);
                    count.Add(reading, line);
                    yield return line;
                }

                if (count.Count > before) withReadings++;
            }
        }
    }

    // Mosquitto's own hashes of the gateways' secrets: nothing else has them.
    private async Task CopyMosquittoAsync(CancellationToken ct)
    {
        var files = Path.Combine(options.DataDirectory, MosquittoName);
        if (!Directory.Exists(files)) return;
        foreach (var file in Directory.EnumerateFiles(files)) await BackupFolder.CopyAsync(file, folder[Path.Combine(MosquittoName, Path.GetFileName(file))], ct);
    }

    /// <summary>What cannot be read back is no backup.</summary>
    private async Task ReadBackAsync(IReadOnlyDictionary<string, LineTotals> tables, ReadingTotals readings, JournalTotals? journal, CancellationToken ct)
    {
        foreach (var (table, totals) in tables)
        {
            LineCount count = new();
            await foreach (var line in folder.ReadLinesAsync(TableName(table), ct)) count.Add(line.Span);
            Require(TableName(table), count.Totals == totals);
        }

        ReadingCount read = new();
        await foreach (var line in folder.ReadLinesAsync(ReadingsName, ct))
        {
            read.Add(ReadingLine.Parse(line.Span), line.Span);
            progress.Tell("Readings read back", read.Count, readings.Count);
        }

        Require(ReadingsName, read.Totals == readings);
        if (journal is not null) Require(JournalName, JournalCopy.Count(folder[JournalName]) == journal);
    }

    private void Require(string name, bool isWhole)
    {
        if (!isWhole) throw new IOException($"{folder[name]} reads back otherwise than it was written: see to that disk, and take another backup.");
    }
}
