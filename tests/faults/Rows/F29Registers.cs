using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.Faults;

/// <summary>The table of what becomes of a register at fault.</summary>
internal sealed class F29Registers : Row
{
    private const long Before = 10_000_000;

    // What the meter shows from the fault on; the fate of the first of them, and of those after.
    private static readonly (string Name, Func<int, long> Shows, Func<int, Fate> Fate, MeterEventKind? Event)[] Faults =
    [
        ("glitch of one zero", i => i == 0 ? 0 : Before + (10 * i), i => i == 0 ? Fate.FallingRegister : Fate.Stored, null),
        ("decrement", i => i == 0 ? Before - 500 : Before + (10 * i), i => i == 0 ? Fate.FallingRegister : Fate.Stored, null),
        ("reset to zero, unannounced", i => 10 * i, _ => Fate.FallingRegister, null),
        ("rollover, unannounced", i => 10 * i, _ => Fate.FallingRegister, null),
        ("a decimal slip up", i => i == 0 ? Before * 10 : Before + (10 * i), i => i == 0 ? Fate.ImplausibleRise : Fate.Stored, null),
        ("a decimal slip down", i => i == 0 ? Before / 10 : Before + (10 * i), i => i == 0 ? Fate.FallingRegister : Fate.Stored, null),
        ("kWh instead of Wh", i => (Before + (10 * i)) / 1_000, _ => Fate.FallingRegister, null),
        ("swap, announced", i => 10 * i, _ => Fate.Stored, MeterEventKind.MeterSwap),
        ("restart, announced", i => 10 * i, _ => Fate.Stored, MeterEventKind.RegisterRestart),
    ];

    public override string Id => "F29";

    public override string Sentence => $"{Faults.Length} faults of a register: each reading's fate is the table's, and a glitch adds no energy";

    public override IReadOnlyList<(Pair Pair, int N)> On => Embedded(3 * Faults.Length);

    public override int FaultsASeed => Faults.Length;

    public override async Task RunAsync(RowRun run)
    {
        Oracle oracle = new();
        await using var core = await Core.StartAsync(run);
        for (var fault = 0; fault < Faults.Length; fault++)
        {
            var (_, shows, fate, announced) = Faults[fault];
            FakeGateway gateway = new(run, oracle, fault);
            var at = gateway.At;
            for (var i = 10; i > 0; i--) await gateway.SendAsync(core, gateway.Next(gateway.Reading(at += Duration.FromMinutes(1), Before - (10 * i))));
            if (run.Random.Next(2) == 0) await core.QuiesceAsync();
            if (announced is { } kind)
                await gateway.SendAsync(core, gateway.Raw(TopicKind.Events, seq => SmallMessages.Encode(new EventMessage(1, seq, new(kind, gateway.Meter, at + Duration.FromSeconds(30), Before, 0))), Fate.Stored));
            for (var i = 0; i < 10; i++)
            {
                // One after another: together with what follows, a single outlier may be judged from the other side.
                await gateway.SendAsync(core, gateway.Next(gateway.Reading(at += Duration.FromMinutes(1), shows(i), fate(i))));
                await core.QuiesceAsync();
            }

        }

        await core.JudgeAsync(oracle);
    }
}
