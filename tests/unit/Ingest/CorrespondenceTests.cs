using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Grid.Domain;
using Grid.Ingest;
using Grid.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.UnitTests.Ingest;

public sealed class CorrespondenceTests : IAsyncDisposable
{
    private static readonly GatewayName Gateway = GatewayName.Parse("gw-1");

    private readonly string _directory = Directory.CreateTempSubdirectory("grid-mail-").FullName;
    private readonly CountingClock _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly Post _post = new();
    private readonly Journal _journal;
    private readonly Correspondence _correspondence;
    private int _heard;

    public CorrespondenceTests()
    {
        var metrics = Instruments.Metrics();
        _journal = new(Path.Combine(_directory, "journal.db"), new(), metrics, _clock, NullLogger<Journal>.Instance);
        _correspondence = new(_journal, _post, _post, _post, new(), metrics, _clock, NullLogger<Correspondence>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gateway_hears_every_epoch_that_it_may_wait_for_as_the_contract_spells_it()
    {
        await StartAsync();

        Settled((7, "1-3"), (8, "1"));

        (await HearsAsync(TopicKind.Ack)).Should().Be("""{"epochs":[{"epoch":7,"storedThrough":3},{"epoch":8,"storedThrough":1}]}""");
    }

    [Fact]
    public async Task Many_settlements_within_the_interval_are_one_ack()
    {
        await StartAsync();
        Settled((7, "1"));
        while (_post.Sent.IsEmpty) await TurnAsync();
        await HearsAsync(TopicKind.Ack);

        for (var i = 2; i <= 40; i++)
        {
            Settled((7, $"1-{i}"));
            await TurnAsync();
        }

        _post.Sent.Should().ContainSingle("the interval of 5 s is not over");
        (await HearsAsync(TopicKind.Ack)).Should().Contain("40");
    }

    [Fact]
    public async Task What_was_stored_before_the_start_is_said_again()
    {
        _post.Stored[new(Gateway, 7)] = SequenceSet.Parse("1-20");

        await StartAsync();

        (await HearsAsync(TopicKind.Ack)).Should().Contain("20");
    }

    [Fact]
    public async Task An_ack_that_could_not_be_sent_is_sent_later_with_what_has_come_since()
    {
        await StartAsync();
        _post.IsAway = true;
        Settled((7, "1"));
        Settled((7, "1-2"));
        await PassUntilAsync(() => _post.Refused > 0);

        _post.IsAway = false;

        (await HearsAsync(TopicKind.Ack)).Should().Contain("2");
    }

    [Fact]
    public async Task A_gap_is_asked_for_and_reported_and_its_end_too()
    {
        await StartAsync();
        Settled((7, "1-6,9"));

        (await HearsAsync(TopicKind.Backfill)).Should().Be("""{"epoch":7,"from":7,"to":8}""");
        Settled((7, "1-9"));
        await PassUntilAsync(() => _post.Gaps.Count == 2);

        _post.Gaps.Select(g => g.End).Should().Equal(null, GapEnd.Filled);
    }

    [Fact]
    public async Task What_a_gateway_declares_lost_is_reported_also_where_another_node_watches_the_gap()
    {
        await StartAsync();
        JournalEntry lost = new(Gateway, Now(), 7, 10, [], new(MeterEventKind.Lost, null, Now(), Lost: new(3, 5)), []);

        _correspondence.Note(new Dictionary<GatewayEpoch, SequenceSet> { [new(Gateway, 7)] = SequenceSet.Parse("1-10") }, [lost], Now());

        await PassUntilAsync(() => !_post.Lost.IsEmpty);
        _post.Lost.Should().Equal((new GatewayEpoch(Gateway, 7), new SequenceRange(3, 5)));
    }

    [Fact]
    public async Task A_hole_that_another_node_has_filled_is_no_gap()
    {
        await StartAsync();
        Settled((7, "1-6,9"));
        while (_post.Sent.IsEmpty) await TurnAsync();
        _post.Stored[new(Gateway, 7)] = SequenceSet.Parse("1-9");

        await PassUntilAsync(() => _post.AskedAgain > 0);
        await TurnAsync();

        _post.Gaps.Should().BeEmpty();
        _post.Sent.Should().NotContain(s => s.Kind == TopicKind.Backfill);
    }

    [Fact]
    public async Task A_clock_that_was_set_right_while_Grid_was_down_ends_its_report()
    {
        _post.Skews[Gateway] = new(Gateway, 60_000, Now() - Duration.FromDays(1));
        await StartAsync();
        await TurnAsync();

        for (var message = 0; message < 20; message++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            _correspondence.Note(new Dictionary<GatewayEpoch, SequenceSet>(), [new(Gateway, Now(), null, null, [new(MeterName.Parse("m-1"), Now(), new(1))], null, [])], Now());
        }

        await PassUntilAsync(() => _post.Skews[Gateway].EndedAt is not null);
    }

    public async ValueTask DisposeAsync()
    {
        await _correspondence.StopAsync(CancellationToken.None);
        _correspondence.Dispose();
        await _journal.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private Instant Now() => Instant.FromDateTimeOffset(_clock.GetUtcNow());

    private Task StartAsync() => _correspondence.StartAsync(Stop);

    private void Settled(params (long Epoch, string Numbers)[] stored) => _correspondence.Note(
        stored.ToDictionary(s => new GatewayEpoch(Gateway, s.Epoch), s => SequenceSet.Parse(s.Numbers)),
        [],
        Now());

    /// <summary>The next of its kind that the test has not heard yet.</summary>
    private async Task<string> HearsAsync(TopicKind kind)
    {
        await PassUntilAsync(() => _post.Sent.Skip(_heard).Any(s => s.Kind == kind));
        var (text, index) = _post.Sent.Select((s, i) => (s, i)).Skip(_heard).Where(x => x.s.Kind == kind).Select(x => (x.s.Text, x.i)).First();
        _heard = index + 1;
        return text;
    }

    /// <summary>Lets 100 ms pass, and the correspondence do all that it does in them.</summary>
    private async Task TurnAsync()
    {
        var before = _clock.Waits;
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        for (var began = Stopwatch.GetTimestamp(); _clock.Waits == before; await Task.Yield())
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30)) throw new TimeoutException("It does not go on.");
    }

    /// <summary>Lets the test's clock run until something has happened.</summary>
    private async Task PassUntilAsync(Func<bool> happened)
    {
        for (var began = Stopwatch.GetTimestamp(); !happened(); await Task.Yield())
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30)) throw new TimeoutException("It has not happened.");
        }
    }

    /// <summary>Counts how often somebody began to wait.</summary>
    private sealed class CountingClock(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private int _waits;

        public int Waits => Volatile.Read(ref _waits);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _waits);
            return timer;
        }
    }

    /// <summary>The broker, the ledger and the reports, in memory.</summary>
    private sealed class Post : IGatewayMail, ILedger, IGatewayReports
    {
        public ConcurrentQueue<(TopicKind Kind, string Text)> Sent { get; } = new();

        public ConcurrentQueue<Gap> Gaps { get; } = new();

        public ConcurrentQueue<(GatewayEpoch Epoch, SequenceRange Numbers)> Lost { get; } = new();

        public Dictionary<GatewayEpoch, SequenceSet> Stored { get; } = [];

        public Dictionary<GatewayName, ClockSkew> Skews { get; } = [];

        /// <summary>How often what is stored of some gateways was read.</summary>
        public int AskedAgain { get; private set; }

        public bool IsAway { get; set; }

        public int Refused { get; private set; }

        public Task SendAsync(GatewayName gateway, TopicKind kind, byte[] payload, bool retain, CancellationToken ct)
        {
            if (IsAway)
            {
                Refused++;
                throw new IOException("away");
            }

            Sent.Enqueue((kind, Encoding.UTF8.GetString(payload)));
            return Task.CompletedTask;
        }

        public Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> SequencesAsync(IReadOnlyCollection<GatewayName>? gateways, CancellationToken ct)
        {
            if (gateways is not null) AskedAgain++;
            return Task.FromResult<IReadOnlyDictionary<GatewayEpoch, SequenceSet>>(Stored.Where(s => gateways?.Contains(s.Key.Gateway) != false).ToDictionary());
        }

        public Task NoteAsync(IReadOnlyCollection<Gap> gaps, CancellationToken ct)
        {
            foreach (var gap in gaps) Gaps.Enqueue(gap);
            return Task.CompletedTask;
        }

        public Task NoteLostAsync(IReadOnlyCollection<(GatewayEpoch Epoch, SequenceRange Numbers)> lost, Instant at, CancellationToken ct)
        {
            foreach (var one in lost) Lost.Enqueue(one);
            return Task.CompletedTask;
        }

        public Task NoteAsync(IReadOnlyCollection<ClockSkew> skews, CancellationToken ct)
        {
            foreach (var skew in skews) Skews[skew.Gateway] = skew;
            return Task.CompletedTask;
        }

        public IAsyncEnumerable<Gap> GapsAsync(Instant from, Instant to, bool openOnly, CancellationToken ct) => AsyncEnumerable.Empty<Gap>();

        public Task<IReadOnlyList<ClockSkew>> SkewsAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<ClockSkew>>([.. Skews.Values]);

        public Task<IReadOnlyDictionary<GatewayEpoch, SequenceSet>> RecordAsync(Settlement settlement, CancellationToken ct) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<MeterName, IReadOnlyList<MeterEvent>>> RegisterBreaksAsync(IReadOnlyCollection<MeterName> meters, CancellationToken ct) => throw new NotSupportedException();
    }
}
