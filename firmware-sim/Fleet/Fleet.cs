using Grid.Domain;

namespace Grid.FirmwareSim;

/// <summary>The gateways of a simulated neighbourhood: each keeps its own connection, fills back its history and then reports live.</summary>
public sealed class Fleet : IAsyncDisposable
{
    private const int MostWithPings = 200;

    private static readonly Duration HalfHour = Duration.FromMinutes(30);

    private readonly FleetOptions _options;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _inFlight;
    private readonly Member[] _members;
    private long _messages;
    private long _readings;

    /// <param name="secretOf">The secret with which a gateway logs in.</param>
    public Fleet(FleetOptions options, SimulatedNeighbourhood homes, Func<GatewayName, string> secretOf, TimeProvider clock)
    {
        if (options.LiveInterval < Duration.FromSeconds(1)) throw new ArgumentException("The live interval is one second or more.", nameof(options));
        if (options.ReadingsPerMessage is < 1 or > Wire.WireLimits.MaxReadings) throw new ArgumentException("A message holds 1 to 500 readings.", nameof(options));
        (_options, _clock) = (options, clock);
        _inFlight = new(options.MaxInFlight, options.MaxInFlight);
        var epoch = options.Epoch ?? clock.GetUtcNow().ToUnixTimeSeconds();
        // A ping timer wakes each gateway four times a second: few can afford it, thousands cannot.
        var keepAlive = homes.Homes.Count <= MostWithPings ? TimeSpan.FromSeconds(15) : TimeSpan.Zero;
        _members = [.. homes.Homes.Select(home => new Member(home, options.LiveInterval, set => new(
            new(home.Gateway, secretOf(home.Gateway))
            {
                Host = options.Host, Port = options.Port, Epoch = epoch, Window = options.WindowPerGateway, Notice = options.Notice, KeepAlive = keepAlive, IntervalSet = set,
            }, clock, _inFlight)))];
    }

    /// <summary>Readings that the broker has acknowledged since the fleet started.</summary>
    public FleetProgress Sent => new(Interlocked.Read(ref _messages), 0, Interlocked.Read(ref _readings));

    /// <summary>Opens every gateway's connection.</summary>
    /// <exception cref="GatewayFaultException">The broker does not answer, or refuses a gateway.</exception>
    public Task ConnectAsync(CancellationToken ct) => EachAsync(_options.ParallelHomes, (member, stop) => new(member.Gateway.ConnectAsync(stop)), ct);

    /// <summary>
    /// Sends every home's half-hourly readings from the first border at or after <paramref name="resumeFrom"/> to the last one
    /// at or before <paramref name="to"/>, both included, and returns once the broker has acknowledged them all.
    /// </summary>
    /// <param name="resumeFrom">A gateway's last stored instant, or when its history begins. What was sent before is sent again unchanged, which is harmless.</param>
    /// <exception cref="GatewayFaultException">The broker does not answer at first, or refuses a gateway.</exception>
    public async Task BackfillAsync(Func<GatewayName, Instant> resumeFrom, Instant to, IProgress<FleetProgress>? progress, CancellationToken ct)
    {
        foreach (var member in _members) member.From = CeilingOf(resumeFrom(member.Home.Gateway), HalfHour);
        var (before, inAll) = (Sent, _members.Sum(member => MessagesBetween(member.From, to)));
        await ConnectAsync(ct);
        await EachAsync(_options.ParallelHomes, async (member, stop) =>
        {
            foreach (var readings in Borders(member.From, to).Select(member.Home.ReadingAt).Chunk(_options.ReadingsPerMessage))
            {
                await PostAsync(member, readings, () => progress?.Report(new(Sent.MessagesSent - before.MessagesSent, inAll, Sent.ReadingsSent - before.ReadingsSent)), stop);
                member.Last = readings[^1].At;
            }

            await member.Gateway.DrainAsync(stop);
        }, ct);
    }

    /// <summary>Reports live from the back-fill's end on, or from now on without one, until it is cancelled. Time that has passed since is made up for first.</summary>
    public Task LiveAsync(CancellationToken ct) => LiveAsync(Now(), ct);

    /// <summary>Reports live, gateways without a back-fill from <paramref name="from"/> on.</summary>
    /// <exception cref="GatewayFaultException">No gateway is left that the broker accepts.</exception>
    public async Task LiveAsync(Instant from, CancellationToken ct)
    {
        await ConnectAsync(ct);
        foreach (var member in _members) member.Last ??= FloorOf(from, _options.LiveInterval) - _options.LiveInterval;
        var clock = new LiveClock(_clock, _members.Min(m => m.Last!.Value), _options.Speed);
        var refused = (GatewayFaultException?)null;
        await Task.WhenAll(_members.Select(async member =>
        {
            try
            {
                await LiveAsync(member, clock, ct);
            }
            catch (GatewayFaultException fault)
            {
                // One gateway that was revoked must not silence its neighbours.
                _options.Notice?.Invoke($"{member.Home.Gateway}: {fault.Message}");
                refused = fault;
            }
        }));
        if (refused is not null && !ct.IsCancellationRequested) throw refused;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_members.Select(member => member.Gateway.DisposeAsync().AsTask()));
        _inFlight.Dispose();
    }

    private async Task LiveAsync(Member member, LiveClock clock, CancellationToken ct)
    {
        while (true)
        {
            var interval = member.Interval;
            var next = FloorOf(member.Last!.Value, interval) + interval;
            await clock.UntilAsync(next, ct);
            // After an outage everything that fell due goes out in as few messages as the back-fill would take.
            List<Reading> due = [];
            for (var now = clock.Now; next <= now && due.Count < _options.ReadingsPerMessage; next += interval) due.Add(member.Home.LiveReadingAt(next));
            await PostAsync(member, due, null, ct);
            member.Last = due[^1].At;
        }
    }

    private Task PostAsync(Member member, IReadOnlyList<Reading> readings, Action? acknowledged, CancellationToken ct) =>
        member.Gateway.PostAsync(readings, ct, () =>
        {
            Interlocked.Increment(ref _messages);
            Interlocked.Add(ref _readings, readings.Count);
            acknowledged?.Invoke();
        });

    private Task EachAsync(int parallel, Func<Member, CancellationToken, ValueTask> work, CancellationToken ct) =>
        Parallel.ForEachAsync(_members, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = ct }, work);

    private long MessagesBetween(Instant from, Instant to)
    {
        if (to < from) return 0;
        var readings = (long)((to - from).TotalMinutes / 30) + 1;
        return (readings + _options.ReadingsPerMessage - 1) / _options.ReadingsPerMessage;
    }

    private Instant Now() => Instant.FromDateTimeOffset(_clock.GetUtcNow());

    private static IEnumerable<Instant> Borders(Instant from, Instant to)
    {
        for (var at = from; at <= to; at += HalfHour) yield return at;
    }

    private static Instant FloorOf(Instant at, Duration step) =>
        Instant.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds() / (long)step.TotalMilliseconds * (long)step.TotalMilliseconds);

    private static Instant CeilingOf(Instant at, Duration step) => FloorOf(at, step) is var floor && floor == at ? at : floor + step;

    private sealed class Member
    {
        private long _intervalSeconds;

        public Member(SimulatedHome home, Duration interval, Func<Action<Duration>, GatewayClient> gateway)
        {
            (Home, Interval) = (home, interval);
            Gateway = gateway(set => Interval = set);
        }

        public SimulatedHome Home { get; }

        public GatewayClient Gateway { get; }

        /// <summary>Between two live readings; a <c>set-interval</c> command changes it from the next reading on.</summary>
        public Duration Interval
        {
            get => Duration.FromSeconds(Interlocked.Read(ref _intervalSeconds));
            private set => Interlocked.Exchange(ref _intervalSeconds, (long)value.TotalSeconds);
        }

        public Instant From { get; set; }

        /// <summary>The newest reading sent; null before the first.</summary>
        public Instant? Last { get; set; }
    }
}
