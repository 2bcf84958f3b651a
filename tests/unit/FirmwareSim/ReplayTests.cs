using CsCheck;
using Grid.Domain;
using Grid.FirmwareSim;
using Grid.UnitTests.Wire;
using Grid.Wire;

namespace Grid.UnitTests.FirmwareSim;

public class ReplayTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 1, 5, 0, 0);
    private static readonly Duration HalfHour = Duration.FromMinutes(30);

    [Fact]
    public void Both_ends_of_every_interval_are_read_and_the_register_adds_them_up()
    {
        var readings = Readings(Replay.Messages([Series("h", 100, 0, 250)], 7, 1, Options() with { BaseWh = 1_000 }));

        readings.Select(r => (r.At, r.Registers.ImportWh)).Should().Equal(
            (Start, 1_000), (Start + HalfHour, 1_100), (Start + (2 * HalfHour), 1_100), (Start + (3 * HalfHour), 1_350));
        readings.Should().OnlyContain(r => r.Meter == MeterName.Parse("h"));
    }

    [Fact]
    public void A_gap_is_a_register_restart_sent_before_the_readings_behind_it()
    {
        var messages = Replay.Messages([Series("h", 100, null, null, 7)], 7, 41, Options()).ToArray();

        messages.Select(m => (m.Kind, m.Seq)).Should().Equal((TopicKind.Readings, 41), (TopicKind.Events, 42), (TopicKind.Readings, 43));
        var (restart, _) = SmallMessages.DecodeEvent(messages[1].Payload);
        restart.Should().Be(new EventMessage(7, 42, new(MeterEventKind.RegisterRestart, MeterName.Parse("h"), Start + (3 * HalfHour), 100, 100)));
        Readings(messages).Select(r => (r.At, r.Registers.ImportWh)).Should().Equal(
            (Start, 0), (Start + HalfHour, 100), (Start + (3 * HalfHour), 100), (Start + (4 * HalfHour), 107));
    }

    [Fact]
    public void Any_recording_keeps_its_energy_its_numbering_and_the_bounds_of_a_message() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 60], Gen.Int[1, 9], Gen.Int[1, 3]).Sample((values, perMessage, households) =>
        {
            var recording = Enumerable.Range(0, households).Select(h => Series($"h{h}", [.. values.Select((v, i) => v == 0 && i > 0 ? null : (long?)(v * 10))])).ToArray();
            var options = Options() with { ReadingsPerMessage = perMessage };

            var messages = Replay.Messages(recording, 3, 1, options).ToArray();

            messages.Select(m => m.Seq).Should().Equal(Enumerable.Range(1, messages.Length).Select(i => (long)i));
            messages.Should().HaveCount((int)Replay.CountMessages(recording, options));
            messages.Should().OnlyContain(m => m.Readings <= perMessage);
            foreach (var series in recording)
            {
                var readings = Readings(messages).Where(r => r.Meter == MeterName.Parse(series.Household)).ToArray();
                (readings[^1].Registers.ImportWh - readings[0].Registers.ImportWh).Should().Be(series.TotalWh);
                readings.Select(r => r.At).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
            }
        }, iter: 200);

    [Fact]
    public void The_longest_meter_name_still_fits_the_largest_message()
    {
        var series = Series(new string('m', Identifier.MaxLength), [.. Enumerable.Repeat<long?>(1, 1_200)]);
        var options = Options() with { ReadingsPerMessage = WireLimits.MaxReadings, BaseWh = Registers.MaxWh / 2 };

        Replay.Messages([series], long.MaxValue, 1, options).Should().OnlyContain(m => m.Payload.Length <= WireLimits.MaxMessageBytes);
    }

    [Fact]
    public void Shifting_moves_by_whole_weeks_to_end_within_the_week_before_now() =>
        Gen.Select(Gen.Int[-400_000, 400_000], Gen.Int[1, 48]).Sample((minutes, intervals) =>
        {
            var recording = Series("h", [.. Enumerable.Repeat<long?>(1, intervals)]);
            var now = Start + Duration.FromMinutes(minutes);

            var shifted = Recordings.ShiftTo([recording], now).Single();

            var by = shifted.Intervals[0].Start - recording.Intervals[0].Start;
            (by.TotalDays % 7).Should().Be(0);
            shifted.Intervals[^1].End.Should().BeLessThanOrEqualTo(now).And.BeGreaterThan(now - Duration.FromDays(7));
            shifted.TotalWh.Should().Be(recording.TotalWh);
        });

    [Fact]
    public void Cutting_keeps_whole_intervals_only_and_drops_households_without_any()
    {
        var late = Series("late", null, null, null, 5);

        var cut = Recordings.Cut([Series("h", 1, 2, 3), late], Start + Duration.FromMinutes(10), Start + (3 * HalfHour)).Single();

        cut.Household.Should().Be("h");
        cut.Intervals.Select(i => i.Wh).Should().Equal(2, 3);
    }

    [Fact]
    public void Forty_five_recorded_homes_lose_no_watt_hour_between_their_gaps()
    {
        var recording = RecordingFile.Open(Checkout.Neighbouring("data", "households", "sgsc-30min-wh.csv.gz")).ReadSeries();
        recording.Should().HaveCount(45);
        foreach (var series in recording)
        {
            var messages = Replay.Messages([series], 1, 1, Options()).ToArray();
            var spans = new List<long>();
            (long First, long Last)? span = null;
            foreach (var message in messages)
            {
                if (message.Kind == TopicKind.Events)
                {
                    spans.Add(span!.Value.Last - span.Value.First);
                    span = null;
                    continue;
                }

                foreach (var reading in JsonReadings.Decode(message.Payload).Readings)
                    span = (span?.First ?? reading.Registers.ImportWh, reading.Registers.ImportWh);
            }

            spans.Add(span!.Value.Last - span.Value.First);
            spans.Should().Equal(GapFreeSums(series));
        }
    }

    private static IEnumerable<long> GapFreeSums(IntervalSeries series)
    {
        var (sum, end) = (0L, series.Intervals[0].Start);
        foreach (var interval in series.Intervals)
        {
            if (interval.Start != end)
            {
                yield return sum;
                sum = 0;
            }

            (sum, end) = (sum + interval.Wh, interval.End);
        }

        yield return sum;
    }

    private static IntervalSeries Series(string household, params long?[] halfHours) => new(household,
        [.. halfHours.Select((wh, i) => (wh, i)).Where(x => x.wh is not null)
            .Select(x => new IntervalEnergy(household, Start + (x.i * HalfHour), Start + ((x.i + 1) * HalfHour), x.wh!.Value))]);

    private static Reading[] Readings(IEnumerable<ReplayMessage> messages) =>
        [.. messages.Where(m => m.Kind == TopicKind.Readings).SelectMany(m =>
        {
            var decoded = JsonReadings.Decode(m.Payload);
            decoded.Faulty.Should().BeEmpty();
            decoded.Seq.Should().Be(m.Seq);
            return decoded.Readings;
        })];

    private static ReplayOptions Options() => new() { GatewayOf = _ => GatewayName.Parse("gw-rec"), SecretOf = _ => "" };
}
