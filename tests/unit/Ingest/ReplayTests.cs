using System.Security.Cryptography;
using System.Text;
using Grid.Domain;
using Grid.Ingest;
using Grid.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.UnitTests.Ingest;

public sealed class ReplayTests : IAsyncLifetime
{
    private const string Topic = "grid/v1/gw-1/readings";
    private static readonly GatewayName Ours = GatewayName.Parse("gw-1");
    private static readonly Instant Arrived = Instant.FromUtc(2026, 9, 1, 12, 0);

    private readonly string _directory = Directory.CreateTempSubdirectory("grid-replay-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeRegistry _registry = new();
    private readonly FakeQuarantine _quarantine = new();
    private CurrentRegistry _current = null!;
    private Gate _gate = null!;
    private Journal _journal = null!;
    private QuarantineReplay _replay = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var options = new IngestOptions();
        _current = new(_registry);
        _gate = new(_current, new EverythingIsLet(), new(options), new(options));
        _journal = new(Path.Combine(_directory, "journal.db"), options, Instruments.Metrics(), _clock, NullLogger<Journal>.Instance);
        _replay = new(_quarantine, _registry, _current, _gate, _journal, _clock, NullLogger<QuarantineReplay>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _replay.Dispose();
        await _journal.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_reading_refused_before_its_meter_was_registered_goes_to_the_journal_as_of_its_arrival()
    {
        Refuse("""{"epoch":7,"seq":9,"readings":[{"meter":"m-1","at":"2026-09-01T11:59:00Z","importWh":5,"powerW":3}]}""");
        await RegisterAsync();

        (await _replay.RunOnceAsync(Stop)).Should().Be(1);

        var entry = (await JournalAsync()).Should().ContainSingle().Subject;
        (entry.Gateway, entry.ReceivedAt, entry.Epoch, entry.Seq).Should().Be((Ours, Arrived, null, null));
        entry.Readings.Should().ContainSingle().Which.Registers.ImportWh.Should().Be(5);
        entry.Refused.Should().BeEmpty("its age is judged as of its arrival");
        _quarantine.Replayed.Should().Equal(_quarantine.Asked[0].Id);
    }

    [Fact]
    public async Task What_is_refused_again_for_the_same_reason_is_the_same_item()
    {
        Refuse("""{"epoch":7,"seq":9,"readings":[{"meter":"m-2","at":"2026-09-01T11:59:00Z","importWh":5},{"meter":"m-1","at":"2026-09-01T11:59:00Z"}]}""");
        Refuse("not JSON");
        await RegisterAsync();
        _quarantine.Asked.Should().HaveCount(3);

        await _replay.RunOnceAsync(Stop);

        (await JournalAsync()).SelectMany(e => e.Refused).Select(r => r.Id).Should().Equal(_quarantine.Asked.Select(i => i.Id));
        _quarantine.Replayed.Should().HaveCount(3);
    }

    [Fact]
    public async Task What_was_not_kept_whole_is_marked_and_goes_nowhere()
    {
        Refuse(new string('x', 70_000));
        await RegisterAsync();

        await _replay.RunOnceAsync(Stop);

        _journal.PendingItems.Should().Be(0);
        _quarantine.Replayed.Should().ContainSingle();
    }

    [Fact]
    public async Task What_does_not_say_itself_when_it_was_read_is_not_stamped_with_a_guess()
    {
        byte[] timeless = [.. """[{"bn":"m-1/","n":"import","u":"Wh","v":5}]"""u8], stamped = [.. """[{"bn":"m-1/","bt":1788263940,"n":"import","u":"Wh","v":5}]"""u8];
        foreach (var pack in new[] { timeless, stamped })
            _quarantine.Asked.Add(QuarantineForm.Message(Ours, "grid/v1/gw-1/senml", Arrived, pack, new(Reason.UnsupportedTopic, "an earlier release")));
        await RegisterAsync();

        var entries = _quarantine.Asked.Select(_replay.Entry).ToList();

        entries[0].Should().BeNull();
        entries[1]!.Refused.Should().BeEmpty();
        entries[1]!.Readings.Should().ContainSingle().Which.At.Should().Be(Instant.FromUnixTimeSeconds(1_788_263_940));
    }

    [Fact]
    public async Task Nothing_is_replayed_before_this_process_has_seen_the_registry_as_it_is()
    {
        Refuse("""{"epoch":7,"seq":9,"readings":[{"meter":"m-1","at":"2026-09-01T11:59:00Z","importWh":5}]}""");
        _registry.Version = 2;

        (await _replay.RunOnceAsync(Stop)).Should().Be(0);

        _quarantine.Replayed.Should().BeEmpty();
    }

    [Fact]
    public async Task A_declaration_of_lost_numbers_keeps_the_epoch_that_it_speaks_of()
    {
        Refuse("""{"epoch":7,"seq":9,"type":"lost","at":"2026-09-01T13:00:00Z","from":3,"to":5}""", "events");
        _quarantine.Asked[0] = _quarantine.Asked[0] with { ReceivedAt = Arrived + Duration.FromHours(1) }; // our own clock was wrong
        await RegisterAsync();

        await _replay.RunOnceAsync(Stop);

        (await JournalAsync()).Should().ContainSingle().Which.Should().Match<JournalEntry>(e => e.Epoch == 7 && e.Seq == 9 && e.Event!.Lost!.Value.From == 3);
    }

    [Theory]
    [InlineData("readings", "{}", -1, true, true)]
    [InlineData("senml", "[]", -1, true, true)]
    [InlineData("readings", "{}", 3, true, true)]
    [InlineData("senml", "{}", 3, true, false)]
    [InlineData("readings", "{}", -1, false, false)]
    public void What_is_whole_and_says_something_by_itself_can_be_replayed(string topic, string body, int index, bool whole, bool can)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var fault = new Fault(Reason.Malformed, "");
        var item = index < 0
            ? QuarantineForm.Message(Ours, $"grid/v1/gw-1/{topic}", Arrived, bytes, fault)
            : QuarantineForm.Faulty(Ours, $"grid/v1/gw-1/{topic}", Arrived, bytes, new(index, null, null, fault, 0, bytes.Length));

        ReplayRule.Allows(whole ? item : item with { Sha256 = Convert.ToHexStringLower(SHA256.HashData([1])) }).Should().Be(can);
    }

    private void Refuse(string payload, string topic = "readings")
    {
        foreach (var item in _gate.Inspect(Ours, $"grid/v1/gw-1/{topic}", default(Envelope), Encoding.UTF8.GetBytes(payload), Arrived).Refused) _quarantine.Asked.Add(item);
    }

    private Task RegisterAsync()
    {
        _registry.Version = 1;
        return _current.RefreshAsync(Stop);
    }

    private async Task<List<JournalEntry>> JournalAsync() => [.. (await _journal.ReadAsync(0, 100, Stop)).SelectMany(g => g.Entries)];

    private sealed class FakeRegistry : IRegistry
    {
        public long Version { get; set; }

        public Task<long> VersionAsync(CancellationToken ct) => Task.FromResult(Version);

        public Task<RegistrySnapshot> ReadAsync(CancellationToken ct) => Task.FromResult(new RegistrySnapshot(
            Version, "n", LocalCalendar.DefaultZone, [], [new(MeterName.Parse("m-1"), MeterKind.Main, Ours, null, Instant.FromUtc(2020, 1, 1, 0, 0), null)], []));
    }

    private sealed class FakeQuarantine : IQuarantine
    {
        public IList<QuarantinedItem> Asked { get; } = [];

        public IList<string> Replayed { get; } = [];

        public Task<IReadOnlyList<QuarantinedItem>> AskedAsync(int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<QuarantinedItem>>([.. Asked.Take(limit)]);

        public Task MarkReplayedAsync(IReadOnlyCollection<string> ids, Instant at, CancellationToken ct)
        {
            foreach (var id in ids) Replayed.Add(id);
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<QuarantinedItem> ReadAsync(QuarantineFilter filter, CancellationToken ct) => throw new NotSupportedException();

        public Task<int> TrimAsync(int maxBodies, long maxBodyBytes, int maxItems, CancellationToken ct) => throw new NotSupportedException();

        public Task AskReplayAsync(IReadOnlyCollection<string> ids, Instant at, CancellationToken ct) => throw new NotSupportedException();
    }
}
