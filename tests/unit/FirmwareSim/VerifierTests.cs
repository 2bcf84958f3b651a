using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.UnitTests.FirmwareSim;

/// <summary>A backend that did all right, and what is found once something of it is broken on purpose.</summary>
public class VerifierTests
{
    private static readonly MeterName Meter = MeterName.Parse("m-0001");

    private readonly Script _script = new(new Scenario
    {
        Name = "test", Start = Instant.FromUtc(2026, 11, 10, 0, 0), Length = Duration.FromHours(3), Composition = new() { Homes = 2 },
    });

    private readonly HashSet<long> _unacknowledged = [];
    private readonly List<QuarantinedEntry> _quarantine = [];
    private readonly Dictionary<MeterName, List<Reading>> _stored;

    public VerifierTests() => _stored = _script.Gateways.SelectMany(g => Truth.MessagesOf(g)).SelectMany(m => m.Readings).Select(r => r.Reading)
        .GroupBy(r => r.Meter).ToDictionary(g => g.Key, g => g.ToList());

    [Fact]
    public void All_that_was_sent_and_stored_holds()
    {
        var report = Verify();

        report.Holds.Should().BeTrue();
        (report.Sent, report.Acknowledged, report.Stored, report.Unknown).Should().Be((14, 14, 14, 0));
        report.Findings.Should().BeEmpty();
    }

    [Fact]
    public void A_reading_that_was_acknowledged_and_is_gone_is_lost()
    {
        _stored[Meter].RemoveAt(3);

        Finds(Breach.Lost, "m-0001 2026-11-10T01:30:00Z: gw-0001 epoch 7 seq 4 was acknowledged*");
    }

    [Fact]
    public void One_that_was_not_acknowledged_may_be_gone()
    {
        _stored[Meter].RemoveAt(3);
        _unacknowledged.Add(4);

        var report = Verify();

        (report.Holds, report.Unknown, report.UnknownStored).Should().Be((true, 2, 1), "both gateways' fourth message is not acknowledged");
    }

    [Fact]
    public void One_that_is_in_quarantine_is_not_lost_but_may_be_unexpected()
    {
        var gone = _stored[Meter][3];
        _stored[Meter].RemoveAt(3);
        _quarantine.Add(new(GatewayName.Parse("gw-0001"), Meter, gone.At, "too-old", "", gone.Registers.ImportWh));

        Verify().Holds.Should().BeTrue();
        Finds(Breach.Unexpected, "m-0001 2026-11-10T01:30:00Z from gw-0001: quarantined as too-old, expected stored");
    }

    [Fact]
    public void One_that_nobody_sent_is_a_phantom()
    {
        _stored[Meter].Add(new(Meter, _script.Scenario.End + Duration.FromMinutes(1), new(1)));

        Finds(Breach.Phantom, "m-0001 2026-11-10T03:01:00Z: stored as 1 Wh, never sent");
    }

    [Fact]
    public void Another_value_than_what_was_sent_is_a_conflict()
    {
        _stored[Meter][3] = _stored[Meter][3] with { Registers = new(_stored[Meter][3].Registers.ImportWh - 1) };

        Verify().Findings.Select(f => f.Breach).Should().Contain(Breach.Conflict);
    }

    [Fact]
    public void Two_for_one_key_count_double()
    {
        _stored[Meter].Insert(3, _stored[Meter][3]);

        Finds(Breach.DoubleCounted, "m-0001 2026-11-10T01:30:00Z: stored twice");
    }

    [Fact]
    public void More_energy_than_passed_counts_double()
    {
        var truth = Truth.Of(_script);
        truth.Meters[Meter].Slots[2] = truth.Meters[Meter].Slots[2] with { ImportWh = 0 };

        Verify(truth).Findings.Should().ContainSingle().Which.What.Should().Match("m-0001 2026-11-10T01:00:00Z: * Wh are stored for this half-hour, 0 Wh passed");
    }

    [Fact]
    public void What_a_rogue_said_of_another_meter_must_not_be_stored_even_where_its_owner_is_silent()
    {
        var script = new Script(_script.Scenario with { Faults = [new() { Kind = FaultKind.Rogue, Gateways = ["gw-0002"] }], Length = Duration.FromHours(24) });
        var messages = script.Gateways.SelectMany(g => Truth.MessagesOf(g).Select(m => (g.Name, m))).ToArray();
        var lie = messages.SelectMany(m => m.m.Readings).First(r => r.Expected == Fate.ForeignMeter);
        Dictionary<MeterName, List<Reading>> stored = new() { [lie.Reading.Meter] = [lie.Reading] };

        var report = Verifier.Compare(Truth.Of(script), Log(messages, _ => false), AsStored(stored), []);

        report.Findings.Should().ContainSingle().Which.Should().Match<Finding>(f => f.Breach == Breach.Phantom || f.Breach == Breach.Conflict);
    }

    [Fact]
    public void A_damaged_message_must_be_in_quarantine_by_its_hash()
    {
        var script = new Script(_script.Scenario with { Faults = [new() { Kind = FaultKind.BadChecksum, Gateways = ["gw-0001"] }] });
        var messages = script.Gateways.SelectMany(g => Truth.MessagesOf(g).Select(m => (g.Name, m))).ToArray();
        var log = Log(messages, _ => true);
        var items = log.Sent.Where(s => s.Kind is "p1").Select(s => new QuarantinedEntry(s.Gateway, null, null, "bad-checksum", s.Sha256, null)).ToList();

        Verifier.Compare(Truth.Of(script), log, AsStored(_stored), items).Holds.Should().BeTrue();
        Verifier.Compare(Truth.Of(script), log, AsStored(_stored), items[1..]).Count(Breach.Lost).Should().Be(1);
    }

    [Fact]
    public void Behind_an_external_broker_only_what_the_backend_acknowledged_can_be_lost()
    {
        _stored[Meter].RemoveAt(6);

        Verifier.Compare(Truth.Of(_script), Log(Messages(), _ => true, storedThrough: 6), AsStored(_stored), [], Acknowledgement.Ack).Holds.Should().BeTrue();
        Verifier.Compare(Truth.Of(_script), Log(Messages(), _ => true, storedThrough: 7), AsStored(_stored), [], Acknowledgement.Ack).Count(Breach.Lost).Should().Be(1);
    }

    [Fact]
    public void A_log_of_another_run_is_refused() =>
        FluentActions.Invoking(() => Verifier.Compare(
                new() { Scenario = "other", Seed = 1, Start = default, End = default }, Log(Messages(), _ => true), AsStored(_stored), []))
            .Should().Throw<InvalidDataException>().WithMessage("*different runs*");

    private void Finds(Breach breach, string what)
    {
        var finding = Verify().Findings.Should().ContainSingle().Subject;
        finding.Breach.Should().Be(breach);
        finding.What.Should().Match(what);
    }

    private VerifyReport Verify(Truth? truth = null) =>
        Verifier.Compare(truth ?? Truth.Of(_script), Log(Messages(), m => !_unacknowledged.Contains(m.Number)), AsStored(_stored), _quarantine);

    private (GatewayName, TrueMessage)[] Messages() => [.. _script.Gateways.SelectMany(g => Truth.MessagesOf(g).Select(m => (g.Name, m)))];

    private static Dictionary<MeterName, IReadOnlyList<Reading>> AsStored(Dictionary<MeterName, List<Reading>> stored) =>
        stored.ToDictionary(s => s.Key, s => (IReadOnlyList<Reading>)s.Value);

    private static RunLog Log(IEnumerable<(GatewayName Gateway, TrueMessage Message)> messages, Func<TrueMessage, bool> acknowledged, long storedThrough = 0)
    {
        var text = new StringBuilder($"{RunLogWriter.Magic} test 1 2026-11-24T12:00:00Z\n");
        foreach (var (gateway, message) in messages)
        {
            var sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{gateway} {message.Number}")));
            text.Append(CultureInfo.InvariantCulture, $"sent {gateway} {message.Number} 7 {message.Number} {Topics.Level(message.Kind)} {sha}\n");
            if (acknowledged(message)) text.Append(CultureInfo.InvariantCulture, $"puback {gateway} {message.Number} 7 {message.Number} Success\n");
            text.Append(CultureInfo.InvariantCulture, $"ack {gateway} 7 {storedThrough}\n");
        }

        return RunLog.Parse("log", text.ToString());
    }
}
