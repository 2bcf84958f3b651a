using Grid.FirmwareSim;

namespace Grid.Faults;

internal sealed class F27GatewayClock : Row
{
    private static readonly (Duration Ahead, Fate Expected, bool IsFlagged)[] Clocks =
    [
        (Duration.FromSeconds(10), Fate.Stored, true), (Duration.FromSeconds(-10), Fate.Stored, true), (Duration.FromHours(1), Fate.FromTheFuture, true),
        (Duration.FromHours(-1), Fate.Stored, true), (Duration.FromDays(1), Fate.FromTheFuture, true), (Duration.FromDays(-1), Fate.Stored, true),
        (Duration.FromDays(-20_000), Fate.TooOld, false), (Duration.FromDays(4_500), Fate.FromTheFuture, true), (Duration.FromDays(2_900_000), Fate.FromTheFuture, true),
    ];

    public override string Id => "F27";

    public override string Sentence => "clocks off by seconds to millennia, and one that stands still: told to operators, too far ahead or behind quarantined, the meter's own readings unharmed";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(2 * 10);

    public override int FaultsASeed => Clocks.Length + 1;

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        SteppedClock clock = new();
        await using var core = await Core.StartAsync(run, new() { Clock = clock });
        var gateways = FakeGateway.Many(run, oracle, Clocks.Length + 1);
        var start = Now(clock);
        for (var reading = 0; reading < 40; reading++)
        {
            var now = Now(clock);
            for (var i = 0; i < Clocks.Length; i++)
            {
                var (ahead, expected, _) = Clocks[i];
                await gateways[i].SendAsync(core, gateways[i].Next(gateways[i].Reading(now + ahead, 1_000 + reading, expected)));
            }

            // Stands still: the same instant with another value each time.
            await gateways[^1].SendAsync(core, gateways[^1].Next(gateways[^1].Reading(start, 1_000 + reading, reading == 0 ? Fate.Stored : Fate.Conflict)));
            clock.Step(TimeSpan.FromSeconds(5));
        }

        // With its clock right again, what the meter sends is stored: no series is poisoned.
        clock.Step(TimeSpan.FromMinutes(2));
        foreach (var gateway in gateways) await gateway.SendAsync(core, gateway.Next(gateway.Reading(Now(clock), 2_000)));
        await core.JudgeAsync(oracle);
        await Poll.UntilAsync("clocks were told", TimeSpan.FromSeconds(10), async _ => (await core.Get<IGatewayReports>().SkewsAsync(run.Stop)).Count >= Clocks.Count(c => c.IsFlagged), run.Stop);
        var skews = (await core.Get<IGatewayReports>().SkewsAsync(run.Stop)).ToDictionary(s => s.Gateway, s => s.AheadMs);
        for (var i = 0; i < Clocks.Length; i++)
        {
            var (ahead, _, isFlagged) = Clocks[i];
            run.Check(skews.ContainsKey(gateways[i].Name) == isFlagged, $"a clock that is {ahead} ahead is {(isFlagged ? "not " : "")}told");
        }

        run.Count("clocks told", skews.Count);
    }

    private static Instant Now(SteppedClock clock) => Instant.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
