using System.Collections.Concurrent;
using System.Diagnostics;
using Grid.Domain;
using Grid.Ingest;
using Grid.Wire;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.UnitTests.Ingest;

public sealed class SettleWorkerTests : IAsyncDisposable
{
    private const int SqliteFull = 13;
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 24, 12, 0);
    private static readonly GatewayName Gateway = GatewayName.Parse("gw-1");

    private readonly string _directory = Directory.CreateTempSubdirectory("grid-settle-").FullName;
    private readonly FakeTimeProvider _clock = new(Noon.ToDateTimeOffset());
    private readonly Backends _backends = new();
    private readonly Journal _journal;
    private readonly Correspondence _correspondence;
    private readonly SettleWorker _worker;

    public SettleWorkerTests()
    {
        var metrics = Instruments.Metrics();
        _journal = new(Path.Combine(_directory, "journal.db"), new(), metrics, _clock, NullLogger<Journal>.Instance);
        _correspondence = new(_journal, _backends, _backends, _backends, new(), metrics, _clock, NullLogger<Correspondence>.Instance);
        Settler settler = new(_backends, _backends, new NoOtherNodes(), new(new NoRegistry()), metrics);
        _worker = new(_journal, settler, _correspondence, _backends, _backends, _clock, NullLogger<SettleWorker>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_whose_disk_is_full_is_waited_for_however_long_although_it_answers()
    {
        var full = true;
        _backends.Writing = _ => full ? throw new SqliteException("database or disk is full", SqliteFull) : 0;
        await OfferAsync("m-1");
        await _worker.StartAsync(Stop);
        await PassUntilAsync(() => _backends.Writes >= 30);
        _journal.PendingItems.Should().Be(1);

        full = false;

        await PassUntilAsync(() => _journal.PendingItems == 0);
        _backends.Stored.Should().ContainSingle();
    }

    [Fact]
    public async Task A_group_that_is_itself_at_fault_is_set_aside_and_those_after_it_are_settled()
    {
        _backends.Writing = meter => meter.Value == "m-poison" ? throw new InvalidOperationException("no store will ever take this") : 0;
        await OfferAsync("m-poison");
        await OfferAsync("m-1");
        await OfferAsync("m-2");

        await _worker.StartAsync(Stop);
        await PassUntilAsync(() => _journal.PendingItems == 0);

        _backends.Stored.Select(r => r.Meter.Value).Should().Equal("m-1", "m-2");
        await _worker.StopAsync(Stop);
        await _journal.DisposeAsync();
        await using Journal next = new(Path.Combine(_directory, "journal.db"), new(), Instruments.Metrics(), _clock, NullLogger<Journal>.Instance);
        next.PendingItems.Should().Be(1, "the next process tries it again");
    }

    [Fact]
    public async Task A_backlog_that_is_read_ahead_is_settled_once_and_in_order_around_a_group_that_is_at_fault()
    {
        _backends.Writing = meter => meter.Value == "m-poison" ? throw new InvalidOperationException("no store will ever take this") : 0;
        for (var group = 0; group < 20; group++) await OfferAsync(group == 13 ? "m-poison" : $"m-{group:00}", readings: 5_000);
        _journal.PendingItems.Should().Be(100_000);

        await _worker.StartAsync(Stop);
        await PassUntilAsync(() => _journal.PendingItems == 0);

        _backends.Stored.Select(r => (r.Meter.Value, r.Registers.ImportWh)).Should()
            .Equal(Enumerable.Range(0, 20).Where(g => g != 13).SelectMany(g => Enumerable.Range(0, 5_000).Select(i => ($"m-{g:00}", (long)i))));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_kept_and_read_when_it_can_be()
    {
        await OfferAsync("m-1");
        Run("ALTER TABLE groups RENAME TO elsewhere");
        await _worker.StartAsync(Stop);
        await PassUntilAsync(() => _clock.GetUtcNow() > Noon.ToDateTimeOffset().AddMinutes(1));
        _journal.PendingItems.Should().Be(1);

        Run("ALTER TABLE elsewhere RENAME TO groups");

        await PassUntilAsync(() => _journal.PendingItems == 0);
        _backends.Stored.Should().ContainSingle();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(CancellationToken.None);
        _worker.Dispose();
        _correspondence.Dispose();
        await _journal.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Each in a commit group of its own.</summary>
    private async Task OfferAsync(string meter, int readings = 1)
    {
        AwaitedReceipt receipt = new();
        var several = Enumerable.Range(0, readings).Select(i => new Reading(MeterName.Parse(meter), Noon + Duration.FromMinutes(i), new(i))).ToList();
        await _journal.OfferAsync(new(Gateway, Noon, null, null, several, null, []), receipt, Stop);
        await receipt.Task;
    }

    private void Run(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_directory, "journal.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Lets the test's clock run until something has happened.</summary>
    private async Task PassUntilAsync(Func<bool> happened)
    {
        for (var began = Stopwatch.GetTimestamp(); !happened(); await Task.Yield())
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30)) throw new TimeoutException("It has not happened.");
        }
    }

    private sealed class NoRegistry : IRegistry
    {
        public Task<long> VersionAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task<RegistrySnapshot> ReadAsync(CancellationToken ct) => throw new NotSupportedException();
    }

    /// <summary>A store and a ledger in memory, of which writing may fail.</summary>
    private sealed class Backends : IReadingStore, ILedger, IGatewayMail, IGatewayReports
    {
        public ConcurrentQueue<Reading> Stored { get; } = new();

        public Func<MeterName, int> Writing { get; set; } = _ => 0;

        public int Writes { get; private set; }

        public Task<IReadOnlyList<RefusedReading>> WriteAsync(IReadOnlyList<Reading> readings, CancellationToken ct)
        {
            Writes++;
            foreach (var reading in readings) Writing(reading.Meter);
            foreach (var reading in readings) Stored.Enqueue(reading);
            return Task.FromResult<IReadOnlyList<RefusedReading>>([]);
        }

        public Task CheckAsync(CancellationToken ct) => Task.CompletedTask;

        public Task<IReadOnlyList<MeterName>> MetersAsync(CancellationToken ct) => throw new NotSupportedException();

        public Task ForgetAsync(Instant before, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyList<Reading>> ReadAroundAsync(MeterName meter, Instant from, Instant to, CancellationToken ct) => Task.FromResult<IReadOnlyList<Reading>>([]);

        public IAsyncEnumerable<Reading> ReadAsync(MeterName meter, Instant from, Instant to, CancellationToken ct) => AsyncEnumerable.Empty<Reading>();

        public Task<IReadOnlyDictionary<MeterName, Reading>> LatestAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<MeterName, Reading>>(new Dictionary<MeterName, Reading>());

        public Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> RecordAsync(Settlement settlement, CancellationToken ct) => Task.FromResult(settlement.Sequences);

        public Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SequencesAsync(IReadOnlyCollection<GatewayName>? gateways, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<MeterName, IReadOnlyList<MeterEvent>>> RegisterBreaksAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<MeterName, IReadOnlyList<MeterEvent>>>(new Dictionary<MeterName, IReadOnlyList<MeterEvent>>());

        public Task SendAsync(GatewayName gateway, TopicKind kind, byte[] payload, bool retain, CancellationToken ct) => Task.CompletedTask;

        public Task NoteAsync(IReadOnlyCollection<Gap> gaps, CancellationToken ct) => Task.CompletedTask;

        public Task NoteLostAsync(IReadOnlyCollection<(GatewayEpoch Epoch, SequenceRange Numbers)> lost, Instant at, CancellationToken ct) => Task.CompletedTask;

        public Task NoteAsync(IReadOnlyCollection<ClockSkew> skews, CancellationToken ct) => Task.CompletedTask;

        public IAsyncEnumerable<Gap> GapsAsync(Instant from, Instant to, bool openOnly, CancellationToken ct) => AsyncEnumerable.Empty<Gap>();

        public Task<IReadOnlyList<ClockSkew>> SkewsAsync(CancellationToken ct) => throw new NotSupportedException();
    }
}
