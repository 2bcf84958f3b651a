using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Grid.Domain;
using Microsoft.Extensions.Logging;

namespace Grid.Storage;

/// <summary>Readings in InfluxDB: one point a reading, so that writing one again leaves one.</summary>
public sealed partial class InfluxReadingStore(InfluxClient influx, ILogger<InfluxReadingStore> logger, TimeProvider clock) : IReadingStore
{
    private const int PageSize = 20_000;
    private const int LinesARequest = 5_000;
    private const int RequestsAtOnce = 2;
    private const int MetersForgottenAtOnce = 50;
    private const string Columns =
        $"{InfluxSchema.ImportWh}, {InfluxSchema.ExportWh}, {InfluxSchema.TariffWh}, {InfluxSchema.PowerW}, {InfluxSchema.VoltageV}";

    private static readonly string FirstPage = $"time ASC LIMIT {PageSize.ToString(CultureInfo.InvariantCulture)}";

    private readonly PatientRetry _retry = new(clock);
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _buffers = []; // large objects: made anew for each request they bring full collections

    public async Task<IReadOnlyList<RefusedReading>> WriteAsync(IReadOnlyList<Reading> readings, CancellationToken ct)
    {
        ConcurrentQueue<RefusedReading> refused = new();
        var starts = Enumerable.Range(0, (readings.Count + LinesARequest - 1) / LinesARequest).Select(i => i * LinesARequest);
        await Parallel.ForEachAsync(
            starts,
            new ParallelOptions { MaxDegreeOfParallelism = RequestsAtOnce, CancellationToken = ct },
            async (start, stop) => await WriteAsync(readings, start, Math.Min(LinesARequest, readings.Count - start), refused, stop));
        return [.. refused.OrderBy(r => r.Position)];
    }

    public async Task<IReadOnlyList<Reading>> ReadAroundAsync(MeterName meter, Instant from, Instant to, CancellationToken ct)
    {
        // One request: most of what a small one costs is the way there and back.
        string[] statements =
        [
            Statement(meter, $"time < {Ms(from)}", "time DESC LIMIT 1"),
            Statement(meter, Within(from, to), FirstPage),
            Statement(meter, $"time >= {Ms(to)}", "time ASC LIMIT 1"),
        ];
        var answers = await influx.QueryAsync(string.Join("; ", statements), ct);
        var within = ReadingsOf(meter, answers[1]);
        if (within.Count == PageSize)
            await foreach (var reading in ReadAsync(meter, within[^1].At + Duration.FromMilliseconds(1), to, ct)) within.Add(reading);
        return [.. ReadingsOf(meter, answers[0]), .. within, .. ReadingsOf(meter, answers[2])];
    }

    public async IAsyncEnumerable<Reading> ReadAsync(MeterName meter, Instant from, Instant to, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var page = ReadingsOf(meter, (await influx.QueryAsync(Statement(meter, Within(from, to), FirstPage), ct))[0]);
            foreach (var reading in page) yield return reading;
            if (page.Count < PageSize) yield break;
            from = page[^1].At + Duration.FromMilliseconds(1);
        }
    }

    public async Task<IReadOnlyDictionary<MeterName, Reading>> LatestAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct)
    {
        Dictionary<MeterName, Reading> latest = [];
        foreach (var some in meters.Chunk(50))
        {
            var answers = await influx.QueryAsync(string.Join("; ", some.Select(m => Statement(m, null, "time DESC LIMIT 1"))), ct);
            foreach (var (meter, answer) in some.Zip(answers))
                if (ReadingsOf(meter, answer) is [var reading]) latest[meter] = reading;
        }

        return latest;
    }

    public async Task<IReadOnlyList<MeterName>> MetersAsync(CancellationToken ct)
    {
        var answer = (await influx.QueryAsync($"SHOW TAG VALUES FROM {InfluxSchema.Reading} WITH KEY = \"{InfluxSchema.MeterTag}\"", ct))[0];
        return [.. answer.SelectMany(series => series.Values).Select(row => MeterName.Parse(row[1].GetString())).Order()];
    }

    public async Task ForgetAsync(Instant before, CancellationToken ct)
    {
        var latest = await LatestAsync(await MetersAsync(ct), ct);
        try
        {
            foreach (var some in latest.Values.Where(newest => newest.At >= before).Chunk(MetersForgottenAtOnce))
                await influx.ChangeAsync($"DELETE FROM {InfluxSchema.Reading} WHERE ({string.Join(" OR ", some.Select(newest => Of(newest.Meter)))}) AND time < {Ms(before)}", ct);
            foreach (var silent in latest.Values.Where(newest => newest.At < before))
                await influx.ChangeAsync($"DELETE FROM {InfluxSchema.Reading} WHERE {Of(silent.Meter)} AND time < {Ms(silent.At)}", ct);
        }
        catch (InfluxException refused)
        {
            throw new InvalidOperationException($"InfluxDB deletes no readings for Grid:Store:User: {refused.Message} Give that account the right to write, or let InfluxDB itself delete by a retention policy.", refused);
        }
    }

    public async Task CheckAsync(CancellationToken ct)
    {
        try
        {
            await influx.QueryAsync($"SELECT * FROM {InfluxSchema.Reading} LIMIT 1", ct);
        }
        catch (InfluxException refused)
        {
            throw new InvalidOperationException(
                $"{refused.Message} Check Grid:Store:Database (create it: CREATE DATABASE \"grid\"), Grid:Store:User and Grid:Store:Password.", refused);
        }
    }

    private static string Within(Instant from, Instant to) => $"time >= {Ms(from)} AND time < {Ms(to)}";

    private static string Ms(Instant at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) + "ms";

    // Meter names are identifiers: nothing in them can end the literal.
    private static string Of(MeterName meter) => $"{InfluxSchema.MeterTag} = '{meter}'";

    private static string Statement(MeterName meter, string? where, string order) =>
        $"SELECT {Columns} FROM {InfluxSchema.Reading} WHERE {Of(meter)}{(where is null ? "" : " AND " + where)} ORDER BY {order}";

    private static List<Reading> ReadingsOf(MeterName meter, IReadOnlyList<InfluxSeries> answer) =>
    [
        .. answer.SelectMany(series => series.Values).Select(row => new Reading(
            meter,
            Instant.FromUnixTimeMilliseconds(row[0].GetInt64()),
            new(row[1].GetInt64(), IsNull(row[2]) ? null : row[2].GetInt64(), IsNull(row[3]) ? null : TariffRegisters.Parse(row[3].GetString()!)),
            IsNull(row[4]) ? null : row[4].GetDouble(),
            IsNull(row[5]) ? null : row[5].GetDouble())),
    ];

    private static bool IsNull(JsonElement cell) => cell.ValueKind == JsonValueKind.Null;

    private async Task WriteAsync(IReadOnlyList<Reading> readings, int start, int count, ConcurrentQueue<RefusedReading> refused, CancellationToken ct)
    {
        var lines = _buffers.TryTake(out var kept) ? kept : new(count * 128);
        var failed = false;
        var protocol = new LineProtocol(lines);
        for (var i = start; i < start + count; i++) Encode(protocol, readings[i]);
        try
        {
            await _retry.RunAsync(token => influx.WriteAsync(lines.WrittenMemory, token), Failed, ct);
            if (failed) return; // a request that was given up may still be reading its buffer
            lines.ResetWrittenCount();
            _buffers.Add(lines);
        }
        catch (InfluxException bad) when (bad.RefusesLines)
        {
            // The good lines of a refused request may or may not be in; writing them again does no harm.
            if (count == 1)
            {
                refused.Enqueue(new(start, bad.Body));
                return;
            }

            await WriteAsync(readings, start, count / 2, refused, ct);
            await WriteAsync(readings, start + (count / 2), count - (count / 2), refused, ct);
        }

        void Failed(Exception why)
        {
            failed = true;
            Log.Waiting(logger, why.Message);
        }
    }

    internal static void Encode(LineProtocol protocol, Reading reading) => protocol
        .Start(InfluxSchema.Reading, InfluxSchema.MeterTag, reading.Meter.Value)
        .Field(InfluxSchema.ImportWh, reading.Registers.ImportWh)
        .Field(InfluxSchema.ExportWh, reading.Registers.ExportWh)
        .Field(InfluxSchema.TariffWh, reading.Registers.TariffWh?.ToString())
        .Field(InfluxSchema.PowerW, reading.PowerW)
        .Field(InfluxSchema.VoltageV, reading.VoltageV)
        .End(reading.At);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The reading store does not take writes, trying again: {Why}")]
        public static partial void Waiting(ILogger logger, string why);
    }
}
