using System.Security.Cryptography;
using System.Text;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.Wire;

namespace Grid.UnitTests.FirmwareSim;

public class ScriptTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 10, 0, 0);
    private static readonly Duration HalfHour = Duration.FromMinutes(30);

    [Fact]
    public void The_same_seed_gives_the_same_messages_and_truth_byte_for_byte_on_however_many_threads()
    {
        foreach (var scenario in ScenarioFile.All().Where(s => s.Composition.Gateways < 1_000 && s.Length < Duration.FromDays(3)))
        {
            var one = Hash(scenario, threads: 1);

            Hash(scenario, threads: 8).Should().Be(one, scenario.Name);
            Hash(scenario with { Seed = 2 }, threads: 1).Should().NotBe(one, scenario.Name);
        }
    }

    [Fact]
    public void Without_faults_every_reading_is_sent_once_in_order_and_tells_the_truth()
    {
        var gateway = Gateway();
        var actions = gateway.Actions().ToArray();

        actions.Should().OnlyContain(a => a.Step == ScriptStep.Post).And.HaveCount(49);
        actions.Select(a => a.Message!.Number).Should().Equal(Enumerable.Range(1, 49).Select(n => (long)n));
        actions.Select(a => a.At).Should().BeInAscendingOrder();
        foreach (var (reading, expected) in actions.SelectMany(a => a.Message!.Readings))
        {
            reading.Registers.Should().Be(gateway.Meters[0].RegistersAt(reading.At));
            expected.Should().Be(Fate.Stored);
        }
    }

    [Fact]
    public void A_dropped_message_is_made_and_not_sent()
    {
        var actions = Actions(new() { Kind = FaultKind.Drop, Probability = 0.5 });

        actions.Should().OnlyContain(a => a.Step == ScriptStep.Post || a.Step == ScriptStep.Make);
        actions.Count(a => a.Step == ScriptStep.Make).Should().BeInRange(10, 40);
        actions.Select(a => a.Message!.Number).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_duplicate_follows_its_message_as_often_as_said()
    {
        var actions = Actions(new() { Kind = FaultKind.Duplicate, Times = 2 });

        actions.Should().HaveCount(3 * 49);
        actions.Chunk(3).Should().OnlyContain(c => c[0].Step == ScriptStep.Post && c[1].Step == ScriptStep.Again && c[2].Step == ScriptStep.Again && c[0].Message == c[2].Message);
    }

    [Fact]
    public void A_delayed_message_keeps_its_number_and_goes_out_so_much_later()
    {
        var actions = Actions(new() { Kind = FaultKind.Delay, Seconds = 5_400 });

        foreach (var sent in actions.Where(a => a.Step == ScriptStep.Send))
            (sent.At - actions.Single(a => a.Step == ScriptStep.Make && a.Message == sent.Message).At).Should().Be(Duration.FromSeconds(5_400));
        actions.Count(a => a.Step == ScriptStep.Send).Should().Be(49);
    }

    [Fact]
    public void Reordered_messages_all_go_out_in_another_order_within_their_group()
    {
        var sent = Actions(new() { Kind = FaultKind.Reorder, Messages = 7 }).Where(a => a.Step == ScriptStep.Send).Select(a => a.Message!.Number).ToArray();

        sent.Should().OnlyHaveUniqueItems().And.HaveCount(49).And.NotBeInAscendingOrder();
        sent.Chunk(7).Select((group, i) => group.Order().SequenceEqual(Enumerable.Range(1 + (7 * i), 7).Select(n => (long)n))).Should().OnlyContain(same => same);
    }

    [Fact]
    public void A_resend_repeats_all_of_its_time_over_a_new_connection()
    {
        var actions = Actions(new() { Kind = FaultKind.Resend, From = Duration.FromHours(2), To = Duration.FromHours(12) });

        actions.SkipWhile(a => a.Step != ScriptStep.Disconnect).Take(22).Select(a => a.Step).Should()
            .Equal([ScriptStep.Disconnect, ScriptStep.Connect, .. Enumerable.Repeat(ScriptStep.Again, 20)]);
        actions.Where(a => a.Step == ScriptStep.Again).Select(a => a.Message!.Number).Should().Equal(Enumerable.Range(5, 20).Select(n => (long)n));
    }

    [Theory]
    [InlineData(FaultKind.Outage)]
    [InlineData(FaultKind.ReconnectStorm)]
    public void Cut_off_a_gateway_goes_on_making_messages(FaultKind kind)
    {
        var actions = Actions(new() { Kind = kind, From = Duration.FromHours(6), To = Duration.FromHours(18) });

        var (off, on) = (actions.Single(a => a.Step == ScriptStep.Disconnect), actions.Single(a => a.Step == ScriptStep.Connect));
        (off.At, on.At).Should().Be((Start + Duration.FromHours(6), Start + Duration.FromHours(18)));
        actions.Count(a => a.Step == ScriptStep.Post && a.At > off.At && a.At < on.At).Should().Be(24);
    }

    [Fact]
    public void A_wrong_clock_stamps_what_it_shows_and_is_set_right_with_an_event()
    {
        var jump = Messages(new() { Kind = FaultKind.ClockJump, Clock = Instant.FromUtc(1970, 1, 1, 0, 0), From = Duration.FromHours(1), To = Duration.FromHours(2) });
        var skew = Messages(new() { Kind = FaultKind.ClockSkew, Seconds = -90, From = Duration.FromHours(1), To = Duration.FromHours(2) });
        var stuck = Messages(new() { Kind = FaultKind.ClockStuck, From = Duration.FromHours(1), To = Duration.FromHours(2) });

        Stamps(jump).Skip(2).Take(2).Should().Equal(Instant.FromUtc(1970, 1, 1, 0, 0), Instant.FromUtc(1970, 1, 1, 0, 30));
        jump.SelectMany(m => m.Readings).Skip(2).Take(2).Should().OnlyContain(r => r.Expected == (Fate.TooOld | Fate.NotInstalled));
        jump.Single(m => m.Event is not null).Event!.ByMs.Should().Be((Start + Duration.FromHours(1)).ToUnixTimeMilliseconds());
        Stamps(skew).Skip(2).Take(3).Should().Equal(Start + Duration.FromSeconds(3_510), Start + Duration.FromSeconds(5_310), Start + Duration.FromHours(2));
        Stamps(stuck).Skip(2).Take(2).Should().Equal(Start + Duration.FromHours(1), Start + Duration.FromHours(1));
    }

    [Fact]
    public void A_swap_goes_on_from_what_the_new_meter_opened_with()
    {
        var told = Messages(new() { Kind = FaultKind.MeterSwap, From = Duration.FromHours(3), OpeningWh = 500, Notice = true });
        var silent = Messages(new() { Kind = FaultKind.MeterSwap, From = Duration.FromHours(3), OpeningWh = 500 });
        var truth = Gateway().Meters[0];

        var swap = told.Single(m => m.Event is not null);
        swap.Event.Should().Be(new MeterEvent(MeterEventKind.MeterSwap, truth.Meter, Start + Duration.FromHours(3), truth.RegistersAt(Start + Duration.FromHours(3)).ImportWh, 500));
        told[swap.Number is 7 ? 7 : 0].Readings[0].Reading.Registers.ImportWh.Should().Be(500);
        told.SelectMany(m => m.Readings).Should().OnlyContain(r => r.Expected == Fate.Stored);
        silent.SelectMany(m => m.Readings).Skip(6).Should().OnlyContain(r => r.Expected == Fate.FallingRegister);
        silent.Should().NotContain(m => m.Event != null);
    }

    [Fact]
    public void Registers_reset_roll_over_and_stand_still_as_said()
    {
        var reset = Shown(new() { Kind = FaultKind.RegisterReset, From = Duration.FromHours(1) });
        var rolled = Shown(new() { Kind = FaultKind.Rollover, ModulusWh = 100_000_000, From = Duration.FromHours(1) });
        var stuck = Shown(new() { Kind = FaultKind.StuckRegister, From = Duration.FromHours(1), To = Duration.FromHours(3) });
        var truth = Shown(new() { Kind = FaultKind.Drop, Probability = 0 });

        (reset[1], reset[2], reset[3]).Should().Be((truth[1], 0, truth[3] - truth[2]));
        (rolled[1], rolled[2], rolled[3]).Should().Be((100_000_000 - (truth[2] - truth[1]), 0, truth[3] - truth[2]));
        stuck[2..7].Should().Equal(truth[2], truth[2], truth[2], truth[2], truth[6]);
    }

    [Fact]
    public void A_glitch_shows_zero_for_one_reading_and_a_slip_ten_times_too_much()
    {
        var truth = Shown(new() { Kind = FaultKind.Drop, Probability = 0 });
        var glitched = Messages(new() { Kind = FaultKind.ZeroGlitch, Probability = 0.2, From = HalfHour }).SelectMany(m => m.Readings).ToArray();
        var slipped = Shown(new() { Kind = FaultKind.DecimalSlip, Probability = 0.2 });

        glitched.Where(r => r.Reading.Registers.ImportWh == 0).Should().NotBeEmpty().And.OnlyContain(r => r.Expected == Fate.FallingRegister);
        glitched.Where(r => r.Reading.Registers.ImportWh != 0).Select(r => r.Reading.Registers.ImportWh).Should().BeSubsetOf(truth);
        glitched.Where(r => r.Reading.Registers.ImportWh != 0).Should().OnlyContain(r => r.Expected == Fate.Stored);
        slipped.Zip(truth).Should().OnlyContain(p => p.First == p.Second || p.First == p.Second * 10).And.Contain(p => p.First == p.Second * 10);
    }

    [Fact]
    public void A_corrupt_payload_is_refused_for_certain()
    {
        var messages = Enumerable.Range(1, 20).SelectMany(seed => Messages(new() { Kind = FaultKind.CorruptPayload }, seed)).ToArray();

        foreach (var message in messages)
        {
            var decoded = JsonReadings.Decode(message.Encode(7, message.Number));
            var reason = decoded.Fault?.Reason ?? decoded.Faulty.Single().Fault.Reason;

            Fates.Of(reason.Code()).Should().Be(message.Readings[0].Expected);
        }

        messages.Select(m => m.Readings[0].Expected).Distinct().Should().BeEquivalentTo([Fate.Malformed, Fate.BadValue]);
    }

    [Fact]
    public void A_bad_checksum_comes_as_a_telegram_of_its_own()
    {
        var telegram = Messages(new() { Kind = FaultKind.BadChecksum }).First(m => m.Kind == TopicKind.P1);

        Encoding.ASCII.GetString(telegram.Encode(1, 1)).Should().MatchRegex(@"\A/SIM5 m-0001\r\n\r\n(.+\r\n)+![0-9A-F]{4}\r\n\z");
        telegram.Expected.Should().HaveFlag(Fate.BadChecksum);
    }

    [Fact]
    public void A_rogue_speaks_on_topics_and_for_meters_that_are_not_its_own()
    {
        var actions = Actions(new() { Kind = FaultKind.Rogue, Gateways = ["gw-0001"] });

        actions.Where(a => a.Raw is not null).Select(a => a.Raw!.Topic).Should().Contain("grid/v1/gw-0002/readings").And.Contain(t => t.StartsWith("grid/v1/gw-0001/", StringComparison.Ordinal));
        actions.SelectMany(a => a.Message?.Readings ?? []).Select(r => r.Expected).Distinct().Should().BeEquivalentTo([Fate.Stored, Fate.ForeignMeter, Fate.UnknownMeter]);
    }

    [Fact]
    public void Share_and_time_say_whom_a_fault_hits_and_when()
    {
        var script = new Script(Of(new ScenarioFault { Kind = FaultKind.Duplicate, Share = 0.5, From = Duration.FromHours(6), To = Duration.FromHours(12) }) with { Composition = new() { Homes = 40 } });

        var hit = script.Gateways.Where(g => g.Actions().Any(a => a.Step == ScriptStep.Again)).ToArray();
        hit.Length.Should().BeInRange(12, 28);
        hit.SelectMany(g => g.Actions()).Where(a => a.Step == ScriptStep.Again).Should().OnlyContain(a => a.At >= Start + Duration.FromHours(6) && a.At < Start + Duration.FromHours(12));
    }

    [Theory]
    [InlineData("spring-night", 46)]
    [InlineData("autumn-night", 50)]
    public void The_local_day_of_a_clock_change_is_covered_whole(string name, int halfHours)
    {
        var truth = Truth.Of(new Script(ScenarioFile.Open(name)));
        var paris = LocalCalendar.For("Europe/Paris");
        var day = paris.SlotsOf(paris.DayOf(truth.End - Duration.FromHours(12)));

        day.Should().HaveCount(halfHours);
        truth.Meters.Values.Should().OnlyContain(m => day.All(slot => m.Slots.Any(s => s.From == slot.Start)));
    }

    [Fact]
    public void The_truth_reads_as_it_was_written()
    {
        using var file = new Wire.ScratchFile("truth");
        var script = new Script(ScenarioFile.Open("register-trouble"));
        TruthFile.Write(script, file.Path);

        TruthFile.Read(file.Path).Should().BeEquivalentTo(Truth.Of(script));
    }

    private static Scenario Of(params ScenarioFault[] faults) =>
        new() { Name = "test", Start = Start, Length = Duration.FromHours(24), Composition = new() { Homes = 2 }, Faults = faults };

    private static GatewayScript Gateway(params ScenarioFault[] faults) => new Script(Of(faults)).Gateways[0];

    private static ScriptAction[] Actions(ScenarioFault fault) => [.. Gateway(fault).Actions()];

    private static ScriptMessage[] Messages(ScenarioFault fault, long seed = 1) => [.. new Script(Of(fault) with { Seed = seed }).Gateways[0].Actions()
        .Where(a => a.Step is ScriptStep.Post or ScriptStep.Make).Select(a => a.Message!)];

    private static long[] Shown(ScenarioFault fault) => [.. Messages(fault).SelectMany(m => m.Readings).Select(r => r.Reading.Registers.ImportWh)];

    private static IEnumerable<Instant> Stamps(IEnumerable<ScriptMessage> messages) => messages.SelectMany(m => m.Readings).Select(r => r.Reading.At);

    private static string Hash(Scenario scenario, int threads)
    {
        var script = new Script(scenario);
        var hashes = new byte[script.Gateways.Count][];
        Parallel.For(0, hashes.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => hashes[i] = HashOf(script.Gateways[i]));
        using var truth = new MemoryStream();
        TruthFile.Write(script, truth);
        return Convert.ToHexString(SHA256.HashData([.. hashes.SelectMany(h => h), .. SHA256.HashData(truth.ToArray())]));
    }

    private static byte[] HashOf(GatewayScript gateway)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var action in gateway.Actions())
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{action.At.ToUnixTimeTicks()} {action.Step} {action.Message?.Number} {action.Raw?.Topic}\n"));
            hash.AppendData(action.Message?.Encode(7, action.Message.Number) ?? action.Raw?.Payload ?? []);
        }

        return hash.GetHashAndReset();
    }
}
